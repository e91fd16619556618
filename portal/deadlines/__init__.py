"""Deadlines: working-day arithmetic, the rows that wait for somebody to act, and the sweep's view of them."""

from flask import Flask

from portal import text
from portal.deadlines import calendars, words
from portal.deadlines.actions import (
    cancel,
    cancel_all,
    expire_all,
    extend,
    meet,
    pause,
    reminded,
    resume,
    set_aside,
    stop_reminding,
    take_up_again,
)
from portal.deadlines.calendars import calendar, calendar_for, load_calendars
from portal.deadlines.lifecycle import SWEEP_GRACE, Facts, in_time, may_close, next_from
from portal.deadlines.queries import (
    Place,
    Running,
    all_of,
    any_due,
    any_still_due,
    any_to_remind,
    due,
    explanation,
    extensions,
    faults,
    in_force,
    latest,
    left_aside,
    live,
    live_now,
    reminders,
    running,
    still_due,
    still_to_remind,
)
from portal.deadlines.recounting import Moved, by_rule, explains, recount_all, recounted, unsettled, would_move
from portal.deadlines.registry import answer, register
from portal.deadlines.starting import Start, preview, start, start_all
from portal.deadlines.turns import await_turn, take_turn
from portal.deadlines.words import day_words
from portal.deadlines.workdays import Day, Due

__all__ = [
    "SWEEP_GRACE",
    "Day",
    "Due",
    "Facts",
    "Moved",
    "Place",
    "Running",
    "Start",
    "all_of",
    "answer",
    "any_due",
    "any_still_due",
    "any_to_remind",
    "await_turn",
    "by_rule",
    "calendar",
    "calendar_for",
    "cancel",
    "cancel_all",
    "day_words",
    "due",
    "expire_all",
    "explains",
    "explanation",
    "extend",
    "extensions",
    "faults",
    "in_force",
    "in_time",
    "init_app",
    "latest",
    "left_aside",
    "live",
    "live_now",
    "load_calendars",
    "may_close",
    "meet",
    "next_from",
    "pause",
    "preview",
    "recount_all",
    "recounted",
    "register",
    "reminded",
    "reminders",
    "resume",
    "running",
    "set_aside",
    "start",
    "start_all",
    "still_due",
    "still_to_remind",
    "stop_reminding",
    "take_turn",
    "take_up_again",
    "unsettled",
    "would_move",
]


def init_app(app: Flask) -> None:
    """Teach the app the calendars it will read and the words for days."""
    calendars.init_app(app)
    text.teach(app, words.day_words)
