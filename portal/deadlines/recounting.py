"""A deadline counted once more: to see that it is what its rule gives, and when the holidays of a year are known.

What was counted before they were is provisional. The same function counts it again, from its own start and rule, on the
newest calendar; the end only ever moves later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.db import session
from portal.deadlines import calendars, workdays
from portal.deadlines.actions import extend
from portal.deadlines.calendars import calendar
from portal.deadlines.models import Deadline
from portal.deadlines.opendays import Calendar
from portal.deadlines.pauses import replayed
from portal.deadlines.queries import Place, Running, explanation, extensions, live_now, to_recount
from portal.deadlines.workdays import Due
from portal.policies import Spec

CAUSE = "calendar"


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that runs and is due later than it was."""

    deadline: Deadline
    old_due: datetime

    @property
    def due_at(self) -> datetime:
        """Until when it runs now."""
        return self.deadline.due_at

    @property
    def said(self) -> dict[str, str]:
        """What the history of its case says of it."""
        return {
            "deadline": self.deadline.kind,
            "party": self.deadline.party,
            "old_due": self.old_due.isoformat(),
            "new_due": self.due_at.isoformat(),
            "cause": CAUSE,
        }


def unsettled(limit: int, after: Place | None = None, *, until: datetime | None = None) -> list[Place]:
    """The next deadlines that may have to move, because years are known now that were not when they were counted.

    With `until`, only those that run and are due by then.
    """
    old = calendars.outdated()
    return to_recount(list(old), limit, after, until) if old else []


def would_move(batch: Iterable[Running]) -> set[int]:
    """The ids of those that are due later by what is known now: nobody's silence is held against them yet."""
    provisional = [one.id for one in batch if one.provisional]
    outdated = _outdated(live_now(provisional)) if provisional else []
    return {one.id for one, version in outdated if _counted(one, calendar(version)).due_at > one.due_at}


def _outdated(batch: Iterable[Deadline]) -> list[tuple[Deadline, int]]:
    """The provisional ones for which there is a calendar that knows more, each with its newest version."""
    provisional = [deadline for deadline in batch if deadline.provisional]
    old = calendars.outdated() if provisional else {}
    found = ((deadline, old.get(deadline.calendar_version_id or 0)) for deadline in provisional)
    return [(deadline, version) for deadline, version in found if version]


def recount_all(batch: Sequence[Deadline], *, at: datetime) -> list[Moved]:
    """Count each anew on the newest calendar, as it is now; those that run and are due later. Twice does it once.

    The caller has locked the cases, and lets them follow. One that is paused has other days left to go on with.
    """
    moved = []
    for deadline, version in _outdated(live_now([deadline.id for deadline in batch])):
        was = deadline.due_at
        _renew(deadline, version, at)
        if deadline.due_at > was and deadline.state == "running":
            moved.append(Moved(deadline, was))
    session().flush()
    return moved


def _renew(deadline: Deadline, version: int, at: datetime) -> None:
    counted = _counted(deadline, calendar(version))
    deadline.provisional = counted.provisional
    if counted.due_at < deadline.due_at:  # what was promised stands, and is explained as it was
        return
    if counted.due_at > deadline.due_at:
        extend(deadline, to=counted.due_at, cause=CAUSE, by="system", at=at)
    deadline.calendar_version_id, deadline.explain = version, workdays.plain(counted.days)
    if deadline.paused_at is not None:
        deadline.remaining = workdays.remaining(
            deadline.paused_at, deadline.due_at, _spec(deadline), calendar(version)
        ).n


def by_rule(deadline: Deadline, calendar_version_id: int | None = None) -> Due:
    """When it is due, and by which days, by its own rule and its calendar, or another one: before anything moved it."""
    version = calendar_version_id or deadline.calendar_version_id
    assert version is not None
    return workdays.due(deadline.starts_at, _spec(deadline), calendar(version))


def explains(deadline: Deadline, counted: Due) -> bool:
    """Whether the days it shows are those that were `counted` by its rule, or those by a later version of its calendar.

    One that was moved shows days that can't be counted anew from its row; of that, whether it shows any.
    """
    if counted.due_at != deadline.due_at or not deadline.explain:
        return bool(deadline.explain)
    if deadline.explain == workdays.plain(counted.days):
        return True
    later = calendars.later_versions(deadline.calendar_version_id)
    anew = [by_rule(deadline, version) for version in later]
    return any((one.due_at, workdays.plain(one.days)) == (deadline.due_at, deadline.explain) for one in anew)


def recounted(deadline: Deadline, counted: Due | None = None) -> datetime:
    """When it must be due by its own rule and calendar and what moved it; anything but `due_at` is a fault.

    `counted` is what its rule alone gives, if that is known.
    """
    due_at = (counted or by_rule(deadline)).due_at
    moved = extensions(deadline) if due_at != deadline.due_at else []
    if any(extension.cause == CAUSE for extension in moved):
        assert deadline.calendar_version_id is not None
        here = calendar(deadline.calendar_version_id)
        due_at = _counted(deadline, here).due_at  # with the pauses before it, by a calendar that they didn't know
    for extension in moved if due_at != deadline.due_at else ():
        due_at = extension.new_due if extension.old_due == due_at else due_at
    return due_at


def _counted(deadline: Deadline, here: Calendar) -> Due:
    return replayed(deadline.starts_at, _spec(deadline), here, explanation(deadline))


def _spec(deadline: Deadline) -> Spec:
    return Spec.from_dict(deadline.spec)
