"""What is checked and cleared away when nobody asks: every byte against its row, and files no row knows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select

from portal import many
from portal.db import session
from portal.evidence import places
from portal.evidence.manifests import fingerprint, manifest
from portal.evidence.models import EvidenceItem, StoredFile, Submission

ORPHANED = timedelta(hours=24)
_SAYS = {"missing": "is missing", "cut": "is not as long as it was", "flipped": "was changed"}
_AT_ONCE = 500


def faults() -> Iterator[str]:
    """What is wrong with each file or manifest: named by its exhibits, or its hash when no case shows it any more."""
    store = places.store()
    ask = select(StoredFile.sha256, StoredFile.size).distinct().order_by(StoredFile.sha256)
    for sha256, size in session().execute(ask.execution_options(yield_per=_AT_ONCE)):
        fault = store.fault(sha256, size)
        if fault:
            yield f"evidence {_exhibits(sha256)}: its file {sha256[:12]} {_SAYS[fault]}"
    yield from _manifest_faults()


def sweep_orphans(*, at: datetime) -> int:
    """Remove files older than a day that no row names, such as those of a request that was rolled back; say how many.

    Opens no unit of work. A file that is kept anew meanwhile stays.
    """
    store, copies, gone = places.store(), (places.previews(), places.bare()), 0
    kept = store.kept()
    while batch := list(islice(kept, _AT_ONCE)):
        known = set(session().scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(batch))))
        for sha256 in set(batch) - known:
            if store.forget(sha256, before=at - ORPHANED):
                for kind in copies:
                    kind.forget(sha256)
                gone += 1
    return gone


def _exhibits(sha256: str) -> str:
    ask = select(EvidenceItem.ref).join(StoredFile).where(StoredFile.sha256 == sha256).order_by(EvidenceItem.id)
    return ", ".join(session().scalars(ask)) or sha256


def _manifest_faults() -> Iterator[str]:
    every = select(Submission).order_by(Submission.id).execution_options(yield_per=_AT_ONCE)
    for some in session().scalars(every).partitions():
        sealed = _sealed(some)
        for submission in some:
            name = f"submission {submission.seq} of {submission.case_type} {submission.case_id}"
            if fingerprint(submission.manifest) != submission.manifest_sha256:
                yield f"{name}: its manifest was changed"
            elif manifest(sealed[submission.id]) != submission.manifest:
                yield f"{name}: its exhibits are not those of its manifest"


def _sealed(some: Sequence[Submission]) -> Mapping[int | None, list[EvidenceItem]]:
    """The exhibits of these submissions, found by their case, because nothing else leads to them."""
    same_case = (EvidenceItem.case_type == Submission.case_type) & (EvidenceItem.case_id == Submission.case_id)
    ask = select(EvidenceItem).join(Submission, same_case & (EvidenceItem.submission_id == Submission.id))
    found: dict[int | None, list[EvidenceItem]] = defaultdict(list)
    for item in session().scalars(
        ask.where(many.among(Submission.id, [one.id for one in some])).order_by(EvidenceItem.id)
    ):
        found[item.submission_id].append(item)
    return found
