"""The schema: migrations and models agree, and a filled database goes back and forth and loses nothing."""

import warnings

import pytest
from sqlalchemy import inspect, text

from portal import Portal, guards, schema
from portal.cli import invariants
from portal.db import db, session, unit_of_work
from tests import aftersales, make
from tests.guarded import a_guarded_world, everything


@pytest.fixture
def world(app: Portal) -> Portal:
    """A world of its own for each test."""
    a_guarded_world()
    return app


def test_the_database_has_the_guards_of_the_table_and_no_others(app: Portal) -> None:
    with db.engine.connect() as connection:
        there = {name for name, _table in guards.installed(connection)}
    dialect = db.engine.dialect.name
    wanted = {g.name for g in guards.GUARDS.values() if (g.sqlite if dialect == "sqlite" else g.postgresql)}
    assert there == wanted


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
