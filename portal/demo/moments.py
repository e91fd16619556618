"""When things happened: told backwards from when something is due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal import deadlines
from portal.policies import Spec

HERE = ZoneInfo("Asia/Shanghai")
FARTHEST = 45


def days_ago(now: datetime, days: int, hour: int, minute: int) -> datetime:
    """A time of day so many days before today, in Beijing, and never in the future."""
    there = now.astimezone(HERE).replace(hour=hour, minute=minute, second=0, microsecond=0) - timedelta(days=days)
    return min(there, now - timedelta(minutes=20)).astimezone(now.tzinfo)


def begun(now: datetime, spec: Spec, party: str, version_id: int, *, hours: int, clock: tuple[int, int]) -> datetime:
    """When a window of this party began that is due about `hours` from now: ahead if positive, past if not.

    It began at `clock` (hour and minute) of its day.
    """
    best, wanted = None, now + timedelta(hours=hours)
    calendar_id = deadlines.calendar_for(version_id, party)
    for days in range(FARTHEST):
        at = days_ago(now, days, *clock)
        due_at = deadlines.preview(
            spec, party=party, at=at, policy_version_id=version_id, calendar_version_id=calendar_id
        ).due_at
        on_this_side = (due_at > now) == (hours > 0)
        if on_this_side and (best is None or abs(due_at - wanted) < best[0]):
            best = (abs(due_at - wanted), at)
    assert best is not None
    return best[1]
