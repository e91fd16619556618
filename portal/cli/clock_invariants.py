"""Deadlines against their rule, and how they ended against the history of their case.

Numbers refer to the list in docs/invariants.md.
"""

from collections.abc import Iterator

from portal import deadlines
from portal.cli.history_invariants import either
from portal.db import session
from portal.deadlines.models import Deadline

ENDED_BY: dict[str, dict[str, tuple[str, ...]]] = {
    "appeal": {
        "supplement met": ("appeal.supplemented",),
        "supplement expired": ("appeal.closed", "appeal.passed_on"),
        "review met": ("appeal.decided", "appeal.human_review_decided"),
        "review expired": ("appeal.overdue",),
        "human_review met": ("appeal.human_review_asked",),
    },
    "arbitration": {
        "evidence met": ("arbitration.submitted", "arbitration.finished"),
        "rebuttal met": ("arbitration.submitted", "arbitration.finished"),
        "supplement met": ("arbitration.submitted", "arbitration.finished"),
        "file_appeal met": ("arbitration.second_instance",),
        "file_appeal expired": ("arbitration.accepted_by_silence",),
        "re_review met": ("arbitration.second_instance", "arbitration.submitted", "arbitration.finished"),
        "re_review expired": ("arbitration.accepted_by_silence",),
        "decision met": ("arbitration.ruled",),
        "decision expired": ("arbitration.overdue",),
    },
    "complaint": {
        "answer met": ("complaint.answered",),
        "answer expired": ("complaint.overdue",),
    },
    "disclosure": {
        "answer met": ("redress.disclosure_answered",),
        "answer expired": ("redress.disclosure_overdue",),
    },
}
"""By which steps a deadline is met, and which follow when it runs out; a side that was heard lets its time run out
without one."""
THEN = "SELECT 1 FROM audit_event e WHERE e.at = d.closed_at AND e.chain"


def _otherwise(subject: str, table: str = "", chain: str = "c.ref") -> str:
    """Deadlines of these that ended in another way than any step of that instant."""
    ways = ENDED_BY[subject]
    known = ", ".join(f"'{way}'" for way in ways)
    steps = ", ".join(f"'{way} {action}'" for way, actions in ways.items() for action in actions)
    way = "d.kind || ' ' || d.state"
    return (
        f"SELECT {chain} FROM deadline d JOIN {table or subject} c ON c.id = d.subject_id "
        f"WHERE d.subject_type = '{subject}' AND {way} IN ({known}) "
        f"AND NOT EXISTS ({THEN} = {chain} AND {way} || ' ' || e.action IN ({steps}))"
    )


BROKEN = {
    "I8 has a deadline that ended otherwise than its history tells": either(
        [
            _otherwise("appeal"),
            _otherwise("arbitration"),
            _otherwise("complaint"),
            _otherwise("disclosure", "disclosure_request", "c.case_ref"),
            (
                "SELECT c.ref FROM deadline d JOIN after_sale c ON c.id = d.subject_id "
                "WHERE d.subject_type = 'aftersale' AND d.state = 'expired' "
                f"AND NOT EXISTS ({THEN} = c.ref AND e.actor = 'system')"
            ),
        ]
    ),
    "I8 ran out at another instant than it was due, or was met after that": (
        "SELECT 'deadline ' || d.id || ' of ' || d.subject_type || ' ' || d.subject_id FROM deadline d "
        "WHERE (d.state = 'expired' AND d.closed_at <> d.due_at) OR (d.state = 'met' AND d.closed_at >= d.due_at "
        "AND (d.party <> 'platform' OR d.subject_type = 'aftersale'))"
    ),
}


def faults() -> Iterator[str]:
    """Deadlines that are due at another instant than their rule gives, or that show other days for it."""
    for deadline in session().query(Deadline).yield_per(500):
        why = _misfit(deadline)
        if why:
            yield f"deadline {deadline.id} of {deadline.subject_type} {deadline.subject_id}: I8 {why}"


def _misfit(deadline: Deadline) -> str:
    try:
        counted = deadlines.by_rule(deadline)
        if deadline.due_at != deadlines.recounted(deadline, counted):
            return "is not what its rule gives"
        return "" if deadlines.explains(deadline, counted) else "shows other days than its rule gives"
    except (KeyError, TypeError, ValueError):  # its rule or calendar can't be read any more
        return "is not what its rule gives"
