"""When the disk has what was committed, by what the engines themselves say."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

from portal import Portal, durable
from portal.db import apart, db, session, unit_of_work
from tests import make

FULL, NORMAL = 2, 1


def level() -> int:
    """How SQLite commits a unit of work."""
    with unit_of_work():
        return session().scalar(text("PRAGMA synchronous")) or 0


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch, sqlite_app: Portal) -> list[int]:
    """How long SQLite's log was each time it was brought to the disk."""
    lengths: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (real(file), lengths.append(os.fstat(file).st_size)))
    return lengths


def log() -> Path:
    """SQLite's log."""
    return Path(f"{db.engine.url.database}-wal")


@pytest.mark.usefixtures("sqlite_app")
def test_units_wait_for_the_disk_but_those_that_go_together() -> None:
    assert level() == FULL
    with durable.together(db.engine):
        assert level() == level() == NORMAL
    assert level() == FULL


def test_work_together_is_committed_as_ever(app: Portal) -> None:
    with durable.together(db.engine):
        for number in range(3):
            with unit_of_work():
                make.a_shop(f"店 {number}")
    assert session().scalar(text("SELECT count(*) FROM shop")) == 3


@pytest.mark.usefixtures("sqlite_app")
def test_what_came_while_the_disk_was_busy_is_there_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []
    busy, real = Event(), os.fsync

    def slow(file: int) -> None:
        happened.append("sync")
        assert busy.wait(20)
        real(file)

    monkeypatch.setattr(os, "fsync", slow)
    with durable.together(db.engine):
        for number in range(3):
            with unit_of_work():
                make.a_shop(f"店 {number}")
            happened.append("unit")
        busy.set()
    assert happened.count("unit") == 3
    assert happened[-1] == "sync"


@pytest.mark.usefixtures("sqlite_app")
def test_it_goes_to_the_disk_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, real = Event(), os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (begun.set(), real(file)))
    with durable.together(db.engine):
        with unit_of_work():
            make.a_shop()
        assert begun.wait(20)


def test_a_unit_on_a_connection_of_its_own_goes_there_as_well(synced: list[int]) -> None:
    with durable.together(db.engine), apart() as connection:
        connection.execute(text("DELETE FROM guess"))
    assert len(synced) == 1


def test_a_log_beside_the_file_that_a_link_means_is_found(tmp_path: Path, synced: list[int]) -> None:
    file = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    moved = file.rename(tmp_path / "elsewhere.db")
    file.symlink_to(moved)
    with durable.together(db.engine), unit_of_work():
        make.a_shop()
    assert synced[-1] == Path(f"{moved}-wal").stat().st_size > 0


@pytest.mark.usefixtures("sqlite_app")
def test_an_interruption_leaves_no_connection_that_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    straight = Connection.exec_driver_sql

    def interrupted(self: Connection, statement: str, *of: Any, **more: Any) -> Any:
        done = straight(self, statement, *of, **more)
        if statement == "PRAGMA synchronous=NORMAL":
            raise TimeoutError
        return done

    with monkeypatch.context() as patched, pytest.raises(TimeoutError), durable.together(db.engine):
        patched.setattr(Connection, "exec_driver_sql", interrupted)
        with unit_of_work():
            make.a_shop()
    assert level() == FULL


def test_also_if_the_work_breaks_off(synced: list[int]) -> None:
    with pytest.raises(ZeroDivisionError), durable.together(db.engine):
        with unit_of_work():
            make.a_shop()
        raise ZeroDivisionError
    assert synced[-1] == log().stat().st_size > 0


def test_who_only_looks_does_not_touch_the_disk(synced: list[int]) -> None:
    with durable.together(db.engine):
        session().execute(text("SELECT 1"))
    assert synced == []


@pytest.mark.usefixtures("sqlite_app")
def test_a_disk_that_fails_is_told_and_takes_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", _failing)
    with pytest.raises(OSError, match="broken"), durable.together(db.engine), unit_of_work():
        make.a_shop("岚山茶铺")
    assert session().scalar(text("SELECT name FROM shop")) == "岚山茶铺"
    assert level() == FULL


def test_a_failure_in_the_middle_is_told_as_well(synced: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    fails: list[Callable[[int], object]] = [_failing]
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (fails.pop() if fails else real)(file))
    with pytest.raises(OSError, match="broken"), durable.together(db.engine):
        for number in range(3):
            with unit_of_work():
                make.a_shop(f"店 {number}")
    assert fails == []
    assert session().scalar(text("SELECT count(*) FROM shop")) == 3


@pytest.mark.usefixtures("sqlite_app")
def test_a_log_that_is_gone_has_been_copied_into_the_file() -> None:
    with durable.together(db.engine):
        with unit_of_work():
            make.a_shop()
        db.session.remove()
        db.engine.dispose()  # SQLite copies the log back when the last connection is closed, and removes it
    assert not log().exists()
    assert session().scalar(text("SELECT count(*) FROM shop")) == 1


def _failing(_file: int) -> None:
    raise OSError("the disk is broken")
