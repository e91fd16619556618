"""Statements sent ahead: PostgreSQL works on them while the rows that follow are made ready.

Whatever is asked next on the connection, and its commit, first wait for the answers of what was sent. SQLite has no
server that could work meanwhile: there each is done at once.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from portal.driver import Prepared, errors_of
from portal.refusals import Overtaken

_SENT, _FAILED = "sent", "failed"


def send(connection: Connection, ask: Prepared, params: Mapping[str, Any], changes: int | None) -> None:
    """Have the database do this without waiting for its answer, if it can go on meanwhile.

    Raises `Overtaken`, now or when the answer is awaited, if it breaks a constraint, or changes another number of rows
    than it is to.
    """
    if connection.dialect.name == "sqlite":
        with _overtaken():
            _agree(ask.change(connection, params), changes)
        return
    if _SENT not in connection.info:
        connection.info[_SENT] = _Sent(connection)
    connection.info[_SENT].add(ask, params, changes)


def settle(connection: Connection, *_statement: object) -> None:
    """Wait for the answers of all that was sent."""
    if _SENT in connection.info:
        connection.info.pop(_SENT).settle()


def finish(connection: Connection) -> None:
    """The same before a commit, which is refused with `Overtaken` if somebody kept an earlier failure to themselves."""
    settle(connection)
    if connection.info.pop(_FAILED, False):
        raise Overtaken


def drop(connection: Connection, *_savepoint: object) -> None:
    """Care for no answer: all that was sent is undone, and if it failed, that is over too."""
    if not connection.invalidated:
        connection.info.pop(_FAILED, None)
        if _SENT in connection.info:
            connection.info.pop(_SENT).drop()


class _Sent:
    """What one connection has on its way."""

    def __init__(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        self.connection, self.driver, self.pipeline = connection, driver, driver.pipeline()
        self.answers: list[tuple[Any, str, int | None]] = []
        self.pipeline.__enter__()

    def add(self, ask: Prepared, params: Mapping[str, Any], changes: int | None) -> None:
        """Send one more; what an earlier one met may show now."""
        cursor, values = self.driver.cursor(), ask.values(params)
        self.answers.append((cursor, ask.sql, changes))
        with self._failing(), errors_of(self.connection, self._waiting, {}):
            cursor.execute(ask.sql, values)

    def settle(self) -> None:
        """Wait for every answer, and look at it."""
        with self._failing():
            with errors_of(self.connection, self._waiting, {}):
                self.pipeline.__exit__(None, None, None)
            for cursor, _sql, changes in self.answers:
                _agree(cursor.rowcount, changes)

    def drop(self) -> None:
        """Leave off."""
        with suppress(self.connection.dialect.loaded_dbapi.Error):
            self.pipeline.__exit__(None, None, None)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Remember until a rollback that something failed."""
        try:
            with _overtaken():
                yield
        except BaseException:
            if not self.connection.invalidated:
                self.connection.info[_FAILED] = True
            raise

    def _waiting(self) -> str:
        """The first statement without an answer: the one that failed, if one did."""
        return next((sql for cursor, sql, _changes in self.answers if cursor.pgresult is None), "")


@contextmanager
def _overtaken() -> Iterator[None]:
    try:
        yield
    except IntegrityError as why:
        raise Overtaken from why


def _agree(found: int, changes: int | None) -> None:
    if changes is not None and found != changes:
        raise Overtaken


def listen() -> None:
    """From now on whatever is asked waits for what was sent before it."""
    event.listen(Engine, "before_cursor_execute", settle)
    event.listen(Engine, "commit", finish)
    event.listen(Engine, "rollback", drop)
    event.listen(Engine, "rollback_savepoint", drop)  # a savepoint begins by settling: what is on its way is its own
