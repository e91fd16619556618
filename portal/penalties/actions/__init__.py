"""The verbs of a penalty, each written once."""

from portal.penalties.actions.changing import hold, lift, reduce, reinstate, resume, revoke, take_effect
from portal.penalties.actions.executing import executed, not_executed
from portal.penalties.actions.importing import Plan, carry_out, plan
from portal.penalties.actions.issuing import Issued, issue, issue_all
from portal.penalties.actions.proving import add_evidence
from portal.penalties.actions.windows import (
    Opening,
    close_window,
    close_windows,
    move_windows,
    open_windows,
    put_off_window,
    remind_of_window,
)

__all__ = [
    "Issued",
    "Opening",
    "Plan",
    "add_evidence",
    "carry_out",
    "close_window",
    "close_windows",
    "executed",
    "hold",
    "issue",
    "issue_all",
    "lift",
    "move_windows",
    "not_executed",
    "open_windows",
    "plan",
    "put_off_window",
    "reduce",
    "reinstate",
    "remind_of_window",
    "resume",
    "revoke",
    "take_effect",
]
