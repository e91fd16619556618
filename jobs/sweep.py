"""The sweep: what has run out is answered, and who still has to act is reminded.

It decides nothing: every verdict is `arrived_at < due_at`, and what happens here is stamped with the due instant. What
was counted before the holidays of a year were known is counted anew before it can run out.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import structlog

from jobs import app
from jobs.recount import DUE
from jobs.rounds import Round, Swept, by_kind, set_aside, walk
from portal import clock, deadlines, durable
from portal.db import db

log = structlog.get_logger(__name__)


class LeftDueError(Exception):
    """A verb answered, and the deadline is still due: sweeping on would go round in circles."""


def run() -> None:
    """Sweep now."""
    with app().app_context():
        sweep(clock.now())


def sweep(now: datetime) -> Swept:
    """Settle everything due at this instant, the oldest first; several sweeps at once never do a thing twice.

    What has run out can start a deadline that is over as well, so it walks until nothing is left. It comes to the same
    when it is done again, so its units wait for the disk together.
    """
    swept = Swept()
    with durable.together(db.engine):
        if deadlines.any_due(now):
            swept.recounted = walk(DUE, now, swept)
            while settled := walk(EXPIRY, now, swept):
                swept.expired += settled
        if deadlines.any_to_remind(now):
            swept.reminded = walk(REMINDERS, now, swept)
    if swept != Swept():
        log.info("sweep.done", **asdict(swept))
    return swept


def _expire(ids: Sequence[int], now: datetime) -> int:
    due = deadlines.still_due(ids, now)
    later = deadlines.would_move(due)  # known since the first round: the next sweep's
    batch = [deadline for deadline in due if deadline.id not in later]
    for kind, group in by_kind(batch):
        deadlines.answer(*kind).expire(group, at=now)
    if batch and deadlines.any_still_due([deadline.id for deadline in batch], now):
        raise LeftDueError(f"still due after its verb: one of {len(batch)}")
    return len(batch)


def _remind(ids: Sequence[int], now: datetime) -> int:
    batch = deadlines.still_to_remind(ids, now)
    for kind, group in by_kind(batch):
        remind = deadlines.answer(*kind).remind
        if remind is not None:
            remind(group, at=now)
    deadlines.reminded(batch, at=now)
    return len(batch)


def _stop_reminding(key: int, why: str, now: datetime) -> None:
    deadlines.stop_reminding(key)


EXPIRY = Round("expiry", deadlines.due, _expire, set_aside)
REMINDERS = Round("reminders", deadlines.reminders, _remind, _stop_reminding)
