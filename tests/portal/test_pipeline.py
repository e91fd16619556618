"""What is sent ahead is done before whatever is asked next, and its failure undoes the unit, on both databases."""

from contextlib import suppress
from time import sleep

import pytest
from sqlalchemy import Select, Update, bindparam, func, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from portal import Portal, bulk, db
from portal.accounts.models import Shop
from portal.db import attempt, end_reading, rows, send, session, unit_of_work
from portal.messages.models import Notice
from portal.refusals import Overtaken
from tests import make
from tests.portal.test_bulk import a_row

MANY = bulk.WORTH_SHARING
COUNT = select(func.count()).select_from(Notice)


@pytest.fixture(params=["rows", "select", "flush", "commit"])
def asking(request: pytest.FixtureRequest) -> str:
    """How the unit goes on after it has sent something."""
    return str(request.param)


@pytest.fixture(autouse=True)
def shop(app: Portal) -> Shop:
    """A shop whose name can be changed."""
    with unit_of_work():
        return make.a_shop()


def renamed(name: str, where: str = "1 = 1") -> Update:
    """All shops of which this holds get the name."""
    return update(Shop).where(text(where)).values(name=name)


def is_postgresql() -> bool:
    """Whether there is a server to which something can be sent ahead."""
    return db.db.engine.dialect.name == "postgresql"


def go_on(asking: str) -> None:
    """Ask something else of the connection, or nothing before the commit."""
    if asking == "rows":
        rows(named())
    elif asking == "select":
        session().execute(text("SELECT 1"))
    elif asking == "flush":
        make.a_shop()


def named() -> Select[tuple[str]]:
    """The names of the shops called so."""
    return select(Shop.name).where(Shop.name == bindparam("name", "new"))


def name_now() -> str:
    """What the first shop is called, by what was committed."""
    end_reading()
    return session().scalar(select(Shop.name).order_by(Shop.id).limit(1)) or ""


def test_whatever_is_asked_next_sees_what_was_sent() -> None:
    with unit_of_work():
        send(renamed("new"), changes=1)
        assert [row.name for row in rows(named())] == ["new"]
        send(renamed("newer"), changes=1)
        assert session().scalar(select(Shop.name)) == "newer"
    assert name_now() == "newer"


def test_many_are_done_in_their_order_and_committed_with_the_unit(asking: str) -> None:
    with unit_of_work():
        for number in range(5):
            send(renamed(f"n{number}"), changes=1)
            bulk.send(Notice, [a_row(100 * number + n) for n in range(MANY)])
        go_on(asking)
    assert name_now() == "n4"
    assert session().scalar(COUNT) == 5 * MANY


def test_another_number_of_rows_than_meant_undoes_the_unit(asking: str) -> None:
    with pytest.raises(Overtaken), unit_of_work():
        send(renamed("new"), changes=1)
        send(renamed("newer", "name = 'nobody'"), changes=1)
        go_on(asking)
    assert name_now() not in ("new", "newer")


def test_a_row_that_is_there_already_undoes_the_unit(asking: str) -> None:
    with unit_of_work():
        bulk.send(Notice, [a_row(1)])
    with pytest.raises(Overtaken), unit_of_work():
        send(renamed("new"))
        bulk.send(Notice, [a_row(n) for n in range(MANY)])
        send(renamed("newer"), changes=1)  # what comes after a failure tells nothing of it
        go_on(asking)
    assert session().scalar(COUNT) == 1
    assert name_now() not in ("new", "newer")


def test_what_the_database_refuses_is_told_as_it_says(asking: str) -> None:
    with pytest.raises(DBAPIError, match="nothere"), unit_of_work():
        send(text("UPDATE shop SET nothere = 1"))
        send(renamed("new"), changes=1)
        go_on(asking)
    assert name_now() != "new"


def test_a_unit_that_raises_leaves_nothing_on_its_way() -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work():
        send(renamed("new"))
        if is_postgresql():
            send(text("UPDATE shop SET nothere = 1"))
        raise ZeroDivisionError
    assert name_now() != "new"
    with unit_of_work():
        send(renamed("next"), changes=1)
    assert name_now() == "next"


def test_what_an_attempt_sent_is_undone_with_it_alone() -> None:
    with unit_of_work():
        send(renamed("kept"))
        with pytest.raises(Overtaken), attempt():
            send(renamed("new"), changes=7)
    assert name_now() == "kept"


@pytest.mark.parametrize("fault", ["count", "constraint", "words"])
def test_an_attempt_that_fails_by_itself_meanwhile_is_undone_as_well(fault: str) -> None:
    with unit_of_work():
        bulk.send(Notice, [a_row(1)])
    with unit_of_work():
        send(renamed("kept"), changes=1)
        with pytest.raises((ZeroDivisionError, Overtaken, DBAPIError)) as told, attempt():
            send(renamed("new"), changes=7 if fault == "count" else 1)
            if fault == "constraint":
                bulk.send(Notice, [a_row(n) for n in range(MANY)])
            if fault == "words":
                send(text("UPDATE shop SET nothere = 1"))
            raise ZeroDivisionError
        if is_postgresql():
            assert told.type is ZeroDivisionError  # SQLite told of the fault at once
        send(renamed("kept on", "name = 'kept'"), changes=1)
    assert name_now() == "kept on"
    assert session().scalar(COUNT) == 1


def test_a_later_statement_that_notices_tells_of_the_first_fault() -> None:
    with unit_of_work():
        bulk.send(Notice, [a_row(1)])
    with unit_of_work():
        with pytest.raises(Overtaken), attempt():
            for _ in range(40):
                bulk.send(Notice, [a_row(n) for n in range(MANY)])
                sleep(0.01)
        send(renamed("kept"), changes=1)
    assert name_now() == "kept"


def test_whoever_keeps_a_failure_to_themselves_commits_nothing() -> None:
    if not is_postgresql():
        return  # there it is told where it happens
    with pytest.raises(Overtaken), unit_of_work():
        send(renamed("new"), changes=7)
        with suppress(Overtaken):
            session().execute(text("SELECT 1"))
    assert name_now() != "new"
    with unit_of_work():
        send(renamed("next"), changes=1)
    assert name_now() == "next"


def test_the_statement_that_failed_is_named(asking: str) -> None:
    with pytest.raises(DBAPIError) as told, unit_of_work():
        send(renamed("new"), changes=1)
        send(text("UPDATE shop SET nothere = 1"))
        send(renamed("newer"), changes=1)
        go_on(asking)
    assert told.value.statement == "UPDATE shop SET nothere = 1"


def test_values_arrive_as_their_types_say() -> None:
    with unit_of_work():
        change = update(Shop).where(Shop.name != bindparam("odd")).values(name="100 % %(x)s :y", return_address="a\\b")
        send(change, {"odd": "%s"}, changes=1)
    assert name_now() == "100 % %(x)s :y"


def test_a_connection_that_is_lost_meanwhile_is_told_and_replaced(asking: str) -> None:
    if not is_postgresql():
        return  # nothing to lose: there is no server
    with pytest.raises(OperationalError), unit_of_work():
        own = session().scalar(text("SELECT pg_backend_pid()"))
        send(renamed("new"))
        with db.db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": own})
        go_on(asking)
    assert name_now() != "new"
