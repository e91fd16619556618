"""What the history of a case must tell of its rows, each as one query that finds whoever's doesn't.

Every step is written into the history in the unit of work that takes it, and bears the same instant as the rows that
it wrote. So whoever cuts the end off a history leaves rows behind with an instant of which it knows nothing. Numbers
refer to the list in docs/invariants.md.
"""

from collections.abc import Iterable

CASES = {
    "penalty": ("PN", "imported_at"),
    "appeal": ("AP", "started_at", "submitted_at", "completed_at"),
    "after_sale": ("AS", "imported_at", "closed_at"),
    "arbitration": ("AR", "opened_at", "disclosed_at", "decided_at", "ended_at"),
    "complaint": ("CP", "filed_at", "answered_at"),
    "purchase": ("OR", "imported_at"),
}
"""The tables whose rows have a history of their own: how its name begins, and the instants that a row shows."""
STATELESS = ("purchase",)


def _told(chain: str, at: str) -> str:
    """Whether the history has an event of this instant."""
    return f"EXISTS (SELECT 1 FROM audit_event e WHERE e.chain = {chain} AND e.at = {at})"


def _heard(after_sale: str, at: str) -> str:
    """Whether the history of an arbitration of this case has one."""
    return f"EXISTS (SELECT 1 FROM arbitration r WHERE r.after_sale_id = {after_sale} AND {_told('r.ref', at)})"


def either(queries: Iterable[str]) -> str:
    """Whoever any of these finds."""
    return " UNION ALL ".join(queries)


def _of(table: str, row: str, case: str, case_type: str = "") -> str:
    """The rows of a table that hang on cases of one kind, each with its case as `c`."""
    mine = f"{row}.case_id AND {row}.case_type = '{case_type}'" if case_type else f"{row}.{case}_id"
    return f"{table} {row} JOIN {case} c ON c.id = {mine}"


def _clocks(subject: str, table: str) -> str:
    """The deadlines that ended by a step: one that ran out in silence is told of only where that led on.

    The time to appeal a penalty is met by a step of the appeal, and another appeal gives up the look of a person.
    """
    silent = "d.state = 'expired' AND d.kind IN ('human_review', 'evidence', 'rebuttal', 'supplement')"
    elsewhere = "d.subject_type = 'penalty' AND d.kind IN ('file_appeal', 'file_again') AND d.state = 'met'"
    given_up = "d.kind = 'human_review' AND d.state = 'cancelled'"
    return (
        f"deadline d JOIN {table} c ON c.id = d.subject_id AND d.subject_type = '{subject}' "
        f"AND NOT ({silent}) AND NOT ({elsewhere}) AND NOT ({given_up})"
    )


BESIDE = (
    ("a decision", "decision d", "d.case_ref", "d.decided_at"),
    ("a seat", "review v", "v.case_ref", "v.opened_at", "v.concluded_at"),
    ("a request for evidence", _of("evidence_request", "r", "appeal", "appeal"), "c.ref", "r.at"),
    ("a request for evidence", _of("evidence_request", "r", "arbitration", "arbitration"), "c.ref", "r.at"),
    ("a submission", _of("submission", "s", "appeal", "appeal"), "c.ref", "s.sealed_at"),
    ("a submission", _of("submission", "s", "penalty", "penalty"), "c.ref", "s.sealed_at"),
    ("a submission", _of("submission", "s", "override_record", "override"), "c.case_ref", "s.sealed_at"),
    ("an offer", _of("offer", "o", "after_sale"), "c.ref", "o.at", "o.answered_at"),
    ("a message", _of("after_sale_message", "m", "after_sale"), "c.ref", "m.at"),
    ("a request to see", "disclosure_request c", "c.case_ref", "c.filed_at", "c.answered_at"),
    ("an order from above", "override_record c", "c.case_ref", "c.proposed_at", "c.closed_at"),
    ("a deadline that ended", _clocks("penalty", "penalty"), "c.ref", "d.closed_at"),
    ("a deadline that ended", _clocks("appeal", "appeal"), "c.ref", "d.closed_at"),
    ("a deadline that ended", _clocks("aftersale", "after_sale"), "c.ref", "d.closed_at"),
    ("a deadline that ended", _clocks("arbitration", "arbitration"), "c.ref", "d.closed_at"),
    ("a deadline that ended", _clocks("complaint", "complaint"), "c.ref", "d.closed_at"),
    ("a deadline that ended", _clocks("disclosure", "disclosure_request"), "c.case_ref", "d.closed_at"),
)
"""What lies beside a case: what it is, its rows, the name of the history, and the instants they show."""


def _untold(rows: str, chain: str, *instants: str) -> str:
    return either(f"SELECT {chain} FROM {rows} WHERE {at} IS NOT NULL AND NOT {_told(chain, at)}" for at in instants)


