"""When is it due, and why: working-day arithmetic. Pure; an answer depends on nothing but what is passed in.

Day zero, the day on which the window starts, is never counted. A window in days ends with its last day, that is at the
following local midnight; the due instant is exclusive: an act at `t` is in time if `t < due_at`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from portal.deadlines.opendays import ONE_DAY, Calendar
from portal.policies import Spec

LISTED = 31
"""Of a longer count in calendar days only the first and the last days are explained one by one."""


@dataclass(frozen=True, slots=True)
class Day:
    """One line of the explanation.

    `kind`: `start` (day zero), `counted` and `makeup` (with their number), `due` (the last one; without a number when
    an end was rolled on to it), `weekend`, `holiday` and `closed` (not counted), `more` (`number` days left out here).
    `name_zh` and `name_en` name the holiday or the make-up day.
    """

    on: date
    kind: str
    number: int | None = None
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """The answer: the instant, the days that led to it, and whether an unpublished year had a say in it."""

    due_at: datetime
    days: tuple[Day, ...]
    provisional: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return {
            "due_at": self.due_at.isoformat(),
            "days": plain(self.days),
            "provisional": self.provisional,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `to_json` stored."""
        return cls(datetime.fromisoformat(stored["due_at"]), days_of(stored["days"]), stored["provisional"])


def due(start: datetime, spec: Spec, calendar: Calendar) -> Due:
    """When a window that starts at this instant is over, on this calendar."""
    if start.tzinfo is None:
        raise ValueError(f"naive instant {start!r}")
    return COUNTS[spec.mode](start.astimezone(UTC), spec, calendar)


def plain(days: Sequence[Day]) -> list[dict[str, Any]]:
    """An explanation as plain values; what a day doesn't have is left out."""
    rows = ({"on": d.on.isoformat(), "kind": d.kind, "n": d.number, "zh": d.name_zh, "en": d.name_en} for d in days)
    return [{key: value for key, value in row.items() if value not in (None, "")} for row in rows]


def days_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Day, ...]:
    """The explanation stored by `plain`."""
    return tuple(
        Day(date.fromisoformat(d["on"]), d["kind"], d.get("n"), d.get("zh", ""), d.get("en", "")) for d in stored
    )


def remaining(at: datetime, due_at: datetime, spec: Spec, calendar: Calendar) -> Spec:
    """What is left of a window in days when its clock stops at this instant: the days after this one, up to the last.

    With nothing left, the last day is the one on which the clock goes on, or the next open one.
    """
    if not spec.in_days:
        raise ValueError(f"a window of {spec.mode} can't be paused")
    day, last = calendar.day_of(at), calendar.day_of(due_at - timedelta(microseconds=1))
    ahead = [day + ONE_DAY * n for n in range(1, (last - day).days + 1)]
    left = len(ahead) if spec.mode == "calendar_days" else sum(calendar.is_open(day) for day in ahead)
    return replace(spec, n=left) if left else Spec("calendar_days", 0, roll=True)


def _working_days(start: datetime, spec: Spec, calendar: Calendar) -> Due:
    day, number = calendar.day_of(start), 0
    days = [Day(day, "start")]
    while number < spec.n:
        day += ONE_DAY
        number += calendar.is_open(day)
        days.append(_line(day, number, calendar))
    return _ending(days, days[1:], calendar)


def _calendar_days(start: datetime, spec: Spec, calendar: Calendar) -> Due:
    zero = calendar.day_of(start)
    days = [Day(zero, "start"), *_numbered(zero, spec.n, calendar)]
    if not spec.roll:
        return _ending(days, [], calendar)
    looked_at = days[-1:]
    while not calendar.is_open(looked_at[-1].on):
        looked_at.append(_line(looked_at[-1].on + ONE_DAY, None, calendar))
    return _ending([*days[:-1], *looked_at], looked_at, calendar)


def _numbered(zero: date, n: int, calendar: Calendar) -> list[Day]:
    dates = [zero + ONE_DAY * number for number in range(1, n + 1)]
    days = [replace(_line(day, None, calendar), kind="counted", number=(day - zero).days) for day in dates]
    return days if n <= LISTED else [*days[:3], Day(days[3].on, "more", n - 10), *days[-7:]]


def _elapsed(start: datetime, spec: Spec, calendar: Calendar) -> Due:
    due_at = start + timedelta(hours=spec.n)
    return Due(due_at, (Day(calendar.day_of(start), "start"), Day(calendar.day_of(due_at), "due")))


def _working_hours(start: datetime, spec: Spec, calendar: Calendar) -> Due:
    left, day, number = timedelta(hours=spec.n), calendar.day_of(start), 0
    days = [Day(day, "start")]
    while True:
        for opens, closes in calendar.hours(day):
            begins = max(opens, start)
            if left <= closes - begins:
                days[-1] = replace(days[-1], kind="due") if len(days) > 1 else days[-1]
                return Due(begins + left, tuple(days), _is_provisional(days, calendar))
            left -= max(closes - begins, timedelta())
        day += ONE_DAY
        number += calendar.is_open(day)
        days.append(_line(day, number, calendar))


COUNTS: Mapping[str, Callable[[datetime, Spec, Calendar], Due]] = {
    "calendar_days": _calendar_days,
    "elapsed": _elapsed,
    "working_days": _working_days,
    "working_hours": _working_hours,
}


def _line(day: date, number: int | None, calendar: Calendar) -> Day:
    special = calendar.special(day)
    if special is None:
        return Day(day, "counted", number) if calendar.is_open(day) else Day(day, "weekend")
    if special.open:
        return Day(day, "makeup", number, special.zh, special.en)
    return Day(day, "holiday" if special.zh or special.en else "closed", None, special.zh, special.en)


def _ending(days: list[Day], looked_at: Sequence[Day], calendar: Calendar) -> Due:
    days = days if len(days) == 1 else [*days[:-1], replace(days[-1], kind="due")]
    return Due(calendar.end_of(days[-1].on), tuple(days), _is_provisional(looked_at, calendar))


def _is_provisional(looked_at: Sequence[Day], calendar: Calendar) -> bool:
    return not all(calendar.knows(day.on) for day in looked_at)
