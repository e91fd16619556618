"""Model, session, unit of work: the only place that begins, commits or rolls back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, cast

from flask import has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Dialect, Engine, Executable, Integer, MetaData, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from portal import driver, durable, pipeline
from portal.driver import Ask, Prepared
from portal.refusals import Overtaken

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_UTC = "+00:00"
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Base(DeclarativeBase):
    """The declarative base; every constraint has a predictable name, so that migrations can find it."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:

    class Model(Base):
        """The base class of all rows, as the type checker sees it."""

        __abstract__ = True
        query_class: ClassVar[Any]
else:
    Model = db.Model


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant with microseconds; a naive one is refused at the door."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Refuse a naive instant; SQLite stores the UTC wall clock, which sorts as text."""
        sqlite = dialect.name == "sqlite"

        def written(value: datetime | None) -> Any:
            if value is None:
                return None
            if value.tzinfo is None:
                raise TypeError(f"naive instant {value!r}")
            value = value.astimezone(UTC)
            return value.isoformat(" ", "microseconds").removesuffix(_UTC) if sqlite else value

        return written

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Hand out aware UTC only."""

        def read(value: Any) -> datetime | None:
            if value is None:
                return None
            if isinstance(value, str):
                return datetime.fromisoformat(value + _UTC)  # many times faster than to replace the zone
            return cast(datetime, value).astimezone(UTC)

        return read


def only(where: str) -> dict[str, Any]:
    """Arguments that make an index partial on both engines."""
    return {"sqlite_where": text(where), "postgresql_where": text(where)}


Key = BigInteger().with_variant(Integer, "sqlite")
LARGEST_KEY = 2**63 - 1


def session() -> Session:
    """The session of this request or job."""
    return db.session()


def dialect() -> Dialect:
    """How the database of this request or job is spoken to; its name is `sqlite` or `postgresql`."""
    return db.session().get_bind().dialect


def is_writing() -> bool:
    """Whether a unit of work is open."""
    return _writing.get()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Returning commits, raising rolls back; what was promised with `after_commit` runs only then.

    On SQLite the write lock is taken at once (BEGIN IMMEDIATE), so a unit never fails between its read and its write.
    Raises `Overtaken` when a version no longer matches.
    """
    if _writing.get():
        raise RuntimeError("a unit of work is already open")
    end_reading()
    token = _writing.set(True)
    current = db.session()
    try:
        current.connection()
        yield current
        current.flush()
        pipeline.settle(current.connection())
        promised = current.info.pop("after_commit", [])
        current.commit()
    except StaleDataError as why:
        current.rollback()
        raise Overtaken from why
    except BaseException:
        current.rollback()
        raise
    finally:
        current.info.pop("after_commit", None)
        _writing.reset(token)
    durable.committed()
    for act in promised:
        act()


def rows(ask: Ask, **params: Any) -> list[Any]:
    """What a statement finds that was put together once and kept, with `bindparam` where it varies.

    Plain named tuples without the ORM: a page that is read all the time costs a fraction of building its statements
    anew. It is compiled when it is first run.
    """
    current = db.session()
    current.flush()
    connection = current.connection()
    pipeline.settle(connection)
    return _prepared(ask, connection.dialect).run(connection, params)


def send(statement: Executable, params: Mapping[str, Any] | None = None, *, changes: int | None = None) -> None:
    """Have the open unit of work do this without waiting for its answer: see `pipeline.send`.

    Raises `Overtaken`, now or at the latest when the unit ends, if it breaks a constraint, or changes another number
    of rows than it is to.
    """
    current = db.session()
    current.flush()
    pipeline.send(current.connection(), _prepared(statement, dialect()), params or {}, changes)


_prepared = lru_cache(maxsize=256)(Prepared)


def forget(model: type[Model], ids: Iterable[int]) -> None:
    """Have rows that a statement changed read anew, where the session has them at hand and somebody asks."""
    current, key_of = db.session(), model.__mapper__.identity_key_from_primary_key
    for one in ids:
        row = current.identity_map.get(key_of((one,)))
        if row is not None:
            current.expire(row)


@contextmanager
def attempt() -> Iterator[None]:
    """A savepoint: what a constraint refuses inside is undone alone, and the unit goes on."""
    current = db.session()
    with current.begin_nested():
        yield
        current.flush()
        pipeline.settle(current.connection())


def after_commit(act: Callable[[], None]) -> None:
    """Run `act` once the open unit of work has committed; never if it rolls back."""
    db.session().info.setdefault("after_commit", []).append(act)


def end_reading() -> None:
    """End a read transaction, so that the next statement sees the newest rows; pending changes are dropped."""
    db.session().rollback()


@contextmanager
def apart() -> Iterator[Connection]:
    """A unit on a connection of its own, for what must not share the request's fate (browser sessions, counters)."""
    token = _writing.set(True)
    try:
        with db.engine.begin() as connection:
            yield connection
    finally:
        _writing.reset(token)


@contextmanager
def rebuilding() -> Iterator[Connection]:
    """A transaction in which tables may be rebuilt: SQLite's foreign keys rest meanwhile and are checked at its end.

    They would else take a rebuilt table's children with it. Raises `IntegrityError` on a dangling reference.
    """
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        token = _writing.set(True)
        try:
            with connection.begin():
                yield connection
                dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if sqlite else []
                if dangling:
                    raise IntegrityError("dangling references", dangling[:5], ValueError("foreign_key_check"))
        finally:
            _writing.reset(token)
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def _begun(connection: Connection) -> None:
    """Begin as cheaply as the case allows: most transactions only read for a page.

    On PostgreSQL such a one is none: each statement sees the newest rows anyway, and BEGIN and ROLLBACK cost as much
    as what stands between them.
    """
    plain: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        plain.autocommit = has_request_context() and not _writing.get()
    elif _writing.get():
        durable.begin(connection)
    else:
        plain.execute("BEGIN")


driver.listen()
pipeline.listen()
event.listen(Engine, "begin", _begun)
