"""What a shop must have been told, as one query that finds whatever it was not.

A notice bears the instant of the rows that it tells of, and the number of the case that it leads to. Numbers refer to
the list in docs/invariants.md.
"""

from portal.cli.history_invariants import either

OF_HEARING = "arbitration a ON a.after_sale_id = c.id"
MUST_TELL = (
    ("penalty c", "c.imported_at"),
    ("appeal c", "c.completed_at"),
    ("appeal c JOIN submission s ON s.case_type = 'appeal' AND s.case_id = c.id", "s.sealed_at"),
    ("appeal c JOIN evidence_request r ON r.case_type = 'appeal' AND r.case_id = c.id", "r.at"),
    ("appeal c JOIN decision d ON d.case_type = 'appeal' AND d.case_id = c.id", "d.decided_at"),
    ("after_sale c", "c.imported_at"),
    ("after_sale c", "CASE WHEN c.resolution <> 'no_refund' THEN c.closed_at END"),
    (f"after_sale c JOIN {OF_HEARING}", "CASE WHEN a.round = 1 THEN a.opened_at END"),
    (f"after_sale c JOIN {OF_HEARING}", "CASE WHEN a.round = 1 AND a.status = 'final' THEN a.ended_at END"),
    (f"after_sale c JOIN {OF_HEARING}", "a.decided_at"),
    (
        f"after_sale c JOIN {OF_HEARING} JOIN evidence_request r ON r.case_type = 'arbitration' AND r.case_id = a.id",
        "r.at",
    ),
)
"""The rows of which the shop is told, and when; an offer that a shop accepts is its own act."""


def _untold(rows: str, at: str) -> str:
    return (
        f"SELECT c.ref FROM {rows} WHERE {at} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM notice n "
        f"WHERE n.recipient = 'shop:' || c.shop_id AND n.created_at = {at} AND n.case_ref = c.ref)"
    )


BROKEN = {"I16 took a step of which its shop was told nothing": either(_untold(*what) for what in MUST_TELL)}
