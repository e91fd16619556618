"""The schema: migrations and models agree, and a filled database goes back and forth and loses nothing."""

import warnings

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from portal import Portal, guards, schema, triggers
from portal.cli import invariants
from portal.db import Base, db, rebuilding, session, unit_of_work
from tests import aftersales, make, rulings
from tests.guarded import a_guarded_world, everything


@pytest.fixture
def world(app: Portal) -> Portal:
    """A world of its own for each test."""
    a_guarded_world()
    return app


def test_the_database_has_the_guards_of_the_table_and_no_others(app: Portal) -> None:
    with db.engine.connect() as connection:
        assert triggers.complete(connection)


def test_models_and_migrations_agree(app: Portal) -> None:
    with warnings.catch_warnings(), db.engine.connect() as connection:
        assert schema.differences(connection) == []


def test_a_database_with_after_sales_goes_back_one_version_and_up_again(world: Portal) -> None:
    session().rollback()
    schema.downgrade("0001")
    with db.engine.connect() as connection:
        assert "after_sale" not in inspect(connection).get_table_names()
        assert connection.scalar(text("SELECT count(*) FROM deadline WHERE subject_type = 'aftersale'")) == 0
        assert connection.scalar(text("SELECT count(*) FROM appeal")) == 2
    schema.upgrade()
    session().expire_all()
    with unit_of_work():
        aftersales.an_after_sale(make.a_shop())
    assert [f for f in invariants.faults() if "total" in f or "I8" in f] == []


def test_the_newest_version_can_be_left_and_come_back_to_with_everything_else_equal(world: Portal) -> None:
    gone = ("complaint", "disclosure_request", "override_record")
    theirs = "subject_type IN ('complaint', 'disclosure')"
    before = {name: rows for name, rows in _all_rows().items() if name not in gone}
    assert before["deadline"]
    session().rollback()
    with db.engine.connect() as connection:
        lost = set(connection.execute(text(f"SELECT id FROM deadline WHERE {theirs}")).scalars())
    before["deadline"] = [row for row in before["deadline"] if row[0] not in lost]
    schema.downgrade("0004")
    schema.upgrade()
    after = _all_rows()
    assert {name for name in after if after[name] != before.get(name, [])} == set()
    with db.engine.connect() as connection:
        assert triggers.complete(connection)


def test_the_newest_version_is_the_one_alembic_would_go_to(app: Portal) -> None:
    assert schema.newest() == ScriptDirectory(str(schema.FOLDER)).get_current_head()


def test_a_version_is_not_left_while_somebody_has_a_right_it_alone_knows(world: Portal) -> None:
    with unit_of_work():
        running = "SELECT min(id) FROM deadline WHERE state = 'running'"
        session().execute(text(f"UPDATE deadline SET kind = 'human_review' WHERE id = ({running})"))
    session().rollback()
    with pytest.raises(schema.WouldLose, match="1 appeals that the system closed alone"):
        schema.downgrade("0004")
    assert schema.version() == schema.newest()


def _all_rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row there is, by table, in the order of its first column."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=lambda row: repr(row[:2]))
            for table in Base.metadata.sorted_tables
        }


def test_missing_guards_are_made_anew_without_a_new_version(app: Portal) -> None:
    with rebuilding() as connection:
        guards.remove(connection)
    schema.renew_guards()
    with db.engine.connect() as connection:
        assert triggers.complete(connection)


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
