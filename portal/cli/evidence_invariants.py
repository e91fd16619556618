"""Who handed something in and who may see it, each as one query that finds whatever isn't so.

Numbers refer to the list in docs/invariants.md.
"""

from portal.cli.history_invariants import either

HANDING_IN = "(e.data ->> 'manifest_sha256' = s.manifest_sha256 OR e.action = 'redress.override_proposed')"
THE_SAME = (
    "(e.actor = q.pseudonym OR (q.id IS NULL AND NOT EXISTS (SELECT 1 FROM person p WHERE p.pseudonym = e.actor)))"
)
"""Who has no account, a buyer or another system, is nobody in the row and has a name of their own in the event."""


def _by_another(case_type: str, table: str, ref: str = "c.ref") -> str:
    told = f"e.at = s.sealed_at AND {HANDING_IN} AND {THE_SAME}"
    heard = ""
    if case_type == "aftersale":  # one of two histories tells of it; apart, so that each is looked up by its name
        there = "SELECT 1 FROM arbitration r JOIN audit_event e ON e.chain = r.ref WHERE r.after_sale_id = c.id"
        heard = f" AND NOT EXISTS ({there} AND {told})"
    return (
        f"SELECT {ref} FROM submission s JOIN {table} c ON c.id = s.case_id AND s.case_type = '{case_type}' "
        "LEFT JOIN person q ON q.id = s.sealed_by "
        f"WHERE NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.chain = {ref} AND {told}){heard}"
    )


BROKEN = {
    "I4 has a submission by somebody else than its history tells": either(
        [
            _by_another("appeal", "appeal"),
            _by_another("penalty", "penalty"),
            _by_another("aftersale", "after_sale"),
            _by_another("override", "override_record", "c.case_ref"),
        ]
    ),
    "I10 is shown to others than files of such a case are": (
        "SELECT i.ref FROM evidence_item i WHERE i.visibility <> CASE i.case_type "
        "WHEN 'appeal' THEN 'own' WHEN 'override' THEN 'platform' ELSE 'both' END"
    ),
}
