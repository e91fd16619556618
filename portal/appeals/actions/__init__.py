"""The verbs of an appeal, each written once."""

from portal.appeals.actions.deciding import ask_for_evidence, decide
from portal.appeals.actions.drafting import attach, detach, discard, save, save_supplement, start
from portal.appeals.actions.ending import overtaken, revoke, withdraw
from portal.appeals.actions.filing import submit, supplement
from portal.appeals.actions.late import flag_overdue, human_review_over, remind_filing, remind_supplement
from portal.appeals.actions.more_time import ruling_windows_moved, time_moved, windows_moved
from portal.appeals.actions.reviewing import OUTCOMES as REVIEWED
from portal.appeals.actions.reviewing import ask_human, decide_again, overruled
from portal.appeals.actions.sweeping import close_next_windows, close_ruling_windows, close_windows, time_out

__all__ = [
    "REVIEWED",
    "ask_for_evidence",
    "ask_human",
    "attach",
    "close_next_windows",
    "close_ruling_windows",
    "close_windows",
    "decide",
    "decide_again",
    "detach",
    "discard",
    "flag_overdue",
    "human_review_over",
    "overruled",
    "overtaken",
    "remind_filing",
    "remind_supplement",
    "revoke",
    "ruling_windows_moved",
    "save",
    "save_supplement",
    "start",
    "submit",
    "supplement",
    "time_moved",
    "time_out",
    "windows_moved",
    "withdraw",
]
