"""Which deadlines there are, and which of them the sweep must see to.

The conditions on `state` are written out rather than bound: only so do both engines use the partial indexes.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, select, text, tuple_

from portal import many
from portal.db import Instant, Key, rows, session
from portal.deadlines.lifecycle import LIVE, SWEEP_GRACE, in_time
from portal.deadlines.models import Deadline, DeadlineExtension
from portal.deadlines.workdays import Day, days_of
from portal.paging import EPOCH
from portal.refusals import Refused

Place = tuple[datetime, int]
"""Where a walk along an index has arrived: the instant and the id."""


class Running(NamedTuple):
    """A running deadline as the sweep hands it to a verb: plain values, because it hands out thousands."""

    id: int
    subject_type: str
    subject_id: int
    kind: str
    party: str
    due_at: datetime
    remind_at: datetime | None
    reminders: list[int]
    provisional: bool


SWEPT = [getattr(Deadline, name) for name in Running._fields]

IS_RUNNING = text("deadline.state = 'running' AND deadline.set_aside_at IS NULL")
IS_LIVE = text("deadline.state IN ('running', 'paused')")
IS_REMINDED = text("deadline.state = 'running' AND deadline.remind_at IS NOT NULL")

BEFORE_ALL: Place = EPOCH, 0


def _walk(at: Any, *which: Any) -> Select[*tuple[Any, ...]]:
    """The next places along an index beyond one."""
    beyond = tuple_(at, Deadline.id) > tuple_(bindparam("after_at", type_=Instant), bindparam("after_id", type_=Key))
    return (
        select(at, Deadline.id).where(*which, beyond).order_by(at, Deadline.id).limit(bindparam("most", type_=Integer))
    )


_HAS_RUN_OUT = IS_RUNNING, Deadline.due_at <= bindparam("until")
_TO_REMIND = IS_REMINDED, Deadline.remind_at <= bindparam("now"), Deadline.due_at > bindparam("now")
DUE, REMINDED = _walk(Deadline.due_at, *_HAS_RUN_OUT), _walk(Deadline.remind_at, *_TO_REMIND)
ANY_DUE, ANY_REMINDED = (select(Deadline.id).where(*which).limit(1) for which in (_HAS_RUN_OUT, _TO_REMIND))
STILL_DUE, STILL_TO_REMIND = (
    select(*SWEPT).where(*which).order_by(Deadline.due_at, Deadline.id) for which in (_HAS_RUN_OUT, _TO_REMIND)
)


def running(subject_type: str, subject_id: int, kind: str) -> Deadline | None:
    """The deadline of this kind that runs, or None."""
    ask = _of(subject_type, subject_id).where(Deadline.kind == kind, Deadline.state == "running")
    return session().scalar(ask)


def in_force(subject_type: str, subject_id: int, kind: str, *, at: datetime) -> Deadline:
    """The deadline of this kind, if an act at this instant is in time; else refuses with `too_late`."""
    found = running(subject_type, subject_id, kind)
    if found is None or not in_time(found.due_at, at):
        raise Refused("too_late", due_at=found.due_at if found else None)
    return found


def live(subject_type: str, subject_id: int) -> list[Deadline]:
    """Every deadline of this subject that runs or is paused."""
    return list(session().scalars(_of(subject_type, subject_id).where(Deadline.state.in_(LIVE))))


def all_of(subject_type: str, subject_id: int) -> list[Deadline]:
    """Every deadline this subject has had, whatever became of it, oldest first."""
    return list(session().scalars(_of(subject_type, subject_id).order_by(Deadline.id)))


def latest(subject_type: str, subject_id: int, kind: str) -> Deadline | None:
    """The newest deadline of this kind, whatever became of it; it explains a date that was shown."""
    ask = _of(subject_type, subject_id).where(Deadline.kind == kind).order_by(Deadline.id.desc())
    return session().scalar(ask.limit(1))


def explanation(deadline: Deadline) -> tuple[Day, ...]:
    """Why it is due when it is due, day by day."""
    return days_of(deadline.explain)


def extensions(deadline: Deadline) -> list[DeadlineExtension]:
    """What moved it, oldest first."""
    ask = select(DeadlineExtension).where(DeadlineExtension.deadline_id == deadline.id)
    return list(session().scalars(ask.order_by(DeadlineExtension.id)))


def due(now: datetime, limit: int, after: Place | None = None) -> list[Place]:
    """The next deadlines that have run out, the oldest first, beyond the place where the last call ended."""
    return _next(DUE, limit, after, until=now - SWEEP_GRACE)


def any_due(now: datetime) -> bool:
    """Whether a deadline has run out: what a sweep asks when there is nothing to do, twice a minute."""
    return bool(rows(ANY_DUE, until=now - SWEEP_GRACE))


def still_due(ids: Collection[int], now: datetime) -> list[Running]:
    """Those of them that are due now; what somebody settled meanwhile is left out."""
    return [Running._make(row) for row in many.rows(STILL_DUE, Deadline.id, ids, until=now - SWEEP_GRACE)]


def to_recount(
    versions: Collection[int], limit: int, after: Place | None = None, until: datetime | None = None
) -> list[Place]:
    """The next provisional ones that were counted on one of these versions and are not closed, by their due instant.

    With `until`, only those that run and are due by then.
    """
    there = (IS_LIVE,) if until is None else (IS_RUNNING, Deadline.due_at <= until)
    ask = select(Deadline.due_at, Deadline.id).where(*there, Deadline.provisional)
    ask = ask.where(Deadline.calendar_version_id.in_(versions))
    if after is not None:
        ask = ask.where(tuple_(Deadline.due_at, Deadline.id) > after)
    return [(at, key) for at, key in session().execute(ask.order_by(Deadline.due_at, Deadline.id).limit(limit))]


def live_now(ids: Collection[int]) -> list[Deadline]:
    """Those of them that are not closed, whole and as they are now, in the order of their ids."""
    ask = select(Deadline).where(IS_LIVE, many.among(Deadline.id, ids)).order_by(Deadline.id)
    return list(session().scalars(ask.execution_options(populate_existing=True)))


def any_still_due(ids: Collection[int], now: datetime) -> bool:
    """Whether one of them is due now, as the open unit of work sees it."""
    return bool(many.rows(ANY_DUE, Deadline.id, ids, until=now - SWEEP_GRACE))


def reminders(now: datetime, limit: int, after: Place | None = None) -> list[Place]:
    """The next deadlines of which somebody is to be reminded; not those that have run out meanwhile."""
    return _next(REMINDED, limit, after, now=now)


def any_to_remind(now: datetime) -> bool:
    """Whether somebody is to be reminded of a deadline."""
    return bool(rows(ANY_REMINDED, now=now))


def still_to_remind(ids: Collection[int], now: datetime) -> list[Running]:
    """Those of them of which somebody is to be reminded now."""
    return [Running._make(row) for row in many.rows(STILL_TO_REMIND, Deadline.id, ids, now=now)]


def left_aside() -> list[Deadline]:
    """What the sweep could not settle and a person must look at, the oldest first."""
    ask = select(Deadline).where(Deadline.set_aside_at.is_not(None), Deadline.state == "running")
    return list(session().scalars(ask.order_by(Deadline.due_at)))


def faults() -> Iterator[str]:
    """The deadlines that a sweep could not settle: each waits for a person."""
    for one in left_aside():
        whose = f"{one.kind} of {one.subject_type} {one.subject_id}"
        yield f"deadline {one.id} ({whose}) waits for a person: {one.set_aside_why}"


def _of(subject_type: str, subject_id: int) -> Select[Deadline]:
    return select(Deadline).where(Deadline.subject_type == subject_type, Deadline.subject_id == subject_id)


def _next(ask: Select[*tuple[Any, ...]], limit: int, after: Place | None, **params: Any) -> list[Place]:
    at, key = after or BEFORE_ALL
    return [(row[0], row[1]) for row in rows(ask, after_at=at, after_id=key, most=limit, **params)]
