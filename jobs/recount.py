"""What was counted before the holidays of a year were published is counted anew once they are.

Right after the publication for everything that is provisional, and in each sweep for what would run out by the old
count: so nobody's silence is held against them on a day that turned out to be free, however the publication went.
"""

from collections.abc import Sequence
from datetime import datetime

from jobs.rounds import Round, Swept, by_kind, set_aside, walk
from portal import deadlines


def recount(now: datetime) -> Swept:
    """Count anew whatever hangs on years that were published; it never moves earlier, and twice is once."""
    done = Swept()
    done.recounted = walk(ALL, now, done)
    return done


def _all(now: datetime, limit: int, after: deadlines.Place | None) -> list[deadlines.Place]:
    return deadlines.unsettled(limit, after)


def _due(now: datetime, limit: int, after: deadlines.Place | None) -> list[deadlines.Place]:
    return deadlines.unsettled(limit, after, until=now)


def _renew(ids: Sequence[int], now: datetime) -> int:
    batch = deadlines.live_now(ids)
    for kind, group in by_kind(batch):
        follow = deadlines.answer(*kind).moved or deadlines.recount_all
        follow(group, at=now)
    return len(batch)


ALL = Round("calendar", _all, _renew, set_aside, turn=deadlines.await_turn)
DUE = Round("calendar", _due, _renew, set_aside)
