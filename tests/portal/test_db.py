"""Returning commits, raising rolls back; instants keep their zone and their microseconds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from portal import Portal
from portal.accounts.models import Shop
from portal.db import after_commit, apart, attempt, end_reading, rebuilding, session, unit_of_work
from portal.refusals import Overtaken
from tests import make

pytestmark = pytest.mark.usefixtures("app")


def shops() -> int:
    """How many shops there are."""
    return session().scalar(select(func.count()).select_from(Shop)) or 0


def test_returning_commits() -> None:
    with unit_of_work():
        make.a_shop()
    end_reading()
    assert shops() == 1


def test_raising_rolls_back_and_breaks_every_promise() -> None:
    kept: list[str] = []
    with pytest.raises(ZeroDivisionError), unit_of_work():
        make.a_shop()
        after_commit(lambda: kept.append("told"))
        raise ZeroDivisionError
    assert shops() == 0
    assert kept == []


def test_a_promise_is_kept_after_the_commit() -> None:
    seen: list[int] = []
    with unit_of_work():
        make.a_shop()
        after_commit(lambda: seen.append(shops()))
        assert seen == []
    assert seen == [1]


def test_a_unit_never_opens_inside_another() -> None:
    with pytest.raises(RuntimeError), unit_of_work(), unit_of_work():
        pass


def test_a_version_that_moved_is_overtaken() -> None:
    with unit_of_work():
        shop = make.a_shop()
    with pytest.raises(Overtaken), unit_of_work():
        assert shop.version == 1
        session().execute(text("UPDATE shop SET version = 7"))
        shop.name = "another"


def test_an_attempt_is_undone_alone() -> None:
    with unit_of_work():
        shop = make.a_shop()
        with pytest.raises(IntegrityError), attempt():
            session().add(Shop(ref=shop.ref, external_id="x", name="x", created_at=make.NOON))
            session().flush()
        make.a_shop()
    assert shops() == 2


def test_a_unit_apart_shares_nobodys_fate() -> None:
    with apart() as connection:
        connection.execute(text("INSERT INTO tally (scope, name, n) VALUES ('t', 't', 5)"))
    with pytest.raises(ZeroDivisionError), unit_of_work():
        raise ZeroDivisionError
    assert session().scalar(text("SELECT n FROM tally WHERE scope = 't'")) == 5


def test_an_instant_comes_back_as_it_went_in() -> None:
    beijing = datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with unit_of_work():
        shop = make.a_shop()
        shop.created_at = beijing
    session().refresh(shop)
    assert shop.created_at == beijing
    assert shop.created_at.tzinfo is UTC


def test_a_naive_instant_is_refused_at_the_door() -> None:
    with pytest.raises(StatementError, match="naive"), unit_of_work():
        make.a_shop().created_at = datetime(2026, 3, 2)


def test_a_rebuilt_table_may_not_leave_orphans(sqlite_app: Portal) -> None:
    with unit_of_work():
        make.a_person("merchant_owner", make.a_shop())
    end_reading()
    with pytest.raises(IntegrityError, match="dangling"), rebuilding() as connection:
        connection.execute(text("DELETE FROM shop"))
    assert shops() == 1
