"""`portal verify` compares what triggers keep with what they count, and the triggers with the code."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal import Portal, guards, schema
from portal.cli import invariants, seals
from portal.db import db, end_reading, rebuilding, session, unit_of_work
from tests import arbitration, make
from tests.guarded import a_guarded_world

KEPT = ("completed", "under_review", "to_appeal", "open", "aftersale:%", "type:%", "unread:%")


@pytest.fixture(scope="module")
def world(shared_app: Portal) -> Portal:
    """Something under every name that is counted; what a test changes is undone after it."""
    a_guarded_world()
    with unit_of_work():
        shop = make.a_shop()
        merchant, judge = make.actor(make.a_person("merchant_owner", shop), shop), make.actor(make.a_person("reviewer"))
        make.a_penalty(shop)
        make.an_appeal(shop, merchant)
        make.ask_for_evidence(make.an_appeal(shop, merchant), judge)
        arbitration.ruled(shop, merchant, judge)
    return shared_app


@pytest.fixture
def undone(world: Portal) -> Iterator[None]:
    """Ends what the test has begun."""
    end_reading()
    yield
    end_reading()


def test_every_total_is_what_it_counts(world: Portal) -> None:
    assert totals() == []
    kept = set(session().scalars(text("SELECT DISTINCT name FROM tally WHERE n > 0")))
    assert [name for name in KEPT if not any(one.startswith(name.rstrip("%")) for one in kept)] == []


def totals() -> list[str]:
    return [fault for fault in invariants.faults() if "total" in fault]


@pytest.mark.parametrize("name", [*KEPT, "needs_evidence"])
@pytest.mark.parametrize("change", ["DELETE FROM tally", "UPDATE tally SET n = n + 1"])
@pytest.mark.usefixtures("undone")
def test_a_total_that_is_gone_or_wrong_is_named(change: str, name: str) -> None:
    where = f"WHERE name LIKE '{name}' AND n > 0"
    which = " ".join(min(session().execute(text(f"SELECT scope, name FROM tally {where}"))))
    session().connection().execute(text(f"{change} {where}"))
    found = totals()
    assert found
    assert found[0].startswith(f"{which} has a total that is not what it counts: ")
    assert all(" has a total that is not what it counts: " in fault for fault in found)


@pytest.mark.usefixtures("undone")
def test_what_nobody_counts_has_no_total_and_nothing_needs_none() -> None:
    session().connection().execute(text("DELETE FROM tally WHERE n = 0"))
    assert totals() == []
    session().connection().execute(text("INSERT INTO tally (scope, name, n) VALUES ('queue', 'shut', 0)"))
    assert totals() == []
    session().connection().execute(text("INSERT INTO tally (scope, name, n) VALUES ('queue', 'late', 2)"))
    assert totals() == ["queue late has a total that is not what it counts: 2, and there are 0"]


def triggers() -> list[str]:
    return [fault for fault in seals.faults() if fault.startswith("trigger")]


def test_the_triggers_are_those_of_the_code(world: Portal) -> None:
    assert triggers() == []


@pytest.fixture
def rebuilt(world: Portal) -> Iterator[None]:
    """Makes all triggers anew after the test."""
    end_reading()
    yield
    end_reading()
    with rebuilding() as connection:
        guards.install(connection)


@pytest.mark.usefixtures("rebuilt")
def test_a_trigger_that_is_gone_is_named() -> None:
    with rebuilding() as connection:
        guards.remove(connection)
    assert "trigger decision_no_update is missing: decision is not protected" in triggers()


MADE = "CREATE TRIGGER appeal_frozen_update BEFORE UPDATE ON appeal FOR EACH ROW WHEN "
SAYS = "BEGIN SELECT RAISE(ABORT, 'appeal is immutable (frozen_update)'); END"
EMPTY = (
    "CREATE OR REPLACE FUNCTION guard_appeal_frozen_update() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN COALESCE(NEW, OLD); END $$"
)
CALLS = "EXECUTE FUNCTION guard_appeal_frozen_update()"
REPLACED = {
    "sqlite": ["DROP TRIGGER appeal_frozen_update", f"{MADE} OLD.status = 'completed' BEGIN SELECT 1; END"],
    "postgresql": [EMPTY],
}
NEVER = {
    "sqlite": ["DROP TRIGGER appeal_frozen_update", f"{MADE} OLD.status = 'no' {SAYS}"],
    "postgresql": ["DROP TRIGGER appeal_frozen_update ON appeal", f"{MADE} (OLD.status = 'no') {CALLS}"],
}
OFF = {"postgresql": ["ALTER TABLE appeal DISABLE TRIGGER appeal_frozen_update"]}


@pytest.mark.parametrize("change", [REPLACED, NEVER, OFF], ids=["replaced", "never", "off"])
@pytest.mark.usefixtures("rebuilt")
def test_a_trigger_that_does_something_else_is_named(change: dict[str, list[str]]) -> None:
    statements = change.get(db.engine.dialect.name, [])
    with rebuilding() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    says = "trigger appeal_frozen_update is not the one of this version: appeal is not protected"
    assert triggers() == ([says] if statements else [])


@pytest.mark.usefixtures("rebuilt")
def test_a_trigger_that_nobody_here_made_is_named() -> None:
    with rebuilding() as connection:
        does = "BEGIN SELECT 1; END" if connection.dialect.name == "sqlite" else CALLS
        connection.exec_driver_sql(f"CREATE TRIGGER mine AFTER UPDATE ON appeal FOR EACH ROW {does}")
    assert triggers() == ["trigger mine is none of this version"]


@pytest.mark.usefixtures("rebuilt")
def test_a_release_makes_them_anew_where_they_do_something_else() -> None:
    with rebuilding() as connection:
        for statement in REPLACED[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    schema.renew_guards()
    assert triggers() == []
