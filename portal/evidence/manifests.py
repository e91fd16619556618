"""The list of what was handed in, and its fingerprint."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from portal.audit import canonical
from portal.evidence.models import EvidenceItem, Submission


def manifest(items: Sequence[EvidenceItem]) -> list[dict[str, Any]]:
    """What a submission says of its exhibits: enough to prove later which bytes were handed in for what."""
    return [
        {
            "label": item.exhibit_label,
            "ref": item.ref,
            "requirement": item.requirement_code,
            "title": item.title,
            "name": item.file.name,
            "media_type": item.file.media_type,
            "size": item.file.size,
            "sha256": item.file.sha256,
        }
        for item in items
    ]


def fingerprint(listed: Sequence[Mapping[str, Any]]) -> str:
    """The SHA-256 of a manifest in its canonical form."""
    return hashlib.sha256(canonical([dict(entry) for entry in listed])).hexdigest()


def words_sha256(submission: Submission) -> str:
    """The SHA-256 of what a submission says itself: ground, statement and declarations, in canonical form."""
    said = [submission.ground_code, submission.statement, submission.declarations]
    return hashlib.sha256(canonical(said)).hexdigest()
