"""What must be true of what comes after the last word, each as one query that finds whoever breaks it.

Numbers refer to the list in docs/invariants.md.
"""


def _clock(table: str, subject: str) -> str:
    """Whoever waits for an answer without exactly the deadline that is shown, or has one and doesn't wait."""
    of_row = f"d.subject_type = '{subject}' AND d.subject_id = c.id AND d.kind = 'answer'"
    lasts = "d.state IN ('running', 'expired') AND d.due_at = c.due_at"
    shown = f"EXISTS (SELECT 1 FROM deadline d WHERE {of_row} AND {lasts})"
    runs = f"EXISTS (SELECT 1 FROM deadline d WHERE {of_row} AND d.state = 'running')"
    return (
        f"SELECT c.ref FROM {table} c WHERE (c.status = 'open' AND NOT {shown}) OR (c.status <> 'open' AND {runs}) "
        f"OR (c.status = 'open' AND c.overdue AND {runs})"
    )


def _judged(row: str, *people: str) -> str:
    """One of these people decided in the case of a row: a round of the dispute, or an appeal of what is at stake."""
    subject = (
        f"SELECT a.subject_type, a.subject_id FROM appeal a WHERE {row}.case_type = 'appeal' AND a.id = {row}.case_id "
        f"UNION ALL SELECT 'arbitration', {row}.case_id WHERE {row}.case_type = 'arbitration'"
    )
    appeals = f"SELECT b.id FROM appeal b WHERE (b.subject_type, b.subject_id) IN ({subject})"
    rounds = (
        "SELECT r.id FROM arbitration r JOIN arbitration f ON f.after_sale_id = r.after_sale_id "
        f"WHERE ('arbitration', f.id) IN ({subject})"
    )
    them = ", ".join(f"{row}.{person}" for person in people)
    return (
        f"EXISTS (SELECT 1 FROM decision d WHERE ((d.case_type = 'appeal' AND d.case_id IN ({appeals})) "
        f"OR (d.case_type = 'arbitration' AND d.case_id IN ({rounds}))) "
        f"AND (d.decided_by IN ({them}) OR d.second_by IN ({them})))"
    )


OPEN_SEAT = (
    "EXISTS (SELECT 1 FROM review v JOIN deadline d ON d.subject_type = 'appeal' AND d.subject_id = v.case_id "
    "AND d.kind = 'review' AND d.state IN ('running', 'expired') AND d.due_at = v.due_at "
    "WHERE v.case_type = 'appeal' AND v.case_id = a.id AND v.state IN ('queued', 'claimed'))"
)
ANY_SEAT = (
    "EXISTS (SELECT 1 FROM review v WHERE v.case_type = 'appeal' AND v.case_id = a.id "
    "AND v.state IN ('queued', 'claimed'))"
)
BY_MACHINE = (
    "EXISTS (SELECT 1 FROM decision d WHERE d.case_type = 'appeal' AND d.case_id = a.id AND d.round = 1 "
    "AND d.automated = 'full')"
)
SECOND = "EXISTS (SELECT 1 FROM decision d WHERE d.case_type = 'appeal' AND d.case_id = a.id AND d.round > 1)"
BROKEN = {
    "I23 is a complaint whose time is not what it shows": _clock("complaint", "complaint"),
    "I23 is a request to see whose time is not what it shows": _clock("disclosure_request", "disclosure"),
    "I23 was answered by somebody who judged the case it complains of": (
        f"SELECT c.ref FROM complaint c WHERE {_judged('c', 'answered_by')}"
    ),
    "I24 is over and has a seat that is no human review": (
        f"SELECT a.ref FROM appeal a WHERE a.status = 'completed' AND {ANY_SEAT} "
        f"AND NOT ({OPEN_SEAT} AND {BY_MACHINE} AND NOT {SECOND})"
    ),
    "I24 was decided again though no machine had decided it": (
        f"SELECT a.ref FROM appeal a WHERE {SECOND} AND NOT {BY_MACHINE}"
    ),
    "I25 was confirmed by somebody who judged the case": (
        "SELECT o.ref FROM override_record o WHERE o.status = 'confirmed' "
        f"AND {_judged('o', 'proposed_by', 'closed_by')}"
    ),
    "I25 was confirmed without a sealed document": (
        "SELECT o.ref FROM override_record o WHERE o.status = 'confirmed' AND NOT EXISTS "
        "(SELECT 1 FROM evidence_item i WHERE i.ref = o.document_ref AND i.case_type = 'override' AND i.case_id = o.id "
        "AND i.state = 'sealed')"
    ),
    "I25 was confirmed and is not in the history of its case": (
        "SELECT o.ref FROM override_record o WHERE o.status = 'confirmed' AND NOT EXISTS (SELECT 1 FROM audit_event e "
        "WHERE e.chain = o.case_ref AND e.action = 'redress.overridden' AND e.at = o.closed_at)"
    ),
}
