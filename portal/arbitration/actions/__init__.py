"""The verbs of an arbitration: each whole or not at all, written once for pages, appeals and the sweep."""

from portal.arbitration.actions.deciding import ask_for_evidence, decide, needs_second
from portal.arbitration.actions.ending import conclude, end
from portal.arbitration.actions.hearing import finish, submit
from portal.arbitration.actions.more_time import time_moved
from portal.arbitration.actions.moving import hold, own_time, stage_of
from portal.arbitration.actions.opening import open_first
from portal.arbitration.actions.seconding import (
    appealed,
    ask_again,
    await_appeal,
    given_up,
    supplemented,
    window_over,
)
from portal.arbitration.actions.sweeping import flag_overdue, hearing_over, remind, second_instance_over

__all__ = [
    "appealed",
    "ask_again",
    "ask_for_evidence",
    "await_appeal",
    "conclude",
    "decide",
    "end",
    "finish",
    "flag_overdue",
    "given_up",
    "hearing_over",
    "hold",
    "needs_second",
    "open_first",
    "own_time",
    "remind",
    "second_instance_over",
    "stage_of",
    "submit",
    "supplemented",
    "time_moved",
    "window_over",
]
