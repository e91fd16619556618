"""When the disk has what SQLite committed: at once, or, where work can simply be done again, a moment later."""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

_LOWERED = "synchronous lowered"


@contextmanager
def together(engine: Engine) -> Iterator[None]:
    """Units of work in here do not each wait for the disk: it has them all when this ends, however it ends.

    For work that comes to the same if it has to be done again, as a sweep does. A crash of the portal loses nothing; a
    power cut loses at most the last units, never one from between, because the log is in order. For the same reason
    every commit elsewhere makes durable what was committed here before it, as that of a delivery does before a mail
    goes out. PostgreSQL, which writes its log while it works, waits as ever. Raises `OSError` if the disk fails.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    log = _Log(f"{os.path.realpath(str(engine.url.database))}-wal")  # SQLite puts it beside the file that is meant
    token = _later.set(log)
    try:
        yield
    finally:
        _later.reset(token)
        log.finish()


def begin(connection: Connection) -> None:
    """Begin to write on this connection of SQLite; whether its commit will wait for the disk is settled now."""
    if (log := _later.get()) is not None:
        log.used = connection.info[_LOWERED] = True  # before it is: an interruption in between must not hide it
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
    elif _LOWERED in connection.info:
        connection.exec_driver_sql("PRAGMA synchronous=FULL")
        del connection.info[_LOWERED]
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def committed() -> None:
    """A unit has been committed: if it did not wait for the disk, it is on its way there from now on."""
    if (log := _later.get()) is not None:
        log.push()


class _Log:
    """SQLite's log, brought to the disk in the background, a push at a time."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.used = False
        self.thread: ThreadPoolExecutor | None = None
        self.pushes: list[Future[None]] = []

    def push(self) -> None:
        self.thread = self.thread or ThreadPoolExecutor(1, "durable")
        if not self.pushes or self.pushes[-1].done():
            self.pushes.append(self.thread.submit(self._sync))

    def finish(self) -> None:
        """Wait until all of it is there, whatever became of the pushes; one that failed is told nevertheless."""
        if self.thread is not None:
            self.thread.shutdown()
        if self.used:
            self._sync()
        for one in self.pushes:
            one.result()

    def _sync(self) -> None:
        try:
            log = os.open(self.path, os.O_RDWR)
        except FileNotFoundError:
            return  # all of it was copied into the database file, which is on the disk before the log goes
        try:
            os.fsync(log)
        finally:
            os.close(log)


_later: ContextVar[_Log | None] = ContextVar("durable_later", default=None)
