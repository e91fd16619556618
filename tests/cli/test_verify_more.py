"""`portal verify` sees what was changed beside the cases: requests, verdicts, notices, seals, deadlines."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from portal import Portal, guards
from portal.cli import (
    clock_invariants,
    evidence_invariants,
    invariants,
    notice_invariants,
    seals,
    seat_seals,
)
from portal.db import end_reading, session
from tests.cli.test_verify_history import fill

Tamper = Callable[..., None]
QUERIES = evidence_invariants.BROKEN | notice_invariants.BROKEN | clock_invariants.BROKEN


@pytest.fixture(scope="module")
def world(shared_app: Portal) -> Portal:
    """Cases of every kind, for all tests of this file; what one of them changes is undone after it."""
    fill()
    return shared_app


@pytest.fixture
def tamper(world: Portal) -> Iterator[Tamper]:
    """Runs statements that the guards would refuse."""
    guards.remove(session().connection())

    def run(*statements: str) -> None:
        for statement in statements:
            session().execute(text(statement))
        session().expire_all()

    yield run
    end_reading()


def found() -> list[str]:
    """What the checks of this file find."""
    asked = [f"{row[0]} {what}" for what, query in QUERIES.items() for row in session().execute(text(query))]
    return [*asked, *clock_invariants.faults(), *seat_seals.faults()]


NOTHING, ELSE = "was asked for nothing", "was asked for something else than its history tells"
VERDICT = "it is not the one its history tells of"
ANOTHER, SHOWN = "a submission by somebody else", "is shown to others than files of such a case are"
UNTOLD = "took a step of which its shop was told nothing"
DAYS, ENDED, LATE = "shows other days", "ended otherwise than its history tells", "at another instant than it was due"
SOMEBODY = "(SELECT max(id) FROM person)"
OTHER = '[{"requirement_code": "%s", "problem": "incomplete", "note": "other words"}]'
ONE_DAY = '[{"on": "2026-03-02", "kind": "start"}]'
ASKED = "UPDATE evidence_request SET"
MET = "UPDATE deadline SET state = 'met'"
TAMPERED = {
    f"{ASKED} deficiencies = '[]' WHERE case_type = 'appeal'": NOTHING,
    f"{ASKED} deficiencies = '[]' WHERE case_type = 'arbitration'": NOTHING,
    f"{ASKED} deficiencies = '{OTHER % 'carrier_receipt'}' WHERE case_type = 'appeal'": ELSE,
    f"{ASKED} deficiencies = '{OTHER % 'another'}' WHERE case_type = 'arbitration'": ELSE,
    f"{ASKED} reason_code = 'OTHER' WHERE case_type = 'appeal'": ELSE,
    f"{ASKED} reason_code = 'OTHER' WHERE case_type = 'arbitration'": ELSE,
    f"{ASKED} text_to_party = text_to_party || '!' WHERE case_type = 'appeal'": ELSE,
    f"{ASKED} text_to_party = text_to_party || '!' WHERE case_type = 'arbitration'": ELSE,
    f"{ASKED} party = 'merchant' WHERE case_type = 'arbitration'": ELSE,
    f"{ASKED} by = {SOMEBODY}": ELSE,
    "UPDATE review SET verdict = '{\"outcome\": \"upheld\"}' WHERE state = 'concluded'": VERDICT,
    "UPDATE review SET verdict = NULL WHERE state = 'concluded' AND verdict IS NOT NULL": VERDICT,
    f"UPDATE review SET concluded_by = {SOMEBODY} WHERE state = 'concluded'": VERDICT,
    "DELETE FROM notice WHERE case_ref IN (SELECT ref FROM appeal WHERE status = 'completed')": UNTOLD,
    "DELETE FROM notice WHERE template LIKE 'appeal.evidence_requested%'": UNTOLD,
    "DELETE FROM notice WHERE template LIKE 'penalty.issued%'": UNTOLD,
    "DELETE FROM notice WHERE template LIKE 'arbitration.ruled%'": UNTOLD,
    "DELETE FROM notice WHERE template = 'aftersale.paid'": UNTOLD,
    "UPDATE notice SET recipient = 'shop:999' WHERE template = 'appeal.submitted'": UNTOLD,
    f"UPDATE submission SET sealed_by = {SOMEBODY} WHERE case_type = 'appeal'": ANOTHER,
    f"UPDATE submission SET sealed_by = {SOMEBODY} WHERE case_type = 'penalty'": ANOTHER,
    f"UPDATE submission SET sealed_by = {SOMEBODY} WHERE case_type = 'override'": ANOTHER,
    f"UPDATE submission SET sealed_by = {SOMEBODY} WHERE case_type = 'aftersale'": ANOTHER,
    "UPDATE submission SET sealed_by = NULL WHERE case_type = 'appeal'": ANOTHER,
    "UPDATE evidence_item SET visibility = 'both' WHERE case_type = 'appeal'": SHOWN,
    "UPDATE evidence_item SET visibility = 'own' WHERE case_type = 'penalty'": SHOWN,
    "UPDATE evidence_item SET visibility = 'both' WHERE case_type = 'override'": SHOWN,
    "UPDATE deadline SET explain = '[]'": DAYS,
    f"UPDATE deadline SET explain = '{ONE_DAY}'": DAYS,
    f"{MET} WHERE kind = 'supplement' AND state = 'expired'": LATE,
    f"{MET}, closed_at = starts_at WHERE kind = 'supplement' AND state = 'expired'": ENDED,
    "UPDATE deadline SET state = 'expired', closed_at = due_at WHERE kind = 'review' AND state = 'met'": ENDED,
    "UPDATE deadline SET state = 'expired', closed_at = due_at WHERE kind = 'merchant_response'": ENDED,
}


def test_what_was_changed_is_named(tamper: Tamper) -> None:
    tamper("DELETE FROM delivery")
    assert found() == []
    unseen = []
    for statement, says in TAMPERED.items():
        with session().begin_nested() as point:
            tamper(statement)
            unseen += [] if any(says in fault for fault in found()) else [statement]
            point.rollback()
    assert unseen == []


def test_the_command_asks_all_of_it(tamper: Tamper) -> None:
    gone = {f"trigger {name} is missing" for name in guards.GUARDS}
    assert {fault.partition(":")[0] for fault in [*invariants.faults(), *seals.faults()]} <= gone
    said = (NOTHING, VERDICT, UNTOLD, ANOTHER, SHOWN, DAYS, LATE)
    tamper("DELETE FROM delivery", *(next(how for how, says in TAMPERED.items() if says == what) for what in said))
    faults = "\n".join([*invariants.faults(), *seals.faults()])
    assert [what for what in said if what not in faults] == []


def test_what_was_concluded_before_its_event_was_there_is_compared_as_far_as_its_history_goes(tamper: Tamper) -> None:
    tamper("DELETE FROM audit_event WHERE action = 'review.concluded'")
    assert found() == []
    tamper(f"{ASKED} text_to_party = text_to_party || '!'")
    assert found() == []
    tamper(f"{ASKED} reason_code = 'OTHER'")
    assert any(ELSE in fault for fault in found())
