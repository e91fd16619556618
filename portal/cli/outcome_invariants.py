"""What was asked for, decided and paid as the row says it and as its history tells it, each as one query.

A history can't be changed unseen: where the two differ it is the row that was touched. Numbers refer to the list in
docs/invariants.md.
"""

from portal.cli.history_invariants import either


def _told(chain: str, event: str, **same: str) -> str:
    """Whether an event of the history is such a one and says the same: what it calls it, and the column that it is."""
    alike = (
        f"coalesce(CAST(e.data ->> '{name}' AS VARCHAR(120)), '') = coalesce(CAST({column} AS VARCHAR(120)), '')"
        for name, column in same.items()
    )
    where = " AND ".join((f"e.chain = {chain}", event, *alike))
    return f"EXISTS (SELECT 1 FROM audit_event e WHERE {where})"


def _untold(rows: str, when: str, event: str, chain: str = "c.ref", **same: str) -> str:
    """Rows of which something is true and no such event tells."""
    return f"SELECT {chain} FROM {rows} WHERE {when} AND NOT {_told(chain, event, **same)}"


MEASURE = "penalty c JOIN measure m ON m.penalty_id = c.id"
SETTLING = ("accepted", "offer_accepted", "ruled", "merchant_silent", "reported")
SETTLED = f"f.action IN ({', '.join(repr(f'aftersale.{action}') for action in SETTLING)})"
AGREED = (
    "CASE WHEN e.action IS NULL THEN 0 "
    "WHEN e.action <> 'aftersale.merchant_silent' OR e.data ->> 'agreed_minor' IS NOT NULL "
    "THEN CAST(coalesce(e.data ->> 'agreed_minor', '0') AS INTEGER) "
    "WHEN c.kind IN ('exchange', 'reship', 'repair') AND e.to_status <> 'refund_pending' THEN 0 "
    "ELSE c.requested_minor END"
)
"""What follows from the last step that settled something: silence that names no amount grants what is asked for."""
ENDS = (
    _untold(
        "appeal c", "c.outcome IS NOT NULL", "e.to_status = 'completed' AND e.at = c.completed_at", outcome="c.outcome"
    ),
    _untold(
        "after_sale c",
        "c.resolution IS NOT NULL",
        "e.to_status = 'closed' AND e.at = c.closed_at",
        resolution="c.resolution",
    ),
    _untold("arbitration c", "c.outcome IS NOT NULL", "e.action = 'arbitration.ruled'", outcome="c.outcome"),
    _untold("complaint c", "c.outcome IS NOT NULL", "e.action = 'complaint.answered'", outcome="c.outcome"),
    _untold(
        "disclosure_request c",
        "c.status <> 'open'",
        "e.action = 'redress.disclosure_answered'",
        "c.case_ref",
        request="c.ref",
        answer="c.status",
    ),
    _untold(
        "override_record c",
        "c.status = 'confirmed'",
        "e.action = 'redress.overridden'",
        "c.case_ref",
        override="c.ref",
        change="c.change",
    ),
    _untold(
        "override_record c",
        "c.status = 'declined'",
        "e.action = 'redress.override_declined'",
        "c.case_ref",
        override="c.ref",
    ),
)
PARCEL = "action IN ('aftersale.shipped_back', 'aftersale.parcel_corrected')"
SENT_BACK = f"e.{PARCEL} AND e.seq = (SELECT max(f.seq) FROM audit_event f WHERE f.chain = e.chain AND f.{PARCEL})"
"""The last word of the buyer on what they sent back: it can be corrected."""
STEPS = (
    _untold(
        "arbitration c", "c.second_via IS NOT NULL", "e.action = 'arbitration.second_instance'", way="c.second_via"
    ),
    _untold("arbitration c", "c.replaced", "e.action = 'arbitration.replaced'"),
    _untold(
        "after_sale c",
        "c.refusal_code IS NOT NULL",
        "e.action = 'aftersale.refused'",
        refusal_code="c.refusal_code",
    ),
    _untold("after_sale c", "c.return_no IS NOT NULL", SENT_BACK, number="c.return_no", carrier="c.return_carrier"),
    _untold("after_sale c", "c.sent_no IS NOT NULL", "e.action = 'aftersale.shipped'", number="c.sent_no"),
    _untold("after_sale c", "c.inspection NOT IN ('ok')", "e.action = 'aftersale.reported'", finding="c.inspection"),
    _untold(MEASURE, "m.execution = 'acknowledged'", "e.action = 'penalty.executed'"),
    _untold(MEASURE, "m.execution = 'failed'", "e.action = 'penalty.not_executed'"),
)
LATE = (
    _untold("appeal c", "c.overdue", "e.action = 'appeal.overdue'"),
    _untold("arbitration c", "c.overdue", "e.action = 'arbitration.overdue'"),
    _untold("complaint c", "c.overdue", "e.action = 'complaint.overdue'"),
    _untold("disclosure_request c", "c.overdue", "e.action = 'redress.disclosure_overdue'", "c.case_ref"),
)
BROKEN = {
    "I12 ended otherwise than its history tells": either(ENDS),
    "I12 was decided otherwise than its history tells": _untold(
        "decision d", "1 = 1", "e.at = d.decided_at", "d.case_ref", outcome="d.outcome"
    ),
    "I12 asks for something else than its history tells": _untold(
        "after_sale c",
        "1 = 1",
        "e.action = 'aftersale.requested'",
        kind="c.kind",
        reason_code="c.reason_code",
        requested_minor="c.requested_minor",
        currency="c.currency",
        order_no="c.order_no",
    ),
    "I12 is another order than its history tells of": _untold(
        "purchase c",
        "1 = 1",
        "e.action = 'order.imported'",
        content_sha256="c.content_sha256",
        paid_minor="c.paid_minor",
    ),
    "I12 has an offer that its history tells otherwise": _untold(
        "offer o JOIN after_sale c ON c.id = o.after_sale_id",
        "1 = 1",
        "e.action IN ('aftersale.offered', 'aftersale.countered')",
        offer="o.seq",
        kind="o.kind",
        amount_minor="o.amount_minor",
    ),
    "I12 agreed on another amount than its history tells": (
        "SELECT c.ref FROM after_sale c LEFT JOIN audit_event e ON e.chain = c.ref AND e.seq = "
        f"(SELECT max(f.seq) FROM audit_event f WHERE f.chain = c.ref AND {SETTLED}) "
        f"WHERE coalesce(c.agreed_minor, 0) <> {AGREED}"
    ),
    "I12 took a step that its history tells otherwise, or not at all": either(STEPS),
    "I12 is overdue and its history doesn't say so": either(LATE),
    "I12 can't be appealed any more and its history doesn't say why": (
        "SELECT c.ref FROM penalty c WHERE c.appealable AND c.appeal_window = 'closed' AND c.due_at > c.imported_at "
        "AND NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.chain = c.ref "
        "AND e.action IN ('penalty.window_over', 'penalty.revoked')) AND NOT EXISTS "
        "(SELECT 1 FROM appeal a WHERE a.subject_type = 'penalty' AND a.subject_id = c.id AND a.attempt > 0)"
    ),
    "I12 is about another amount than its penalty": (
        "SELECT c.ref FROM appeal c JOIN penalty p ON c.subject_type = 'penalty' AND p.id = c.subject_id "
        "WHERE (c.amount_minor <> p.amount_minor AND c.round_no = 1) OR c.amount_minor > p.amount_minor "
        "OR c.currency <> p.currency OR c.rule_code <> p.rule_code"
    ),
    "I12 is about another amount than its after-sales case": (
        "SELECT c.ref FROM arbitration c JOIN after_sale p ON p.id = c.after_sale_id "
        "WHERE c.amount_minor <> p.requested_minor OR c.currency <> p.currency"
    ),
}
