"""What must be true of rulings and their appeals at any time, each as one query that finds whoever breaks it.

Numbers refer to the list in docs/invariants.md.
"""

APPEAL = "a.subject_type = 'arbitration' AND a.subject_id = r.id"
SENT = "a.attempt > 0 AND a.outcome IS NULL"
BROKEN = {
    "I1 is appealed twice, or by way of a re-review and an appeal": (
        f"SELECT r.ref FROM arbitration r JOIN appeal a ON {APPEAL} WHERE a.attempt > 0 AND r.second_via = 're_review' "
        "AND (a.outcome IS NULL OR a.outcome NOT IN ('moot', 'withdrawn', 'closed_timeout'))"
    ),
    "I3 goes on though its appeal has ended, or the other way round": (
        f"SELECT r.ref FROM arbitration r JOIN appeal a ON {APPEAL} WHERE a.attempt > 0 "
        "AND r.second_via = 'appeal' AND (r.status = 'second_instance') <> (a.outcome IS NULL)"
    ),
    "I3 has a draft of an appeal that can't be sent any more": (
        f"SELECT r.ref FROM arbitration r JOIN appeal a ON {APPEAL} WHERE a.status = 'draft' "
        "AND r.appeal_window <> 'open'"
    ),
    "I8 shows another time than its appeal's": (
        f"SELECT r.ref FROM arbitration r JOIN appeal a ON {APPEAL} WHERE {SENT} AND r.due_at <> a.due_at"
    ),
    "I9 was judged on appeal by somebody who ruled on it": (
        f"SELECT a.ref FROM appeal a JOIN arbitration r ON {APPEAL} JOIN decision d ON d.case_type = 'appeal' "
        "AND d.case_id = a.id WHERE EXISTS (SELECT 1 FROM review v WHERE v.case_type = 'arbitration' "
        "AND v.case_id = r.id AND v.concluded_by IN (d.decided_by, d.second_by))"
    ),
}
