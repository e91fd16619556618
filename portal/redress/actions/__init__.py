"""The verbs after the last word: each whole or not at all, written once for pages and the sweep."""

from portal.redress.actions.complaining import answer, complain, filing_until
from portal.redress.actions.disclosing import ask_to_see, disclose
from portal.redress.actions.overriding import confirm, decline, possible, propose
from portal.redress.actions.sweeping import complaint_moved, complaint_overdue, disclosure_moved, disclosure_overdue

__all__ = [
    "answer",
    "ask_to_see",
    "complain",
    "complaint_moved",
    "complaint_overdue",
    "confirm",
    "decline",
    "disclose",
    "disclosure_moved",
    "disclosure_overdue",
    "filing_until",
    "possible",
    "propose",
]
