"""What time alone does: an answer that is late is shown as late and wakes the leads; time never answers.

The time is the platform's: when it moves the page and the history say so, and nobody has anything to do.
"""

from collections.abc import Sequence
from datetime import datetime

from portal import audit, deadlines
from portal.audit import SYSTEM
from portal.deadlines import Running
from portal.deadlines.models import Deadline
from portal.redress import queries
from portal.redress.actions.telling import tell_party, wake_leads
from portal.redress.models import Complaint, DisclosureRequest


def complaint_overdue(batch: Sequence[Running], *, at: datetime) -> None:
    """A complaint should have been answered by now."""
    found = queries.by_ids(Complaint, [deadline.subject_id for deadline in batch])
    deadlines.expire_all(batch)
    for deadline in batch:
        row, due_at = found[deadline.subject_id], deadline.due_at
        row.overdue = True
        audit.record(row.ref, "complaint.overdue", by=SYSTEM, at=due_at, moved=("open", "open"))
        tell_party(row, "complaint.overdue", at=due_at, case_type="complaint", party=row.party)
        wake_leads(row, "complaint.overdue_lead", at=due_at, case_type="complaint", due_at=due_at)


def disclosure_overdue(batch: Sequence[Running], *, at: datetime) -> None:
    """A request to be shown what was relied on should have been answered by now."""
    found = queries.by_ids(DisclosureRequest, [deadline.subject_id for deadline in batch])
    deadlines.expire_all(batch)
    for deadline in batch:
        row, due_at = found[deadline.subject_id], deadline.due_at
        row.overdue = True
        said = {"request": row.ref, "party": row.party}
        audit.record(row.case_ref, "redress.disclosure_overdue", by=SYSTEM, at=due_at, data=said, audience=row.party)
        tell_party(row, "disclosure.overdue", at=due_at, case_type="disclosure", party=row.party)
        wake_leads(row, "disclosure.overdue_lead", at=due_at, case_type="disclosure", due_at=due_at)


def complaint_moved(batch: Sequence[Deadline], *, at: datetime) -> None:
    """A complaint is to be answered by a later day."""
    found = queries.by_ids(Complaint, [deadline.subject_id for deadline in batch])
    for one in deadlines.recount_all(batch, at=at):
        row = found[one.deadline.subject_id]
        row.due_at = one.due_at
        audit.record(row.ref, "complaint.more_time", by=SYSTEM, at=at, moved=("open", "open"), data=one.said)


def disclosure_moved(batch: Sequence[Deadline], *, at: datetime) -> None:
    """A request to be shown what was relied on is to be answered by a later day."""
    found = queries.by_ids(DisclosureRequest, [deadline.subject_id for deadline in batch])
    for one in deadlines.recount_all(batch, at=at):
        row = found[one.deadline.subject_id]
        row.due_at = one.due_at
        said = {**one.said, "request": row.ref, "party": row.party}
        audit.record(row.case_ref, "redress.disclosure_more_time", by=SYSTEM, at=at, data=said, audience=row.party)
