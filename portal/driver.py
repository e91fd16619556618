"""What we have with the drivers themselves: how a connection is opened and kept, and statements compiled once."""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from math import inf
from time import monotonic
from typing import Any, TypeAlias, cast

from sqlalchemy import CompoundSelect, Dialect, Engine, Select, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, Pool

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "recursive_triggers=ON",
    "cache_size=-32768",
    "temp_store=MEMORY",
    "wal_autocheckpoint=128000",
    "journal_size_limit=67108864",
)
"""Thousands of cases in one sweep keep their pages in memory. What was committed is copied back by a job (`copy_back`),
so that nobody who writes waits for it; the limit is for where no worker runs, and a log that has grown shrinks again.
"""

Ask: TypeAlias = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
RESTED = 5.0
"""After so many seconds in the pool a connection is asked whether it lives."""


class Prepared:
    """One statement in one dialect, with the conversions of its parameters and of what it finds."""

    def __init__(self, ask: Any, dialect: Dialect) -> None:
        compiled: Any = ask.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.sql, self.dialect = str(compiled), dialect
        self.fixed: Mapping[str, Any] = compiled.params
        self.order: Sequence[str] | None = compiled.positiontup
        impl = {name: bind.type.dialect_impl(dialect) for bind, name in compiled.bind_names.items()}
        self.sent = {name: to for name, of in impl.items() if (to := of.bind_processor(dialect))}
        columns: list[Any] = list(getattr(ask, "selected_columns", ()))
        found = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
        self.found = [(place, to) for place, to in enumerate(found) if to]
        self.row = cast(Any, namedtuple)("Row", [column.key for column in columns], rename=True)

    def run(self, connection: Connection, params: Mapping[str, Any]) -> list[Any]:
        """The rows, each a named tuple; errors are those that SQLAlchemy raises."""
        rows = self._execute(connection, params, lambda cursor: cursor.fetchall())
        return [self.row._make(self._converted(row)) for row in rows] if self.found else [*map(self.row._make, rows)]

    def change(self, connection: Connection, params: Mapping[str, Any]) -> int:
        """How many rows it changed."""
        return int(self._execute(connection, params, lambda cursor: cursor.rowcount))

    def _execute(self, connection: Connection, params: Mapping[str, Any], answer: Callable[[Any], Any]) -> Any:
        values = self.values(params)
        driver: Any = connection.connection.driver_connection
        with errors_of(connection, lambda: self.sql, values):
            return answer(driver.execute(self.sql, [values[name] for name in self.order] if self.order else values))

    def values(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters as the driver takes them."""
        values = {name: params.get(name, fixed) for name, fixed in self.fixed.items()}
        for name, convert in self.sent.items():
            values[name] = convert(values[name])
        return values

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, convert in self.found:
            values[place] = convert(values[place])
        return values


@contextmanager
def errors_of(connection: Connection, sql: Callable[[], str], values: Mapping[str, Any]) -> Iterator[None]:
    """Raise the driver's errors as those that SQLAlchemy raises, and forget a connection that is lost."""
    dialect, driver = connection.dialect, connection.connection.driver_connection
    try:
        yield
    except dialect.loaded_dbapi.Error as why:
        if dialect.is_disconnect(why, cast(Any, driver), None):
            connection.invalidate(why)
        raise DBAPIError.instance(sql(), values, why, dialect.loaded_dbapi.Error, dialect=dialect) from why


def copy_back(engine: Engine) -> None:
    """Copy what SQLite has committed from its log into the database file, as far as nobody reads what stood there.

    Nobody waits for it, and it waits for nobody. PostgreSQL does so by itself.
    """
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            cast(sqlite3.Connection, connection.driver_connection).execute("PRAGMA wal_checkpoint(PASSIVE)").close()


def listen() -> None:
    """From now on open and keep every connection so."""
    event.listen(Engine, "do_connect", _opening)
    event.listen(Engine, "connect", _opened)
    event.listen(Pool, "checkin", _checked_in)
    event.listen(Pool, "checkout", _checked_out)


def _opening(dialect: Dialect, record: ConnectionPoolEntry, _args: object, _params: object) -> None:
    record.info["error"] = dialect.loaded_dbapi.Error


def _opened(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()


def _checked_in(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["rested_since"] = monotonic()


def _checked_out(connection: Any, record: ConnectionPoolEntry, _fairy: object) -> None:
    """See whether a connection that rested for a while still lives; asking each time would double a small read."""
    if isinstance(connection, sqlite3.Connection) or monotonic() - record.info.get("rested_since", inf) < RESTED:
        return
    try:
        connection.autocommit = True
        connection.execute("SELECT 1")
    except record.info["error"] as why:
        raise DisconnectionError from why
