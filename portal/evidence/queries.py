"""Which exhibits a case has, and what was handed in."""

from datetime import datetime

from sqlalchemy import Select, func, select

from portal.db import session
from portal.evidence.models import EvidenceItem, StoredFile, Submission


def items_of(
    case_type: str, case_id: int, *, party: str | None = None, requirement: str | None = None, state: str | None = None
) -> list[EvidenceItem]:
    """The exhibits of a case in the order they came; of one party, requirement or state if asked."""
    ask = select(EvidenceItem).where(EvidenceItem.case_type == case_type, EvidenceItem.case_id == case_id)
    if party is not None:
        ask = ask.where(EvidenceItem.owner_party == party)
    if requirement is not None:
        ask = ask.where(EvidenceItem.requirement_code == requirement)
    if state is not None:
        ask = ask.where(EvidenceItem.state == state)
    return list(session().scalars(ask.order_by(EvidenceItem.id)))


def item_of(case_type: str, case_id: int, ref: str) -> EvidenceItem | None:
    """The exhibit with this ref, if it is one of this case."""
    return session().scalar(
        select(EvidenceItem).where(
            EvidenceItem.ref == ref, EvidenceItem.case_type == case_type, EvidenceItem.case_id == case_id
        )
    )


def count_of(case_type: str, case_id: int, party: str, state: str, since: datetime | None = None) -> int:
    """How many exhibits in this state this party has in the case; of sealed ones, those handed in `since` if asked."""
    ask = select(func.count()).select_from(EvidenceItem).where(EvidenceItem.state == state)
    if since is not None:
        ask = ask.where(EvidenceItem.sealed_at >= since)
    return session().scalar(_of_party(ask, case_type, case_id, party)) or 0


def has_file(case_type: str, case_id: int, party: str, requirement: str | None, sha256: str) -> bool:
    """Whether this very file is among the party's exhibits for this requirement."""
    ask = select(func.count()).select_from(EvidenceItem).join(StoredFile)
    ask = _of_party(ask, case_type, case_id, party)
    ask = ask.where(StoredFile.sha256 == sha256, EvidenceItem.requirement_code.is_not_distinct_from(requirement))
    return bool(session().scalar(ask))


def submissions_of(case_type: str, case_id: int) -> list[Submission]:
    """What was handed in for a case, oldest first."""
    ask = select(Submission).where(Submission.case_type == case_type, Submission.case_id == case_id)
    return list(session().scalars(ask.order_by(Submission.id)))


def submission_by_key(key: str) -> Submission | None:
    """What was handed in by the form with this one-time key, so that a resend shows the first answer."""
    return session().scalar(select(Submission).where(Submission.key == key))


def _of_party(ask: Select[int], case_type: str, case_id: int, party: str) -> Select[int]:
    return ask.where(
        EvidenceItem.case_type == case_type, EvidenceItem.case_id == case_id, EvidenceItem.owner_party == party
    )
