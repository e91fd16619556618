"""What the database itself refuses: every column of every protected row, each way to change it, on both engines."""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal import Portal, guards
from portal.appeals.models import Appeal
from portal.db import Base, db, session, unit_of_work
from tests.guarded import APPEND_ONLY, FROZEN, PROTECTED, a_guarded_world, everything


@pytest.fixture(scope="module")
def world(shared_app: Portal) -> Portal:
    """The world, for all tests of this file; none of them changes anything."""
    a_guarded_world()
    return shared_app


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


def test_every_protected_table_has_a_row_to_protect(world: Portal) -> None:
    assert [table for table, rows in everything().items() if not rows] == []


@pytest.mark.parametrize(
    ("tables", "rules"),
    [(APPEND_ONLY, ("no_update", "no_delete")), (FROZEN, ("frozen_update", "frozen_delete"))],
)
def test_the_code_protects_the_tables_that_are_listed_here_and_no_others(
    tables: Collection[str], rules: tuple[str, str]
) -> None:
    """So a guard taken away is missed, and a new one is tried in every way as well."""
    update, delete = rules
    declared = {guard.table for guard in guards.GUARDS.values() if guard.name == f"{guard.table}_{update}"}
    assert declared == set(tables)
    for rule in (delete, "no_overwrite", "no_truncate"):
        assert {f"{table}_{rule}" for table in tables} <= guards.GUARDS.keys()


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


def test_no_row_can_be_overwritten_by_one_of_another_number_with_its_key(world: Portal) -> None:
    """From a bare connection, where SQLite's OR REPLACE deletes without a word to any trigger."""
    if db.engine.dialect.name != "sqlite":
        return
    with closing(sqlite3.connect(str(db.engine.url.database))) as bare:
        for table, where in PROTECTED.items():
            columns = [c.name for c in Base.metadata.tables[table].columns if c.name != "id"]
            same = f"SELECT id + 1000000, {', '.join(columns)} FROM {table} WHERE {where} LIMIT 1"
            if len(list(guards.unique_keys(Base.metadata.tables[table]))) > 1:
                with pytest.raises(sqlite3.IntegrityError, match="immutable"):
                    bare.execute(f"INSERT OR REPLACE INTO {table} (id, {', '.join(columns)}) {same}")
                bare.rollback()
        for column in ("ref", "id", "rowid", "oid", "_rowid_"):
            of_the_sent = f"(SELECT {column} FROM appeal WHERE status = 'completed')"
            with pytest.raises(sqlite3.IntegrityError, match="immutable"):
                bare.execute(f"UPDATE OR REPLACE appeal SET {column} = {of_the_sent} WHERE status <> 'completed'")
            bare.rollback()


@pytest.mark.parametrize("table", PROTECTED)
def test_no_table_can_be_emptied(refused: Callable[[str], None], table: str) -> None:
    if db.engine.dialect.name == "sqlite":
        refused(f"DELETE FROM {table}")
    else:
        refused(f"TRUNCATE {table} CASCADE")


def test_the_orm_in_bulk_is_refused_too(world: Portal) -> None:
    with pytest.raises(DBAPIError, match="immutable"), unit_of_work():
        session().execute(update(Appeal).where(Appeal.status == "completed").values(outcome="upheld"))
    with pytest.raises(DBAPIError, match="immutable"), unit_of_work():
        session().query(Appeal).filter(Appeal.status == "completed").delete()


def test_a_sent_appeal_never_is_a_draft_again_and_never_vanishes(world: Portal) -> None:
    for statement in (
        "UPDATE appeal SET status = 'draft' WHERE status = 'under_review'",
        "DELETE FROM appeal WHERE status = 'under_review'",
        "DELETE FROM penalty",
        "DELETE FROM arbitration",
        "DELETE FROM measure",
        "DELETE FROM review",
        "DELETE FROM after_sale",
        "DELETE FROM offer",
        "DELETE FROM buyer",
        "DELETE FROM purchase",
        "DELETE FROM purchase_item",
        "DELETE FROM complaint",
        "DELETE FROM disclosure_request",
        "DELETE FROM override_record",
        "UPDATE purchase SET paid_minor = paid_minor + 1",
        "UPDATE purchase SET currency = 'EUR'",
        "UPDATE purchase_item SET qty = qty + 1",
    ):
        with pytest.raises(DBAPIError, match="immutable"), unit_of_work():
            session().execute(text(statement))


SECOND_OFFER = """
    INSERT INTO offer (after_sale_id, seq, by_party, kind, amount_minor, note, status, at, version)
    SELECT after_sale_id, 9, 'buyer', kind, amount_minor, '', 'proposed', at, 1 FROM offer WHERE status = 'proposed'
"""


def test_the_database_itself_refuses_to_promise_or_claim_too_much(world: Portal) -> None:
    for statement in (
        "UPDATE purchase SET committed_minor = paid_minor + 1",
        "UPDATE purchase SET committed_minor = -1",
        "UPDATE purchase_item SET claimed_qty = qty + 1",
        "UPDATE after_sale SET tab = 'completed' WHERE status = 'negotiating'",
        "UPDATE after_sale SET agreed_minor = requested_minor + 1 WHERE status = 'negotiating'",
        SECOND_OFFER,
    ):
        with pytest.raises(IntegrityError), unit_of_work():
            session().execute(text(statement))


def test_a_due_date_never_comes_earlier(world: Portal) -> None:
    earlier = "datetime(due_at, '-1 day')" if db.engine.dialect.name == "sqlite" else "due_at - interval '1 day'"
    with pytest.raises(DBAPIError, match="immutable"), unit_of_work():
        session().execute(text(f"UPDATE deadline SET due_at = {earlier}"))
