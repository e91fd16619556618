"""What must be true of several appeals against one penalty, each as one query that finds whoever breaks it.

Numbers refer to the list in docs/invariants.md.
"""

LOST = "'rejected', 'partially_upheld', 'inadmissible', 'closed_timeout'"
SAME = "b.subject_type = a.subject_type AND b.subject_id = a.subject_id AND b.appellant = a.appellant"
OF_PENALTY = "a.subject_type = 'penalty' AND a.subject_id = p.id AND a.appellant = 'merchant'"
WON_LATER = (
    "EXISTS (SELECT 1 FROM decision d WHERE d.case_type = 'appeal' AND d.case_id = b.id AND d.round > 1 "
    "AND d.outcome = 'upheld')"
)
AGAIN = (
    "EXISTS (SELECT 1 FROM deadline d WHERE d.subject_type = 'penalty' AND d.subject_id = p.id "
    "AND d.kind = 'file_again' AND d.state = 'running')"
)
BROKEN = {
    "I27 follows an appeal that was not decided against the shop": (
        "SELECT a.ref FROM appeal a WHERE a.round_no > 1 AND NOT EXISTS (SELECT 1 FROM appeal b "
        f"WHERE {SAME} AND b.round_no = a.round_no - 1 AND b.outcome IN ({LOST}) AND NOT {WON_LATER})"
    ),
    "I27 was begun before the appeal that it follows was decided": (
        f"SELECT a.ref FROM appeal a JOIN appeal b ON {SAME} AND b.round_no = a.round_no - 1 "
        "WHERE b.completed_at IS NULL OR a.started_at < b.completed_at"
    ),
    "I27 allows another number of appeals than the one before it": (
        f"SELECT a.ref FROM appeal a JOIN appeal b ON {SAME} AND b.round_no < a.round_no "
        "WHERE a.rounds_allowed <> b.rounds_allowed"
    ),
    "I27 has used up another number of appeals than were sent": (
        "SELECT p.ref FROM penalty p WHERE p.appeal_rights_used <> "
        f"(SELECT count(*) FROM appeal a WHERE {OF_PENALTY} AND a.attempt > 0)"
    ),
    "I27 can be appealed again though nothing was decided against the shop, or no appeal is left": (
        f"SELECT p.ref FROM penalty p WHERE (p.appeal_window = 'open' AND p.appeal_rights_used > 0) <> {AGAIN} OR "
        f"({AGAIN} AND NOT EXISTS (SELECT 1 FROM appeal a WHERE {OF_PENALTY} AND a.round_no = p.appeal_rights_used "
        f"AND a.round_no < a.rounds_allowed AND a.outcome IN ({LOST})))"
    ),
    "I9 was judged by somebody who had judged the appeal before it": (
        f"SELECT a.ref FROM appeal a JOIN appeal b ON {SAME} AND b.round_no < a.round_no "
        "JOIN review v ON v.case_type = 'appeal' AND v.case_id = a.id AND v.verdict IS NOT NULL "
        "JOIN review w ON w.case_type = 'appeal' AND w.case_id = b.id AND w.verdict IS NOT NULL "
        "WHERE v.concluded_by = w.concluded_by"
    ),
}
