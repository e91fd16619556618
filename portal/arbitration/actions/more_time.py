"""What hangs on a deadline that moved: what the lists show, the time to appeal, the seats, and whose time it is."""

from collections.abc import Sequence
from datetime import datetime

from portal import deadlines, review
from portal.arbitration import queries
from portal.arbitration.actions.moving import record, show_due, tell
from portal.arbitration.actions.writing import write
from portal.arbitration.models import Arbitration
from portal.audit import SYSTEM
from portal.deadlines import Moved
from portal.deadlines.models import Deadline

TO_SHOP = {"file_appeal": "arbitration.more_time_to_appeal"}


def time_moved(batch: Sequence[Deadline], *, at: datetime) -> list[Moved]:
    """Sides are heard, can go on, or get a ruling until a later day; those that moved."""
    found = queries.by_ids([deadline.subject_id for deadline in batch])
    moved = deadlines.recount_all(batch, at=at)
    for one in moved:
        _follow(found[one.deadline.subject_id], one, at)
    return moved


def _follow(arbitration: Arbitration, one: Moved, at: datetime) -> None:
    kind, due_at = one.deadline.kind, one.due_at.isoformat()
    if kind == "file_appeal" and arbitration.appeal_window == "open":
        arbitration.appeal_due_at = one.due_at
    show_due(arbitration, at)
    if kind == "decision":
        review.move_due("arbitration", arbitration.id, due_at=one.due_at)
    record(arbitration, "more_time", by=SYSTEM, at=at, data=one.said)
    if one.deadline.party == "merchant":
        tell(arbitration, TO_SHOP.get(kind, "arbitration.more_time"), at=at, once=due_at, due_at=due_at)
    elif one.deadline.party == "buyer":
        write(arbitration, "buyer.more_time", at=at, once=due_at, due_at=due_at)
