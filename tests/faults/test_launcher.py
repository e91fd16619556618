"""`portal serve` as real processes: what it says, what it survives, what it leaves behind."""

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import portal
from portal.cli.launcher import prepare
from portal.config import Config
from tests.faults.running import Running, eventually, free_port, left_behind, settings


@pytest.fixture
def named() -> str:
    """What the data folder is called; a test may choose another name, with signs that mean something in addresses."""
    return "data"


@pytest.fixture
def folder(tmp_path: Path, named: str) -> Path:
    """A data folder."""
    return tmp_path / named


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Running]]:
    """Starts a portal on the folder; when the test is over, no process may be left."""
    started: list[Running] = []

    def start(**more: str) -> Running:
        started.append(Running(folder, **more))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.end(signal.SIGTERM)
    assert eventually(lambda: not left_behind(folder), 10), left_behind(folder)


def people(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "recourse.db")) as database:
        return database.execute("SELECT email, pseudonym FROM person ORDER BY id").fetchall()


def serve(folder: Path, port: int) -> Result:
    return CliRunner().invoke(portal, ["serve"], env=settings(folder, port))


@pytest.mark.parametrize("named", ["my data, 50%?"])
def test_ctrl_c_and_kill_9_leave_no_process_and_the_data_stays(
    folder: Path, start: Callable[[], Running], named: str
) -> None:
    first = start()
    assert first.says(f"The portal is at http://127.0.0.1:{first.port}"), first.lines
    assert any("merchant@demo.example" in line for line in first.lines)
    assert first.answers()
    assert first.says("worker.started"), first.lines
    before = people(folder)
    assert first.end(signal.SIGINT) == 0
    assert not [line for line in first.lines if "Traceback" in line or "ready to exit" in line]
    assert left_behind(folder) == []

    second = start()
    assert second.says("The portal is at"), second.lines
    assert not any("was made" in line for line in second.lines)
    assert people(folder) == before != []
    second.end(signal.SIGKILL)
    assert eventually(lambda: not left_behind(folder), 10), left_behind(folder)


def test_a_part_killed_with_9_is_started_again_and_said_so(folder: Path, start: Callable[[], Running]) -> None:
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(folder / "valkey.sock"))
    running = start()
    assert running.says("The portal is at"), running.lines
    assert any("A stale socket of an earlier run was removed." in line for line in running.lines)
    assert running.says("schedule.started"), running.lines
    assert_a_second_one_is_refused(running)

    before = {part: running.group(part) for part in ("redis", "web", "worker", "schedule", "watchdog")}
    for group in before.values():
        os.kill(group, signal.SIGKILL)
    for part in ("redis", "web", "worker", "schedule"):
        assert running.says(f"{part} was ended by SIGKILL; it is started again in 0.5 s"), running.lines
    assert running.says("a new one is posted"), running.lines
    assert running.answers()
    assert eventually(lambda: all(running.group(part) != group for part, group in before.items()))
    assert running.end(signal.SIGTERM) == 0
    assert not [line for line in running.lines if "Traceback" in line]


def test_without_redis_all_is_said_in_lines_and_stops_at_once(folder: Path, start: Callable[..., Running]) -> None:
    running = start(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert running.says("worker.waits_for_redis"), running.lines
    assert running.says("queue.unreachable"), running.lines
    assert running.answers()
    asked = time.monotonic()
    assert running.end(signal.SIGTERM) == 0
    assert time.monotonic() - asked < 8
    assert not [line for line in running.lines if "Traceback" in line]


def assert_a_second_one_is_refused(running: Running) -> None:
    same_folder = serve(running.folder, free_port())
    assert same_folder.exit_code == 5
    assert same_folder.stderr.startswith(f"portal: Another portal (process {running.process.pid}) runs on DATA_DIR")
    same_port = serve(running.folder.with_name("other"), running.port)
    assert same_port.exit_code == 3
    assert same_port.stderr.startswith(f"portal: Port {running.port} on 127.0.0.1 is taken")


def test_a_data_folder_that_cannot_be_written_is_said_in_a_sentence() -> None:
    answer = CliRunner().invoke(
        portal, ["serve"], env=settings(Path("/proc/recourse"), free_port()) | {"SECRET_KEY": ""}
    )
    assert answer.exit_code == 4
    assert answer.stderr.startswith("portal: DATA_DIR /proc/recourse can't be written")


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('9999')",
         "The database is of version 9999, which this portal does not know"),
        ("CREATE TABLE person (id INTEGER)", "The database can't be used: table person already exists."),
        (None, "The database can't be used: file is not a database."),
    ],
)  # fmt: skip
def test_a_database_that_is_not_ours_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], script: str | None, sentence: str
) -> None:
    if script is None:
        (tmp_path / "recourse.db").write_bytes(b"These are the words of somebody else." * 100)
    else:
        with closing(sqlite3.connect(tmp_path / "recourse.db")) as database:
            database.executescript(script)
    with pytest.raises(SystemExit) as why:
        prepare.database(Config.from_environment(settings(tmp_path, 8000)))
    assert why.value.code == 6
    assert capsys.readouterr().out.startswith(sentence)