def _numbers(case: str, rows: str, *actions: str) -> str:
    """Whoever has another number of these rows than of events that each tell of one."""
    among = ", ".join(f"'{action}'" for action in actions)
    return (
        f"SELECT c.ref FROM {case} c WHERE (SELECT count(*) FROM {rows}) <> "
        f"(SELECT count(*) FROM audit_event e WHERE e.chain = c.ref AND e.action IN ({among}))"
    )


LAST = (
    "coalesce((SELECT e.to_status FROM audit_event e WHERE e.chain = c.ref AND e.to_status IS NOT NULL "
    "ORDER BY e.seq DESC LIMIT 1), '')"
)
PASSED_ON = "('second', 'tiebreak')"
HEARING = (
    "(SELECT max(r.ref) FROM arbitration r WHERE r.after_sale_id = c.id AND r.opened_at <= s.sealed_at "
    "AND (r.ended_at IS NULL OR s.sealed_at <= r.ended_at))"
)
BROKEN = {
    "I12 has a state that its history doesn't end in": either(
        f"SELECT c.ref FROM {table} c WHERE c.status <> {LAST}" for table in CASES if table not in STATELESS
    ),
    "I12 shows an instant of which its history tells nothing": either(
        _untold(f"{table} c", "c.ref", *(f"c.{at}" for at in instants)) for table, (_prefix, *instants) in CASES.items()
    ),
    **{
        f"I12 has {what} of which its history tells nothing": either(
            _untold(*rest) for name, *rest in BESIDE if name == what
        )
        for what in dict.fromkeys(name for name, *_rest in BESIDE)
    },
    "I12 has evidence of which neither its history nor its case's tells": (
        f"SELECT coalesce({HEARING}, c.ref) FROM {_of('submission', 's', 'after_sale', 'aftersale')} "
        f"WHERE NOT {_told('c.ref', 's.sealed_at')} AND NOT {_heard('c.id', 's.sealed_at')}"
    ),
    "I12 has a seat of somebody of whose claim its history tells nothing": (
        "SELECT v.case_ref FROM review v JOIN person q ON q.id = coalesce(v.claimed_by, v.concluded_by) "
        "WHERE NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.chain = v.case_ref AND e.action = 'review.claimed' "
        "AND e.actor = q.pseudonym)"
    ),
    "I12 has a history and is gone": either(
        f"SELECT e.chain FROM audit_event e WHERE e.seq = 1 AND e.chain LIKE '{prefix}-%' AND NOT EXISTS "
        f"(SELECT 1 FROM {table} c WHERE c.ref = e.chain) AND NOT EXISTS "
        "(SELECT 1 FROM audit_event f WHERE f.chain = e.chain AND f.action = 'appeal.discarded')"
        for table, (prefix, *_instants) in CASES.items()
    ),
    "I12 has another number of messages than its history tells of": _numbers(
        "after_sale", "after_sale_message m WHERE m.after_sale_id = c.id", "aftersale.said"
    ),
    "I12 has another number of offers than its history tells of": _numbers(
        "after_sale", "offer o WHERE o.after_sale_id = c.id", "aftersale.offered", "aftersale.countered"
    ),
    "I12 has another number of decisions than its history tells of": either(
        _numbers(case, f"decision d WHERE d.case_type = '{case}' AND d.case_id = c.id", *actions)
        for case, actions in (
            ("appeal", ("appeal.decided", "appeal.closed", "appeal.human_review_decided")),
            ("arbitration", ("arbitration.ruled",)),
        )
    ),
    "I12 was passed on to another reviewer another number of times than its history tells of": either(
        _numbers(case, f"review v WHERE v.case_ref = c.ref AND v.seat IN {PASSED_ON}", f"{case}.recommended")
        for case in ("appeal", "arbitration")
    ),
    "I12 was asked for evidence another number of times than its history tells of": either(
        _numbers(
            case, f"evidence_request r WHERE r.case_type = '{case}' AND r.case_id = c.id", f"{case}.evidence_requested"
        )
        for case in ("appeal", "arbitration")
    ),
    "I12 is told of in a notice of which its history knows nothing": (
        "SELECT n.case_ref FROM notice n WHERE n.case_type IN ('penalty', 'appeal', 'aftersale', 'ruling') "
        "AND n.recipient LIKE 'shop:%' AND n.template NOT LIKE '%reminder%' "
        f"AND NOT {_told('n.case_ref', 'n.created_at')} AND NOT EXISTS (SELECT 1 FROM after_sale c "
        f"WHERE c.ref = n.case_ref AND {_heard('c.id', 'n.created_at')})"
    ),
}
