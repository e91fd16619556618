"""What time alone does to arbitrations: stamped with the due instant and not with the sweep's."""

from collections.abc import Sequence
from datetime import datetime

from portal import accounts, deadlines, messages
from portal.arbitration import lifecycle, queries
from portal.arbitration.actions.hearing import advance, heard
from portal.arbitration.actions.moving import record, show_due, tell
from portal.arbitration.actions.seconding import window_over
from portal.arbitration.actions.writing import write
from portal.arbitration.models import Arbitration
from portal.audit import SYSTEM
from portal.deadlines import Running

TO_SHOP = {"file_appeal": "arbitration.appeal_reminder", "re_review": "arbitration.re_review_reminder"}
TO_BUYER = {"re_review": "buyer.re_review_reminder"}
"""How a side is reminded that it can go on; all other reminders are of the hearing, in which it is awaited."""


def hearing_over(batch: Sequence[Running], *, at: datetime) -> None:
    """The time of a party to hand in is over; its silence is written down and blocks nothing."""
    found = queries.by_ids([deadline.subject_id for deadline in batch])
    deadlines.expire_all(batch)
    ordered = sorted(batch, key=lambda one: (one.due_at, one.id))
    for deadline in ordered:  # before any of them moves on, which begins a stage in which nobody was heard
        if deadline.party not in heard(found[deadline.subject_id]):
            said = {"party": deadline.party, "deadline": deadline.kind}
            record(found[deadline.subject_id], "silent", by=SYSTEM, at=deadline.due_at, data=said)
    last = {deadline.subject_id: deadline.due_at for deadline in ordered}
    for subject_id, due_at in last.items():
        if found[subject_id].status in lifecycle.HEARING:
            advance(found[subject_id], by=SYSTEM, at=due_at, clock_from=deadlines.next_from(due_at, at))
        else:
            show_due(found[subject_id], due_at)


def second_instance_over(batch: Sequence[Running], *, at: datetime) -> None:
    """The time of losers to go on is over."""
    found = queries.by_ids([deadline.subject_id for deadline in batch])
    deadlines.expire_all(batch)
    for deadline in sorted(batch, key=lambda one: (one.due_at, one.id)):
        begins = deadlines.next_from(deadline.due_at, at)
        window_over(found[deadline.subject_id], deadline.party, by=SYSTEM, at=deadline.due_at, clock_from=begins)


def flag_overdue(batch: Sequence[Running], *, at: datetime) -> None:
    """Show both sides that the ruling is late and wake the leads; time never rules."""
    found = queries.by_ids([deadline.subject_id for deadline in batch])
    deadlines.expire_all(batch)
    leads = accounts.leads()
    for deadline in batch:
        arbitration, due_at = found[deadline.subject_id], deadline.due_at
        arbitration.overdue = True
        show_due(arbitration, due_at)
        record(arbitration, "overdue", by=SYSTEM, at=due_at)
        tell(arbitration, "arbitration.overdue", at=due_at)
        write(arbitration, "buyer.ruling_overdue", at=due_at)
        for lead in leads:
            tell(arbitration, "arbitration.overdue_lead", to=messages.to_person(lead), at=due_at)


def remind(batch: Sequence[Running], *, at: datetime) -> None:
    """Remind the side whose time runs."""
    found = queries.by_ids([deadline.subject_id for deadline in batch])
    for deadline in batch:
        _remind(found[deadline.subject_id], deadline, at)


def _remind(arbitration: Arbitration, deadline: Running, at: datetime) -> None:
    once, due_at = str(deadline.remind_at), deadline.due_at.isoformat()
    if deadline.party == "merchant":
        tell(arbitration, TO_SHOP.get(deadline.kind, "arbitration.reminder"), at=at, once=once, due_at=due_at)
    else:
        write(arbitration, TO_BUYER.get(deadline.kind, "buyer.hearing_reminder"), at=at, once=once, due_at=due_at)
