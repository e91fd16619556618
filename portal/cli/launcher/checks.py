"""What must be true before anything starts; each thing that is not is met with one sentence."""

import errno
import fcntl
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

import click

from portal.folder import full, make, unwritable

LEAST_FREE = 64 * 1024 * 1024
LAST_RUN_ENDS_WITHIN = 6.0


class Unready(click.ClickException):
    """The portal can't start here; the message says why and what to do. Ends a command with its exit code."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.exit_code = code  # type: ignore[misc]

    def show(self, file: IO[Any] | None = None) -> None:
        """One sentence on the error output."""
        click.echo(f"portal: {self.message}", file=file, err=file is None)


BAD_SETTING, BAD_PORT, BAD_FOLDER, RUNS_ALREADY, BAD_DATABASE, BAD_PART = 2, 3, 4, 5, 6, 7


def folder(path: Path) -> None:
    """The data folder is there, takes a write down to the disk, and has room."""
    try:
        make(path)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"\0" * 65536)
            probe.flush()
            os.fsync(probe.fileno())
        free = shutil.disk_usage(path).free
    except FileExistsError as why:
        raise Unready(BAD_FOLDER, f"DATA_DIR {path} is not a folder: set DATA_DIR to one.") from why
    except OSError as why:
        raise Unready(BAD_FOLDER, unwritable(path, why)) from why
    if free < LEAST_FREE:
        raise Unready(BAD_FOLDER, f"{full(path)} ({free // 1024**2} MB left, {LEAST_FREE // 1024**2} MB are needed).")
    for name in ("recourse.db", "recourse.db-wal"):
        if (path / name).exists() and not os.access(path / name, os.W_OK):
            raise Unready(BAD_FOLDER, f"{path / name} can't be written: give it to the user who runs the portal.")


@contextmanager
def alone(path: Path) -> Iterator[int]:
    """Hold the data folder's lock; another portal on the same folder is refused.

    Yields the lock's descriptor: the watchdog holds it too, so after a kill -9 the next run waits until all is gone.
    """
    descriptor = os.open(path / "portal.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor, path)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    until = time.monotonic() + LAST_RUN_ENDS_WITHIN
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as why:
            owner = os.pread(descriptor, 20, 0).decode(errors="replace")
            if _lives(owner) or time.monotonic() > until:
                whose = f"Another portal (process {owner or '?'}) runs on DATA_DIR {path}"
                raise Unready(RUNS_ALREADY, f"{whose}: stop it, or set DATA_DIR to another folder.") from why
            time.sleep(0.1)
        else:
            return


def _lives(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def port(host: str, number: int) -> None:
    """Nobody listens on this address, and we may."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as why:
        raise Unready(
            BAD_PORT, f"HOST {host!r} is not an address of this machine: set HOST=127.0.0.1 or 0.0.0.0."
        ) from why
    with closing(socket.socket(family, kind, protocol)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as why:
            raise Unready(BAD_PORT, _no_port(host, number, why)) from why


def _no_port(host: str, number: int, why: OSError) -> str:
    if why.errno == errno.EADDRINUSE:
        return (
            f"Port {number} on {host} is taken: stop what listens there, or choose another, such as PORT={number + 1}."
        )
    if why.errno == errno.EACCES:
        return f"Port {number} may not be opened by this user: choose one from 1024 on, such as PORT=8000."
    return f"{host}:{number} can't be listened on ({why.strerror}): set HOST and PORT to an address of this machine."
