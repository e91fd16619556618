"""What must be true of all cases at any time, each as one query that finds whoever breaks it.

Numbers refer to the list in docs/invariants.md.
"""

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import text

from portal import review
from portal.cli import (
    aftersale_invariants,
    arbitration_invariants,
    clock_invariants,
    evidence_invariants,
    history_invariants,
    notice_invariants,
    outcome_invariants,
    redress_invariants,
    round_invariants,
    ruling_invariants,
    tally_invariants,
)
from portal.db import session
from portal.review.models import Decision

MOST = 10
JUDGED = "('upheld', 'partially_upheld', 'rejected', 'inadmissible', 'closed_timeout')"
LIVE_SUPPLEMENT = (
    "EXISTS (SELECT 1 FROM deadline d WHERE d.subject_type = 'appeal' AND d.subject_id = a.id "
    "AND d.kind = 'supplement' AND d.state = 'running')"
)
OPEN_REQUEST = (
    "EXISTS (SELECT 1 FROM evidence_request r WHERE r.case_type = 'appeal' AND r.case_id = a.id AND NOT EXISTS "
    "(SELECT 1 FROM submission s WHERE s.case_type = 'appeal' AND s.case_id = a.id AND s.answers_request_id = r.id))"
)
OF_CASE = "v.case_type = 'appeal' AND v.case_id = a.id"
OPEN_SEAT = f"EXISTS (SELECT 1 FROM review v WHERE {OF_CASE} AND v.state IN ('queued', 'claimed'))"
REVIEW_CLOCK = (
    "EXISTS (SELECT 1 FROM deadline d WHERE d.subject_type = 'appeal' AND d.subject_id = a.id "
    "AND d.kind = 'review' AND d.state IN ('running', 'expired'))"
)
HANDED_IN = "s.case_type = 'appeal' AND s.case_id = a.id"
BROKEN = {
    "I1 has more rounds than allowed": "SELECT a.ref FROM appeal a WHERE a.round_no > a.rounds_allowed",
    "I3 says something else than what was handed in": (
        f"SELECT a.ref FROM appeal a JOIN submission s ON {HANDED_IN} AND s.kind = 'initial' "
        "WHERE s.statement <> a.statement OR s.ground_code <> a.ground_code"
    ),
    "I4 was handed in another number of times than there are submissions": (
        "SELECT a.ref FROM appeal a WHERE (SELECT count(*) FROM audit_event e WHERE e.chain = a.ref "
        "AND e.action IN ('appeal.submitted', 'appeal.supplemented')) <> "
        f"(SELECT count(*) FROM submission s WHERE {HANDED_IN})"
    ),
    "I5 is judged without exactly one decision": (
        f"SELECT a.ref FROM appeal a WHERE a.outcome IN {JUDGED} AND (SELECT count(*) FROM decision d "
        "WHERE d.case_type = 'appeal' AND d.case_id = a.id AND d.round = 1) <> 1"
    ),
    "I5 has a decision that says another outcome": (
        "SELECT a.ref FROM appeal a JOIN decision d ON d.case_type = 'appeal' AND d.case_id = a.id AND d.round = 1 "
        "WHERE a.outcome IS NULL OR a.outcome <> d.outcome"
    ),
    "I6 awaits evidence that nobody asked for, or without a deadline": (
        f"SELECT a.ref FROM appeal a WHERE a.status = 'needs_evidence' AND NOT ({LIVE_SUPPLEMENT} AND {OPEN_REQUEST})"
    ),
    "I6 has a supplement's deadline and doesn't await evidence": (
        f"SELECT a.ref FROM appeal a WHERE a.status <> 'needs_evidence' AND {LIVE_SUPPLEMENT}"
    ),
    "I7 is under review without a seat or a clock": (
        f"SELECT a.ref FROM appeal a WHERE a.status = 'under_review' AND NOT ({OPEN_SEAT} AND {REVIEW_CLOCK})"
    ),
    "I7 has an open seat and isn't under review": (
        f"SELECT a.ref FROM appeal a WHERE a.status NOT IN ('under_review', 'completed') AND {OPEN_SEAT}"
    ),
    "I8 shows another due date than its deadline": (
        "SELECT a.ref FROM appeal a JOIN deadline d ON d.subject_type = 'appeal' AND d.subject_id = a.id "
        "AND d.state = 'running' WHERE a.status <> 'completed' AND (a.due_at IS NULL OR a.due_at <> d.due_at)"
    ),
    "I8 has a seat with another due date than its own": (
        "SELECT a.ref FROM appeal a JOIN review v ON v.case_type = 'appeal' AND v.case_id = a.id "
        "AND v.state IN ('queued', 'claimed') WHERE a.status <> 'completed' "
        "AND (a.due_at IS NULL OR a.due_at <> v.due_at)"
    ),
    "I8 can be appealed without a deadline, or until another day": (
        "SELECT p.ref FROM penalty p WHERE p.appeal_window = 'open' AND NOT EXISTS (SELECT 1 FROM deadline d WHERE "
        "d.subject_type = 'penalty' AND d.subject_id = p.id AND d.state = 'running' AND d.due_at = p.due_at)"
    ),
    "I9 was decided by somebody of the shop, or by its issuer": (
        "SELECT a.ref FROM appeal a JOIN decision d ON d.case_type = 'appeal' AND d.case_id = a.id "
        "LEFT JOIN penalty p ON a.subject_type = 'penalty' AND p.id = a.subject_id "
        "WHERE d.decided_by = p.issuer_id OR d.second_by = p.issuer_id "
        "OR d.decided_by = d.second_by OR EXISTS (SELECT 1 FROM membership m WHERE m.shop_id = a.shop_id "
        "AND m.person_id IN (d.decided_by, d.second_by) AND m.valid_from <= d.decided_at)"
    ),
    "I15 was overturned and still has measures in effect": (
        "SELECT p.ref FROM penalty p JOIN measure m ON m.penalty_id = p.id "
        "WHERE p.status IN ('overturned', 'revoked') AND m.effect <> 'lifted'"
    ),
}


def faults() -> Iterator[str]:
    """Whoever breaks an invariant, the first ten of each; then the deadlines and decisions that don't add up."""
    # Not one mapping: the same is asked of several kinds of case, in the same words.
    of_each = (aftersale_invariants, arbitration_invariants, ruling_invariants, redress_invariants, round_invariants)
    of_all = (history_invariants, outcome_invariants, evidence_invariants, notice_invariants, clock_invariants)
    kinds = (*of_each, *of_all)
    for what, query in chain(BROKEN.items(), *(kind.BROKEN.items() for kind in kinds)):
        for (ref,) in session().execute(text(f"{query} LIMIT {MOST}")):
            yield f"{ref} {what}"
    yield from tally_invariants.faults(MOST)
    yield from arbitration_invariants.faults()
    yield from clock_invariants.faults()
    for decision in session().query(Decision).yield_per(500):
        if not review.seal_holds(decision):
            yield f"decision of {decision.case_ref}: I4 does not match its seal"
