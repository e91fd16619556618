"""Adding an exhibit, taking it back, and handing all of them in for good."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.audit import Actor
from portal.db import session
from portal.evidence import queries
from portal.evidence.manifests import fingerprint, manifest
from portal.evidence.models import EvidenceItem, StoredFile, Submission
from portal.evidence.uploads import Received
from portal.refs import new_ref
from portal.refusals import Overtaken, Refused

_LABELS = {"merchant": "A", "buyer": "B", "platform": "P"}


@dataclass(frozen=True)
class Side:
    """One party of one case: whose exhibits are meant."""

    case_type: str
    case_id: int
    shop_id: int
    party: str = "merchant"


@dataclass(frozen=True)
class Said:
    """What is handed in beside the exhibits; `key` is the form's one-time key."""

    kind: str
    key: str
    statement: str = ""
    ground_code: str | None = None
    declarations: Mapping[str, str] = field(default_factory=dict)
    answers_request_id: int | None = None


def attach(
    side: Side,
    file: Received,
    *,
    requirement: str | None,
    max_files: int,
    by: Actor,
    at: datetime,
    before: int = 0,
    title: str = "",
    visibility: str = "own",
) -> EvidenceItem:
    """Stage a received file as an exhibit; it can be taken back until it is handed in.

    `max_files` is the most for one submission; `before` is how many that were handed in already count against it.
    Refused with `too_many_files` or `same_file_twice`. The caller has changed or locked the row of its case before, so
    that two requests don't both find room for the last file.
    """
    if queries.has_file(side.case_type, side.case_id, side.party, requirement, file.sha256):
        raise Refused("same_file_twice", name=file.name)
    if before + queries.count_of(side.case_type, side.case_id, side.party, "staged") >= max_files:
        raise Refused("too_many_files", limit=max_files)
    item = EvidenceItem(
        ref=new_ref("EV", at),
        case_type=side.case_type,
        case_id=side.case_id,
        shop_id=side.shop_id,
        owner_party=side.party,
        requirement_code=requirement,
        title=title or file.name,
        file=_row(file, by, at),
        state="staged",
        visibility=visibility,
        created_at=at,
    )
    session().add(item)
    session().flush()
    return item


def detach(item: EvidenceItem) -> None:
    """Take a staged exhibit back; its file stays on the disk, unseen. Refused once it is sealed."""
    if item.state != "staged":
        raise Refused("evidence_sealed")
    session().delete(item)
    session().flush()


def seal(side: Side, said: Said, *, by: Actor, at: datetime) -> Submission:
    """Hand in all staged exhibits of this side: labelled A1, A2, … on from what was sealed before, and frozen.

    The submission's manifest lists each with its hash, and its own hash covers them all. A key used before, or a race
    lost, raises `Overtaken`.
    """
    items = queries.items_of(side.case_type, side.case_id, party=side.party)
    staged = [item for item in items if item.state == "staged"]
    first = len(items) - len(staged) + 1
    for number, item in enumerate(staged, first):
        item.exhibit_label = f"{_LABELS[side.party]}{number}"
    submission = _submission(side, said, manifest(staged), by, at)
    try:
        session().add(submission)
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
    for item in staged:
        item.submission_id, item.state, item.sealed_at = submission.id, "sealed", at
    session().flush()
    return submission


def _row(file: Received, by: Actor, at: datetime) -> StoredFile:
    return StoredFile(
        sha256=file.sha256,
        size=file.size,
        media_type=file.media_type,
        name=file.name,
        width=file.width,
        height=file.height,
        received_at=at,
        uploader_id=by.person_id,
    )


def _submission(side: Side, said: Said, listed: list[dict[str, Any]], by: Actor, at: datetime) -> Submission:
    before = [s for s in queries.submissions_of(side.case_type, side.case_id) if s.party == side.party]
    return Submission(
        case_type=side.case_type,
        case_id=side.case_id,
        party=side.party,
        kind=said.kind,
        seq=len(before) + 1,
        ground_code=said.ground_code,
        statement=said.statement,
        declarations=dict(said.declarations),
        manifest=listed,
        manifest_sha256=fingerprint(listed),
        key=said.key,
        answers_request_id=said.answers_request_id,
        sealed_at=at,
        sealed_by=by.person_id,
    )
