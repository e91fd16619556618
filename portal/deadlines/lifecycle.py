"""When something may still be done, when people are reminded, and what may run out: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SWEEP_GRACE = timedelta(seconds=10)
"""How long after the due instant the sweep waits: longer than any request that arrived in time can hold a lock."""

LONGEST_LAG = timedelta(hours=1)
"""If the sweep comes later than this, the next party's time begins when it came, and not before anybody could know."""

LIVE = ("running", "paused")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the verb knows of the party's chance to act: each entry of `against` is a cause not to close yet."""

    against: tuple[str, ...] = ()


def in_time(due_at: datetime, at: datetime) -> bool:
    """Whether an act that arrived at this instant is in time: the due instant is the first that is too late."""
    return at < due_at


def may_close(due_at: datetime, facts: Facts, at: datetime) -> bool:
    """Whether the silence of a party may be held against it: its time is over and nothing speaks for a longer one."""
    return not in_time(due_at, at) and not facts.against


def next_from(due_at: datetime, at: datetime) -> datetime:
    """When the next party's time begins after a deadline which a sweep at this instant found over."""
    return at if at - due_at > LONGEST_LAG else due_at


def next_reminder(due_at: datetime, hours: Iterable[int], after: datetime) -> datetime | None:
    """The earliest reminder still ahead, each being so many hours before the end; None if all are past."""
    return min((at for at in (due_at - timedelta(hours=ahead) for ahead in hours) if at > after), default=None)
