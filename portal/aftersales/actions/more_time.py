"""What hangs on a deadline that moved: the due instant of its case, the history, and whose time it is."""

from collections.abc import Sequence
from datetime import datetime

from portal import audit, deadlines, messages
from portal.aftersales import queries
from portal.aftersales.actions.telling import notice
from portal.aftersales.actions.writing import News, to_buyers
from portal.aftersales.models import AfterSale
from portal.audit import SYSTEM, Entry
from portal.db import session
from portal.deadlines import Moved
from portal.deadlines.models import Deadline

BOTH = ("negotiation",)
"""The time of both sides, though the row says it is the platform's."""


def time_moved(batch: Sequence[Deadline], *, at: datetime) -> None:
    """Cases wait until a later day: each shows the earliest that runs, and whoever has more time is told."""
    cases = queries.by_ids([deadline.subject_id for deadline in batch])
    moved = [(cases[one.deadline.subject_id], one) for one in deadlines.recount_all(batch, at=at)]
    running = queries.clocks(list(cases))
    for case, _one in moved:
        if case.status != "in_arbitration":  # there it is the hearing's to say
            case.due_at = min(deadline.due_at for deadline in running[case.id])
    session().flush()
    audit.record_all(
        [Entry(case.ref, "aftersale.more_time", at, SYSTEM, case.status, case.status, one.said) for case, one in moved]
    )
    shops = [_to_shop(case, one, at) for case, one in moved if _is_of("merchant", one)]
    buyers = to_buyers([_to_buyer(case, one, at) for case, one in moved if _is_of("buyer", one)])
    messages.tell_all([*shops, *buyers])


def _is_of(party: str, one: Moved) -> bool:
    return one.deadline.party == party or one.deadline.kind in BOTH


def _to_shop(case: AfterSale, one: Moved, at: datetime) -> messages.Told:
    to, once = messages.to_shop(case.shop_id), str(one.due_at)
    return notice(case, "aftersale.more_time", to, at, once=once, due_at=one.due_at)


def _to_buyer(case: AfterSale, one: Moved, at: datetime) -> News:
    return News(case, "buyer.more_time", at, {"due_at": one.due_at.isoformat()}, once=str(one.due_at))
