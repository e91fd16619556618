"""What becomes of a deadline: met, cancelled, run out, moved, paused."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Update, bindparam, update

from portal import many
from portal.db import Instant, forget, session
from portal.deadlines import workdays
from portal.deadlines.calendars import calendar
from portal.deadlines.lifecycle import LIVE, next_reminder
from portal.deadlines.models import Deadline, DeadlineExtension
from portal.deadlines.opendays import Calendar
from portal.deadlines.pauses import spliced
from portal.deadlines.queries import Running, explanation, live
from portal.policies import Spec
from portal.refusals import Overtaken, Refused

RUNNING = update(Deadline).where(Deadline.state == "running").values(version=Deadline.version + 1)
EXPIRE = RUNNING.values(state="expired", closed_at=Deadline.due_at, remind_at=None)
REMIND_NEXT = RUNNING.values(remind_at=bindparam("following", type_=Instant))


def meet(deadline: Deadline, *, at: datetime) -> None:
    """The party has acted; raises `Overtaken` if the deadline no longer runs."""
    _close(deadline, "met", at)


def cancel(deadline: Deadline, *, at: datetime) -> None:
    """Nobody has to act any more; raises `Overtaken` if the deadline is closed already."""
    _close(deadline, "cancelled", at)


def cancel_all(subject_type: str, subject_id: int, *, at: datetime) -> None:
    """Cancel whatever still runs for this subject."""
    for deadline in live(subject_type, subject_id):
        cancel(deadline, at=at)


def expire_all(batch: Sequence[Running]) -> None:
    """The time of each is over, and was at `due_at`; one statement for all. `Overtaken` if one no longer runs."""
    _change_all(EXPIRE, batch)


def reminded(batch: Sequence[Running], *, at: datetime) -> None:
    """Whoever is to act has been reminded; the next reminder is the earliest still ahead."""
    together: dict[datetime | None, list[Running]] = {}
    for deadline in batch:
        together.setdefault(next_reminder(deadline.due_at, deadline.reminders, at), []).append(deadline)
    for following, group in together.items():
        _change_all(REMIND_NEXT, group, following=following)


def extend(deadline: Deadline, *, to: datetime, cause: str, by: str, at: datetime, note: str = "") -> None:
    """Move the end to a later instant and write down why; a due date once shown is never brought forward.

    One that is paused has another end to go on to, and nobody is reminded of it meanwhile.
    """
    if to <= deadline.due_at:
        raise Refused("only_later", due_at=deadline.due_at)
    if deadline.state not in LIVE:
        raise Overtaken
    _move(deadline, to, cause, by, at, note)
    if deadline.state == "running":
        deadline.remind_at = next_reminder(to, deadline.reminders, at)


def pause(deadline: Deadline, *, at: datetime) -> None:
    """Stop the clock; what is left are the days after this one, up to the last."""
    if deadline.state != "running":
        raise Overtaken
    left = workdays.remaining(at, deadline.due_at, Spec.from_dict(deadline.spec), _calendar(deadline))
    deadline.state, deadline.paused_at, deadline.remaining, deadline.remind_at = "paused", at, left.n, None


def resume(deadline: Deadline, *, at: datetime, by: str = "system") -> None:
    """Let the clock go on; what was left is counted anew from this day, and the end never comes nearer by it."""
    if deadline.state != "paused" or deadline.paused_at is None or deadline.remaining is None:
        raise Overtaken
    spec = Spec.from_dict(deadline.spec)
    left = replace(spec, n=deadline.remaining) if deadline.remaining else Spec("calendar_days", 0, roll=True)
    counted = workdays.due(at, left, _calendar(deadline))
    if counted.due_at > deadline.due_at:
        here = _calendar(deadline)
        days = spliced(
            explanation(deadline), counted.days, here.day_of(deadline.paused_at), here.day_of(at), spec.n - left.n
        )
        _move(deadline, counted.due_at, "pause", by, at, "")
        deadline.explain = workdays.plain(days)
        deadline.provisional = deadline.provisional or counted.provisional
    deadline.state, deadline.paused_at, deadline.remaining = "running", None, None
    deadline.remind_at = next_reminder(deadline.due_at, deadline.reminders, at)


def set_aside(key: int, *, why: str, at: datetime) -> None:
    """Take a deadline out of the sweep's way, for a person to look at; it stays due."""
    session().execute(
        update(Deadline)
        .where(Deadline.id == key, Deadline.state == "running")
        .values(set_aside_at=at, set_aside_why=why[:500], version=Deadline.version + 1)
        .execution_options(synchronize_session=False)
    )


def stop_reminding(key: int) -> None:
    """Give up the reminders of a deadline; its end is not touched."""
    session().execute(
        update(Deadline)
        .where(Deadline.id == key)
        .values(remind_at=None, version=Deadline.version + 1)
        .execution_options(synchronize_session=False)
    )


def take_up_again(deadlines: Iterable[Deadline]) -> None:
    """Give what was set aside back to the sweep, once its cause is gone."""
    for deadline in deadlines:
        deadline.set_aside_at, deadline.set_aside_why = None, None


def _close(deadline: Deadline, state: str, at: datetime) -> None:
    if deadline.state not in ("running", "paused"):
        raise Overtaken
    deadline.state, deadline.closed_at, deadline.remind_at = state, at, None
    deadline.paused_at, deadline.remaining = None, None


def _move(deadline: Deadline, to: datetime, cause: str, by: str, at: datetime, note: str) -> None:
    session().add(
        DeadlineExtension(
            deadline_id=deadline.id, old_due=deadline.due_at, new_due=to, cause=cause, by=by, at=at, note=note
        )
    )
    deadline.due_at = to


def _calendar(deadline: Deadline) -> Calendar:
    assert deadline.calendar_version_id is not None
    return calendar(deadline.calendar_version_id)


def _change_all(how: Update, batch: Sequence[Running], **values: Any) -> None:
    ids = [deadline.id for deadline in batch]
    many.change(how, Deadline.id, ids, values)
    forget(Deadline, ids)
