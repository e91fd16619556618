"""What stands in the way of a start, and the sentence it is met with."""

import errno
import fcntl
import os
import shutil
import socket
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal.cli import serve
from portal.cli.launcher import Unready, checks, prepare, valkey
from portal.cli.launcher.ready import FirstAnswer
from portal.config import Config

SECRET = "for-tests-only-0123456789abcdefghijklmnop"


def test_a_missing_data_folder_is_made(tmp_path: Path) -> None:
    checks.folder(tmp_path / "deep" / "er")
    assert (tmp_path / "deep" / "er").is_dir()


def test_a_file_in_place_of_the_data_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(Unready, match="is not a folder: set DATA_DIR to one") as why:
        checks.folder(tmp_path / "data")
    assert why.value.exit_code == 4


@pytest.mark.parametrize(
    ("number", "sentence"), [(errno.ENOSPC, "is full: free some space"), (errno.EROFS, "can't be written")]
)
def test_a_write_that_fails_is_said_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    def fsync(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Unready, match=sentence):
        checks.folder(tmp_path)


def test_a_nearly_full_disk_is_said_with_what_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=5 * 1024 * 1024))
    with pytest.raises(Unready, match="5 MB left, 64 MB are needed"):
        checks.folder(tmp_path)


def test_only_one_portal_holds_a_data_folder(tmp_path: Path) -> None:
    with checks.alone(tmp_path), pytest.raises(Unready, match=f"process {os.getpid()}"), checks.alone(tmp_path):
        pass
    with checks.alone(tmp_path):
        pass


def test_a_new_start_waits_for_the_watchdog_of_a_run_that_was_killed(tmp_path: Path) -> None:
    watchdog = os.open(tmp_path / "portal.lock", os.O_RDWR | os.O_CREAT)
    os.write(watchdog, b"999999999")  # no process has this number
    fcntl.flock(watchdog, fcntl.LOCK_EX)
    over = threading.Timer(0.3, os.close, [watchdog])
    over.start()
    with checks.alone(tmp_path):
        over.join()


def test_a_taken_port_is_refused_with_another_to_choose() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unready, match=f"PORT={port + 1}"):
            checks.port("127.0.0.1", port)
    checks.port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["a..b", "192.0.2.1"])
def test_a_host_that_is_not_here_is_refused(host: str) -> None:
    with pytest.raises(Unready, match="HOST"):
        checks.port(host, 8000)


def test_a_path_too_long_for_a_socket_gets_a_short_one_of_its_own(tmp_path: Path) -> None:
    deep, other = tmp_path / ("d" * 100), tmp_path / ("e" * 100)
    sockets = [Config.from_environment({"DATA_DIR": str(p), "SECRET_KEY": SECRET}).socket for p in (deep, other, deep)]
    assert all(len(os.fsencode(socket)) <= 103 for socket in sockets)
    assert sockets[0] == sockets[2] != sockets[1]


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(Unready, match="belongs to somebody else"):
        valkey.clear(tmp_path / "valkey", tmp_path / "valkey.sock", print)


@pytest.mark.parametrize(("line", "came"), [(b"200 OK", True), (b"302 Found", True), (b"500 Oops", False)])
def test_only_a_page_that_works_is_a_first_answer(line: bytes, came: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        first = FirstAnswer(Config.from_environment({"PORT": str(server.getsockname()[1]), "SECRET_KEY": SECRET}))
        first.came()
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 " + line + b"\r\n\r\n")
            answers = [first.came()]
            while not answers[-1] and first._asked is not None:
                answers.append(first.came())
        assert answers[-1] is came


def test_it_is_said_where_the_mails_are(tmp_path: Path) -> None:
    settings = {"SECRET_KEY": SECRET, "DATA_DIR": str(tmp_path)}
    assert f"{tmp_path}/mail" in serve.welcome(Config.from_environment(settings))
    assert "/mail" not in serve.welcome(Config.from_environment(settings | {"SMTP_URL": "smtp://mail.example:25"}))


def test_a_key_that_is_missing_is_said_before_anything_serves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {"SECRET_KEY": SECRET, "DATA_DIR": str(tmp_path), "CASE_FILE_KEY": str(tmp_path / "none.pem")}
    with pytest.raises(SystemExit) as why:
        prepare.database(Config.from_environment(settings))
    assert why.value.code == 2
    assert capsys.readouterr().out.startswith("portal: CASE_FILE_KEY: ")
