"""Who still has to act is late, or is reminded before: time alone decides nothing here."""

from collections.abc import Sequence
from datetime import datetime

from portal import accounts, audit, deadlines, messages, penalties
from portal.appeals import notices, queries, subjects
from portal.appeals.actions.ending import closes_by_itself, news
from portal.appeals.models import Appeal
from portal.audit import SYSTEM, Entry
from portal.db import session
from portal.deadlines import Running


def flag_overdue(batch: Sequence[Running], *, at: datetime) -> None:
    """Show both sides that the review is late and wake the leads; time never decides a case."""
    deadlines.expire_all(batch)
    due = {deadline.subject_id: deadline.due_at for deadline in batch}
    appeals = list(queries.by_ids(list(due)).values())
    leads = accounts.leads()
    for appeal in appeals:
        if appeal.status == "completed":  # its human review is late; the row stays as it is
            continue
        appeal.overdue = True
        subjects.of(appeal).overdue(at=due[appeal.id])
    session().flush()
    audit.record_all([Entry(a.ref, "appeal.overdue", due[a.id], SYSTEM, a.status, a.status) for a in appeals])
    messages.tell_all(
        [news(a, "appeal.overdue", due[a.id], once=_again(a)) for a in appeals]
        + [news(a, "review.overdue", due[a.id], lead, once=_again(a)) for a in appeals for lead in leads]
    )


def _again(appeal: Appeal) -> str:
    """Tells a late human review from a late review before it."""
    return "human" if appeal.status == "completed" else ""


def human_review_over(batch: Sequence[Running], *, at: datetime) -> None:
    """Nobody asked for a person in time: what the machine decided stays as it is."""
    deadlines.expire_all(batch)


def remind_supplement(batch: Sequence[Running], *, at: datetime) -> None:
    """Remind the merchants whose evidence is still awaited."""
    appeals = queries.swept([deadline.subject_id for deadline in batch])
    messages.tell_all(
        [
            news(
                a,
                notices.asked("appeal.supplement_reminder", closes=closes_by_itself(a)),
                at,
                once=str(d.remind_at),
                due_at=d.due_at.isoformat(),
            )
            for d in batch
            if (a := appeals[d.subject_id]).status == "needs_evidence"
        ]
    )


def remind_filing(batch: Sequence[Running], *, at: datetime) -> None:
    """Remind the merchants whose penalty is still without an appeal."""
    penalties.remind_of_window(batch, at=at)
