"""What the database itself refuses: every column of every protected row, each way to change it, on both engines."""

import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import inspect, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal import Portal, appeals, deadlines, guards, schema
from portal.appeals.models import Appeal
from portal.audit import Actor
from portal.cli import invariants
from portal.db import Base, db, session, unit_of_work
from portal.evidence import Received
from tests import aftersales, arbitration, make, redress, rulings
from tests.make import NOON

DAY = timedelta(days=1)
APPEND_ONLY = sorted({g.table for g in guards.GUARDS.values() if g.name.endswith("_no_update")})
FROZEN = {
    "appeal": "status = 'completed'",
    "evidence_item": "state = 'sealed'",
    "after_sale": "status = 'closed'",
    "arbitration": "status = 'final'",
    "offer": "status <> 'proposed'",
    "complaint": "status = 'answered'",
    "disclosure_request": "status <> 'open'",
    "override_record": "status <> 'proposed'",
}
PROTECTED = dict.fromkeys(APPEND_ONLY, "1 = 1") | FROZEN
COLUMNS = [(table, column.name) for table in PROTECTED for column in Base.metadata.tables[table].columns]


@pytest.fixture
def world(app: Portal) -> Portal:
    """A case with everything a case can have: sealed files, a request, a supplement, an extension, a decision."""
    paper = redress.a_document()
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
        _after_the_last_word(appeal, merchant, paper)
        case = aftersales.an_after_sale(shop)
        aftersales.an_offer(case, merchant)
        aftersales.actions.say(case, "请看我们的方案", key="k", by=merchant, at=NOON)
        aftersales.actions.cancel(case, by=aftersales.PLATFORM, at=NOON)
        aftersales.an_offer(aftersales.an_after_sale(shop), merchant)
        arbitration.ruled(shop, merchant, reviewer, "platform_compensates")
        arbitration.ruled(shop, merchant, reviewer)
    return app


def _after_the_last_word(appeal: Appeal, merchant: Actor, paper: Received) -> None:
    """An answered complaint, an answered request, and an order from above that is in effect."""
    first, second = (make.actor(make.a_person("lead")) for _ in range(2))
    complaint, asked = redress.a_complaint(appeal, merchant), redress.a_request(appeal, merchant)
    redress.actions.answer(complaint, outcome="partly", words=redress.ANSWER, by=first, at=NOON)
    given = {"outcome": "granted", "reason": redress.REASON, "exhibits": ()}
    redress.actions.disclose(asked, **given, by=first, at=NOON)
    redress.actions.confirm(redress.an_override(appeal, paper, first), by=second, at=NOON)


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


def test_a_database_with_after_sales_goes_back_one_version_and_up_again(world: Portal) -> None:
    session().rollback()
    schema.downgrade("0001")
    with db.engine.connect() as connection:
        assert "after_sale" not in inspect(connection).get_table_names()
        assert connection.scalar(text("SELECT count(*) FROM deadline WHERE subject_type = 'aftersale'")) == 0
        assert connection.scalar(text("SELECT count(*) FROM appeal")) == 1
    schema.upgrade()
    session().expire_all()
    with unit_of_work():
        aftersales.an_after_sale(make.a_shop())
    assert [f for f in invariants.faults() if "total" in f or "I8" in f] == []


def test_no_version_without_rulings_is_gone_back_to_while_one_is_appealed(world: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        merchant, judge = make.actor(make.a_person("merchant_owner", shop), shop), make.actor(make.a_person("reviewer"))
        make.a_draft(rulings.lost(shop, merchant, judge), merchant)
    before = everything()
    session().rollback()
    with pytest.raises(schema.WouldLose, match=r"1 appeal\(s\) are about a ruling, and version 0003 knows no rulings"):
        schema.downgrade("0003")
    assert (schema.version(), everything()) == (schema.newest(), before)


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
