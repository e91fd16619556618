"""A count that stood still for some days and went on: spliced when it does, and replayed to count it anew. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from portal.deadlines import workdays
from portal.deadlines.opendays import ONE_DAY, Calendar
from portal.deadlines.workdays import Day, Due
from portal.policies import Spec

A_MOMENT = timedelta(microseconds=1)


def spliced(first: Sequence[Day], more: Sequence[Day], paused_on: date, resumed_on: date, before: int) -> list[Day]:
    """The days counted before the pause, the pause, and the days counted after it with their numbers going on."""
    days = [replace(day, kind="counted") if day.kind == "due" else day for day in first if day.on <= paused_on]
    if resumed_on > paused_on:
        days.append(Day(paused_on, "paused", (resumed_on - paused_on).days))
    numbered = (replace(day, number=day.number + before) if day.number else day for day in more[1:])
    return [*days, *numbered]


def replayed(start: datetime, spec: Spec, calendar: Calendar, told: Sequence[Day]) -> Due:
    """The same window counted on this calendar, with the pauses of which the explanation of another count tells."""
    counted = workdays.due(start, spec, calendar)
    for pause in (day for day in told if day.kind == "paused" and day.number):
        counted = _going_on(counted, pause.on, pause.on + ONE_DAY * (pause.number or 0), spec, calendar)
    return counted


def _going_on(counted: Due, paused_on: date, resumed_on: date, spec: Spec, calendar: Calendar) -> Due:
    left = workdays.remaining(calendar.end_of(paused_on) - A_MOMENT, counted.due_at, spec, calendar)
    more = workdays.due(calendar.end_of(resumed_on) - A_MOMENT, left, calendar)
    if more.due_at <= counted.due_at:
        return counted
    days = spliced(counted.days, more.days, paused_on, resumed_on, spec.n - left.n)
    return Due(more.due_at, tuple(days), counted.provisional or more.provisional)
