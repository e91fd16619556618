"""What must be true of arbitrations at any time, each as one query that finds whoever breaks it.

Numbers refer to the list in docs/invariants.md.
"""

from collections.abc import Iterator

from sqlalchemy import select

from portal.arbitration import Ruling
from portal.arbitration.models import Arbitration
from portal.db import session
from portal.review.models import Decision

OVER = "('final', 'settled', 'withdrawn')"
OF_CASE = "v.case_type = 'arbitration' AND v.case_id = a.id"
OPEN_SEAT = f"EXISTS (SELECT 1 FROM review v WHERE {OF_CASE} AND v.state IN ('queued', 'claimed'))"
CLOCK = "d.subject_type = 'arbitration' AND d.subject_id = a.id"
RULED = (
    "EXISTS (SELECT 1 FROM decision d WHERE d.case_type = 'arbitration' AND d.case_id = a.id AND d.round = 1 "
    "AND d.outcome = a.outcome)"
)


def _runs(*kinds: str, late: bool = False) -> str:
    """Whether a deadline of one of these kinds runs, or has run where `late` counts too."""
    states = "'running', 'expired'" if late else "'running'"
    among = ", ".join(f"'{kind}'" for kind in kinds)
    return f"EXISTS (SELECT 1 FROM deadline d WHERE {CLOCK} AND d.kind IN ({among}) AND d.state IN ({states}))"


BROKEN = {
    "I5 is ruled on without its decision, or has one that says something else": (
        f"SELECT a.ref FROM arbitration a WHERE a.outcome IS NOT NULL AND NOT {RULED}"
    ),
    "I6 is being heard and nobody's time runs": (
        "SELECT a.ref FROM arbitration a WHERE "
        f"(a.status = 'collecting' AND NOT {_runs('evidence')}) OR "
        f"(a.status = 'rebuttal' AND NOT {_runs('rebuttal')}) OR "
        f"(a.status = 'more_evidence' AND NOT {_runs('supplement')}) OR "
        f"(a.status = 'decided' AND NOT {_runs('file_appeal', 're_review')})"
    ),
    "I7 is under decision without a seat or a clock, or has a seat and isn't": (
        "SELECT a.ref FROM arbitration a WHERE (a.status = 'under_decision') <> "
        f"({OPEN_SEAT} AND {_runs('decision', late=True)})"
    ),
    "I8 shows another due date than its earliest deadline": (
        "SELECT a.ref FROM arbitration a WHERE a.status <> 'second_instance' AND a.due_at <> "
        f"(SELECT min(d.due_at) FROM deadline d WHERE {CLOCK} AND d.state = 'running')"
    ),
    "I8 has a seat with another due date than its own": (
        f"SELECT a.ref FROM arbitration a JOIN review v ON {OF_CASE} "
        "AND v.state IN ('queued', 'claimed') WHERE a.due_at IS NULL OR a.due_at <> v.due_at"
    ),
    "I8 can be appealed without a deadline, or until another day": (
        "SELECT a.ref FROM arbitration a WHERE a.appeal_window = 'open' AND NOT EXISTS (SELECT 1 FROM deadline d "
        f"WHERE {CLOCK} AND d.kind = 'file_appeal' AND d.state = 'running' AND d.due_at = a.appeal_due_at)"
    ),
    "I9 was ruled by somebody of the shop, or by whoever ruled before": (
        f"SELECT a.ref FROM arbitration a JOIN decision v ON {OF_CASE} WHERE v.decided_by = v.second_by OR EXISTS "
        "(SELECT 1 FROM membership m WHERE m.shop_id = a.shop_id AND m.person_id IN (v.decided_by, v.second_by) "
        "AND m.valid_from <= v.decided_at) "
        "OR EXISTS (SELECT 1 FROM decision e WHERE e.case_type = 'arbitration' AND e.case_id = a.parent_id "
        "AND e.decided_by IN (v.decided_by, v.second_by))"
    ),
    "I26 is not where its after-sales case is": (
        "SELECT c.ref FROM after_sale c WHERE (c.status = 'in_arbitration') <> EXISTS (SELECT 1 FROM arbitration a "
        f"WHERE a.after_sale_id = c.id AND a.round = 1 AND a.status NOT IN {OVER})"
    ),
    "I26 has a re-review without a ruling that waits for it": (
        "SELECT a.ref FROM arbitration a JOIN arbitration p ON p.id = a.parent_id WHERE "
        f"(a.status NOT IN {OVER}) <> (p.status = 'second_instance')"
    ),
    "I8 waits in the lists until another moment than its hearing": (
        "SELECT c.ref FROM after_sale c JOIN arbitration a ON a.after_sale_id = c.id WHERE c.status = 'in_arbitration' "
        f"AND a.status NOT IN {OVER} AND a.due_at IS NOT NULL AND c.due_at <> a.due_at"
    ),
}


def faults() -> Iterator[str]:
    """Rulings whose shares don't add up to what is in dispute, or that their case shows otherwise."""
    ruled = select(Arbitration, Decision).join(
        Decision, (Decision.case_type == "arbitration") & (Decision.case_id == Arbitration.id)
    )
    for arbitration, decision in session().execute(ruled.execution_options(yield_per=500)):
        ruling, disputed = Ruling.from_dict(decision.terms or {}), arbitration.amount_minor
        for _place, code, _params in ruling.faults(disputed):
            yield f"{arbitration.ref}: I14 has a ruling that can't stand ({code})"
        if (ruling.liability, ruling.refund_minor(disputed)) != (arbitration.liability, arbitration.refund_minor):
            yield f"{arbitration.ref}: I5 shows another liability or refund than its ruling"
