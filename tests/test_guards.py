"""What the database itself refuses: every column of every protected row, each way to change it, on both engines."""

import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import inspect, text, update
from sqlalchemy.exc import DBAPIError

from portal import Portal, appeals, deadlines, guards, schema
from portal.appeals.models import Appeal
from portal.db import Base, db, session, unit_of_work
from tests import make
from tests.make import NOON

DAY = timedelta(days=1)
APPEND_ONLY = sorted({g.table for g in guards.GUARDS.values() if g.name.endswith("_no_update")})
FROZEN = {"appeal": "status = 'completed'", "evidence_item": "state = 'sealed'"}
PROTECTED = dict.fromkeys(APPEND_ONLY, "1 = 1") | FROZEN
COLUMNS = [(table, column.name) for table in PROTECTED for column in Base.metadata.tables[table].columns]


@pytest.fixture
def world(app: Portal) -> Portal:
    """A case with everything a case can have: sealed files, a request, a supplement, an extension, a decision."""
    with unit_of_work():
        shop = make.a_shop()
        merchant, reviewer = (
            make.actor(make.a_person("merchant_owner", shop), shop),
            make.actor(make.a_person("reviewer")),
        )
        appeal = make.ask_for_evidence(make.an_appeal(shop, merchant), reviewer)
        running = deadlines.running("appeal", appeal.id, "supplement")
        deadlines.extend(running, to=running.due_at + DAY, cause="reviewer", by=reviewer.pseudonym, at=NOON)
        appeal.due_at = running.due_at
    with unit_of_work():
        make.supplement(appeal, merchant)
        appeals.actions.decide(
            appeal, make.a_seat(appeal, reviewer), verdict=make.a_verdict(appeal), by=reviewer, at=NOON
        )
    return app


@pytest.fixture
def refused(world: Portal) -> Iterator[Callable[[str], None]]:
    """Runs a statement that must be refused for being a change to what is immutable, and must leave no trace."""

    def run(statement: str) -> None:
        before = everything()
        with pytest.raises(DBAPIError, match="immutable") as caught, unit_of_work():
            session().execute(text(statement))
        del caught
        assert everything() == before

    return run


def everything() -> dict[str, int]:
    """How many rows each protected table has."""
    return {
        table: session().scalar(text(f"SELECT count(*) FROM {table} WHERE {where}"))
        for table, where in PROTECTED.items()
    }


def test_every_protected_table_has_a_row_to_protect(world: Portal) -> None:
    assert len(APPEND_ONLY) >= 8
    assert [table for table, rows in everything().items() if not rows] == []


@pytest.mark.parametrize("table", PROTECTED)
def test_no_column_can_be_updated(world: Portal, table: str) -> None:
    for column in Base.metadata.tables[table].columns:
        with pytest.raises(DBAPIError, match="immutable"), unit_of_work():
            session().execute(text(f"UPDATE {table} SET {column.name} = {column.name} WHERE {PROTECTED[table]}"))


@pytest.mark.parametrize("table", PROTECTED)
def test_no_row_can_be_deleted(refused: Callable[[str], None], table: str) -> None:
    refused(f"DELETE FROM {table} WHERE {PROTECTED[table]}")


@pytest.mark.parametrize("table", PROTECTED)
def test_no_row_can_be_overwritten(refused: Callable[[str], None], table: str) -> None:
    columns = ", ".join(column.name for column in Base.metadata.tables[table].columns)
    same = f"SELECT {columns} FROM {table} WHERE {PROTECTED[table]}"
    if db.engine.dialect.name == "sqlite":
        refused(f"INSERT OR REPLACE INTO {table} ({columns}) {same}")
        refused(f"REPLACE INTO {table} ({columns}) {same}")
    refused(f"INSERT INTO {table} ({columns}) {same} ON CONFLICT (id) DO UPDATE SET id = excluded.id")


@pytest.mark.parametrize("table", PROTECTED)
def test_no_table_can_be_emptied(refused: Callable[[str], None], table: str) -> None:
    if db.engine.dialect.name == "sqlite":
        refused(f"DELETE FROM {table}")
    else:
        refused(f"TRUNCATE {table} CASCADE")


def test_the_orm_in_bulk_is_refused_too(world: Portal) -> None:
    with pytest.raises(DBAPIError, match="immutable"), unit_of_work():
        session().execute(update(Appeal).values(outcome="upheld"))
    with pytest.raises(DBAPIError, match="immutable"), unit_of_work():
        session().query(Appeal).filter(Appeal.status == "completed").delete()


def test_a_sent_appeal_never_is_a_draft_again_and_never_vanishes(world: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        make.an_appeal(shop, make.actor(make.a_person("merchant_owner", shop), shop))
    for statement in (
        "UPDATE appeal SET status = 'draft' WHERE status = 'under_review'",
        "DELETE FROM appeal WHERE status = 'under_review'",
        "DELETE FROM penalty",
        "DELETE FROM measure",
        "DELETE FROM review",
    ):
        with pytest.raises(DBAPIError, match="immutable"), unit_of_work():
            session().execute(text(statement))


def test_a_due_date_never_comes_earlier(world: Portal) -> None:
    earlier = "datetime(due_at, '-1 day')" if db.engine.dialect.name == "sqlite" else "due_at - interval '1 day'"
    with pytest.raises(DBAPIError, match="immutable"), unit_of_work():
        session().execute(text(f"UPDATE deadline SET due_at = {earlier}"))


def test_the_database_has_the_guards_of_the_table_and_no_others(app: Portal) -> None:
    with db.engine.connect() as connection:
        there = {name for name, _table in guards.installed(connection)}
    dialect = db.engine.dialect.name
    wanted = {g.name for g in guards.GUARDS.values() if (g.sqlite if dialect == "sqlite" else g.postgresql)}
    assert there == wanted


def test_models_and_migrations_agree(app: Portal) -> None:
    with warnings.catch_warnings(), db.engine.connect() as connection:
        assert schema.differences(connection) == []


def test_a_filled_database_goes_down_and_up_and_keeps_its_guards(world: Portal) -> None:
    before, count = everything(), len(guards.GUARDS)
    session().rollback()
    schema.upgrade()
    session().expire_all()
    assert everything() == before
    with db.engine.connect() as connection:
        assert len(list(guards.installed(connection))) > count / 2
    session().rollback()
    schema.downgrade("base")
    assert [t for t in inspect(db.engine).get_table_names() if t != "alembic_version"] == []
    schema.upgrade()
    assert schema.version() == schema.newest()
