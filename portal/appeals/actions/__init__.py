"""The verbs of an appeal, each written once."""

from portal.appeals.actions.deciding import ask_for_evidence, decide
from portal.appeals.actions.drafting import attach, detach, discard, save, save_supplement, start
from portal.appeals.actions.ending import overtaken, revoke, withdraw
from portal.appeals.actions.filing import submit, supplement
from portal.appeals.actions.sweeping import (
    close_ruling_windows,
    close_windows,
    flag_overdue,
    remind_filing,
    remind_supplement,
    time_out,
)

__all__ = [
    "ask_for_evidence",
    "attach",
    "close_ruling_windows",
    "close_windows",
    "decide",
    "detach",
    "discard",
    "flag_overdue",
    "overtaken",
    "remind_filing",
    "remind_supplement",
    "revoke",
    "save",
    "save_supplement",
    "start",
    "submit",
    "supplement",
    "time_out",
    "withdraw",
]
