"""Statements sent ahead: PostgreSQL works on them while the rows that follow are made ready.

Whatever is asked next on the connection, and its commit, first wait for the answers of what was sent. SQLite has no
server that could work meanwhile: there each is done at once.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Engine, Executable, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from portal.driver import Prepared, errors_of
from portal.refusals import Overtaken

_SENT = "sent"


def send(connection: Connection, statement: Executable, params: Mapping[str, Any], changes: int | None) -> None:
    """Have the database do this without waiting for its answer, if it can go on meanwhile.

    Raises `Overtaken`, now or when the answer is awaited, if it breaks a constraint, or changes another number of rows
    than it is to.
    """
    if connection.dialect.name == "sqlite":
        with _overtaken():
            _agree(connection.execute(statement, params).rowcount, changes)
        return
    if _SENT not in connection.info:
        connection.info[_SENT] = _Sent(connection)
    connection.info[_SENT].add(Prepared(statement, connection.dialect), params, changes)


def settle(connection: Connection, *_statement: object) -> None:
    """Wait for the answers of all that was sent."""
    if _SENT in connection.info:
        connection.info.pop(_SENT).settle()


def drop(connection: Connection) -> None:
    """Care for no answer: all that was sent is undone."""
    if not connection.invalidated and _SENT in connection.info:
        connection.info.pop(_SENT).drop()


class _Sent:
    """What one connection has on its way."""

    def __init__(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        self.connection, self.driver, self.pipeline = connection, driver, driver.pipeline()
        self.answers: list[tuple[Any, int | None]] = []
        self.pipeline.__enter__()

    def add(self, ask: Prepared, params: Mapping[str, Any], changes: int | None) -> None:
        """Send one more; what an earlier one met may show now."""
        cursor, values = self.driver.cursor(), ask.values(params)
        with _overtaken(), errors_of(self.connection, ask.sql, values):
            cursor.execute(ask.sql, values)
        self.answers.append((cursor, changes))

    def settle(self) -> None:
        """Wait for every answer, and look at it."""
        with _overtaken(), errors_of(self.connection, "what was sent ahead", {}):
            self.pipeline.__exit__(None, None, None)
        for cursor, changes in self.answers:
            _agree(cursor.rowcount, changes)

    def drop(self) -> None:
        """Leave off."""
        with suppress(self.connection.dialect.loaded_dbapi.Error):
            self.pipeline.__exit__(None, None, None)


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
    event.listen(Engine, "commit", settle)
    event.listen(Engine, "rollback", drop)
