"""`portal verify` names what is wrong, and says nothing when nothing is."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import text

from portal import Portal, appeals, audit, guards
from portal.cli import invariants, seals
from portal.cli.verify import WALKS, command
from portal.db import end_reading, session, unit_of_work
from tests import aftersales, make
from tests.make import NOON

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def world(shared_app: Portal) -> Portal:
    """Cases in every state, for all tests of this file; what one of them changes is undone after it."""
    with unit_of_work():
        shop = make.a_shop()
        merchant, reviewer = (
            make.actor(make.a_person("merchant_owner", shop), shop),
            make.actor(make.a_person("reviewer")),
        )
        make.a_penalty(shop)
        make.a_draft(make.a_penalty(shop), merchant)
        make.an_appeal(shop, merchant)
        make.ask_for_evidence(make.an_appeal(shop, merchant), reviewer)
        for outcome in ("upheld", "rejected", "inadmissible"):
            appeal = make.an_appeal(shop, merchant)
            seat = make.a_seat(appeal, reviewer)
            appeals.actions.decide(appeal, seat, verdict=make.a_verdict(appeal, outcome), by=reviewer, at=NOON + DAY)
        appeals.actions.withdraw(make.an_appeal(shop, merchant), by=merchant, at=NOON + DAY)
        aftersales.actions.accept(aftersales.an_after_sale(shop), by=merchant, at=NOON)
        aftersales.an_offer(aftersales.an_after_sale(shop), merchant)
    return shared_app


@pytest.fixture
def tamper(world: Portal) -> Iterator[Callable[[str], None]]:
    """Runs a statement that the guards would refuse, and leaves them in place."""

    def run(statement: str) -> None:
        connection = session().connection()
        guards.remove(connection)
        connection.execute(text(statement))
        guards.install(connection)

    yield run
    end_reading()


def test_a_world_of_cases_has_no_fault(world: Portal) -> None:
    assert [fault for walk in WALKS.values() for fault in walk()] == []
    result = world.test_cli_runner().invoke(command)
    assert result.exit_code == 0, result.output
    assert "history     ok" in result.output


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE appeal SET outcome = 'upheld' WHERE outcome = 'rejected'", "I5"),
        ("DELETE FROM decision", "I5"),
        ("UPDATE appeal SET statement = 'other words' WHERE outcome = 'rejected'", "I3"),
        ("UPDATE submission SET case_id = case_id + 1000 WHERE kind = 'initial'", "I4 was handed in"),
        ("UPDATE decision SET findings = findings || '!'", "I4"),
        ("UPDATE appeal SET status = 'under_review' WHERE status = 'needs_evidence'", "I7"),
        ("UPDATE review SET state = 'cancelled', claimed_by = NULL, lease_until = NULL WHERE state = 'queued'", "I7"),
        ("UPDATE deadline SET state = 'cancelled' WHERE kind = 'supplement'", "I6"),
        ("UPDATE deadline SET due_at = starts_at", "I8"),
        ("UPDATE tally SET n = n + 1 WHERE name = 'completed'", "completed has a total"),
        ("UPDATE purchase SET committed_minor = committed_minor + 1 WHERE committed_minor > 0", "I14 promises"),
        ("UPDATE after_sale SET requested_minor = requested_minor + 1", "add up"),
        ("UPDATE after_sale SET requested_minor = 30001 WHERE status = 'negotiating'", "asked for more"),
        ("UPDATE purchase_item SET claimed_qty = 0", "I20"),
        ("UPDATE offer SET status = 'declined', answered_at = at", "I21"),
        ("UPDATE after_sale SET status = 'refused' WHERE status = 'negotiating'", "I12"),
        ("UPDATE after_sale SET due_at = opened_at WHERE status = 'negotiating'", "earliest deadline"),
        ("UPDATE tally SET n = n + 1 WHERE name = 'aftersale:to_handle'", "aftersale:to_handle has a total"),
        ("UPDATE notice SET recipient = 'guest:999' WHERE recipient LIKE 'guest:%'", "I16"),
        ("UPDATE measure SET effect = 'active'", "I15"),
    ],
)
def test_whatever_is_broken_behind_its_back_is_named(tamper: Callable[[str], None], statement: str, says: str) -> None:
    tamper(statement)
    assert says in " ".join(invariants.faults())


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE submission SET statement = statement || '!'", "its words were changed"),
        ("UPDATE submission SET manifest_sha256 = 'another'", "not the one its history tells of"),
        ("DELETE FROM audit_event WHERE action = 'appeal.submitted'", "not the one its history tells of"),
        ("UPDATE policy_version SET sha256 = 'another' WHERE code = 'douyin'", "policy_version douyin 1"),
        ("UPDATE calendar_version SET sha256 = 'another' WHERE code = 'CN'", "calendar_version CN 1"),
    ],
)
def test_what_another_place_vouches_for_is_compared_with_it(
    tamper: Callable[[str], None], statement: str, says: str
) -> None:
    tamper(statement)
    assert says in " ".join(seals.faults())


def test_a_calendar_that_cannot_be_read_any_more_is_a_fault_and_no_crash(tamper: Callable[[str], None]) -> None:
    tamper("UPDATE calendar_version SET body = '{}'")
    current_app.extensions["recourse.calendars"].clear()
    assert any("I8 is not what its rule gives" in fault for fault in invariants.faults())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET data = '{}' WHERE seq = 2",
        "UPDATE audit_event SET actor_role = 'nobody' WHERE seq = 1",
        "DELETE FROM audit_event WHERE seq = 1",
        "UPDATE audit_event SET seq = seq + 1000 WHERE seq >= 2",
    ],
)
def test_a_changed_history_is_named(tamper: Callable[[str], None], statement: str) -> None:
    assert list(audit.faults()) == []
    tamper(statement)
    assert list(audit.faults())


def test_faults_make_the_command_fail(world: Portal, tamper: Callable[[str], None]) -> None:
    tamper("DELETE FROM decision")
    result = world.test_cli_runner().invoke(command)
    assert result.exit_code == 1
    assert "FAULT" in result.output


def test_every_walk_reads_only(world: Portal) -> None:
    list(invariants.faults())
    assert not session().dirty
    assert not session().new


def test_a_deadline_that_could_not_be_settled_is_named(world: Portal, tamper: Callable[[str], None]) -> None:
    tamper("UPDATE deadline SET set_aside_at = starts_at, set_aside_why = 'no such case' WHERE kind = 'supplement'")
    result = world.test_cli_runner().invoke(command)
    assert result.exit_code == 1
    assert "deadlines   FAULT" in result.output
    assert "waits for a person: no such case" in result.stderr
