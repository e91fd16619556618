"""Many rows at once: one statement, its values sent in the way that costs each engine least.

Measured with 500 rows: JSON as the only parameter costs PostgreSQL a tenth of as many parameter sets; SQLite, which
parses that text anew for each column, twice what a list of values does. What all rows say is sent to both once.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, cast

from sqlalchemy import JSON, Dialect, Table, TextClause, bindparam, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine

from portal import db, jsons
from portal.db import Model, session
from portal.refusals import Overtaken

MOST_VALUES = 32_766
"""SQLite takes no more parameters in a statement."""
WORTH_SHARING = 10
"""From so many rows on what all of them say is sent once; a statement for each set of columns is planned."""


def insert(
    model: type[Model], rows: Sequence[Mapping[str, Any]], *, unless: Sequence[str] = (), returning: Sequence[str] = ()
) -> Sequence[Any]:
    """Insert rows that all have the same columns, in their order, and give back columns of those that were new.

    A row that is already there by the unique columns `unless` is left out; columns that are not given take the
    database's default.
    """
    table, dialect = cast(Table, model.__table__), db.dialect()
    ending = f" ON CONFLICT ({', '.join(unless)}) DO NOTHING" if unless else ""
    ending += f" RETURNING {', '.join(returning)}" if returning else ""
    write = _insert_sqlite if dialect.name == "sqlite" else _insert_postgresql
    return write(table, rows, dialect, ending, returning)


def send(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of which nobody asks what became of them; `Overtaken`, now or later, if one is there already.

    See `db.send`.
    """
    table, dialect = cast(Table, model.__table__), db.dialect()
    if dialect.name != "sqlite" and len(rows) >= WORTH_SHARING:
        db.send(*_given_postgresql(table, rows, dialect, ""))
        return
    try:
        insert(model, rows)
    except IntegrityError as why:
        raise Overtaken from why


def _insert_sqlite(
    table: Table, rows: Sequence[Mapping[str, Any]], dialect: Dialect, ending: str, returning: Sequence[str]
) -> list[Any]:
    same = _shared(rows, nulls=True)
    apart = [name for name in rows[0] if name not in same]
    bound = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in rows[0]}
    found = [table.c[name].type.dialect_impl(dialect).result_processor(dialect, None) for name in returning]
    new = cast(Any, namedtuple)("New", returning)
    into = f"{table.name} ({', '.join(map(dialect.identifier_preparer.quote, (*same, *apart)))})"
    one = f"({', '.join('?' * len(apart))})"
    shared = f"SELECT same.*, own.* FROM (SELECT {', '.join('?' * len(same))}) AS same, (%s) AS own WHERE true"  # noqa: S608 - ours
    once = [to(value) if (to := bound[name]) else value for name, value in same.items()]
    most = (MOST_VALUES - len(same)) // len(apart)
    given: list[Any] = []
    for start in range(0, len(rows), most):
        part = rows[start : start + most]
        columns = [_converted([row[name] for row in part], bound[name]) for name in apart]
        values = (*once, *chain.from_iterable(zip(*columns, strict=True)))
        given_by = f"VALUES {', '.join([one] * len(part))}"
        statement = f"INSERT INTO {into} {shared % given_by if same else given_by}{ending}"
        done = session().connection().exec_driver_sql(statement, values)
        given += done.all() if returning else []
    return [new(*(to(value) if to else value for to, value in zip(found, row, strict=True))) for row in given]


def _converted(column: list[Any], convert: Callable[[Any], Any] | None) -> list[Any]:
    """The column as the driver takes it; an object that stands in many rows is converted once."""
    if convert is None:
        return column
    known = {id(value): value for value in column}
    known = {key: convert(value) for key, value in known.items()}
    return [known[id(value)] for value in column]


def _insert_postgresql(
    table: Table, rows: Sequence[Mapping[str, Any]], dialect: Dialect, ending: str, returning: Sequence[str]
) -> Sequence[Any]:
    statement, values = _given_postgresql(table, rows, dialect, ending)
    if not returning:
        session().execute(statement, values)
        return []
    return session().execute(statement.columns(*(table.c[name] for name in returning)), values).all()


def _given_postgresql(
    table: Table, rows: Sequence[Mapping[str, Any]], dialect: Dialect, ending: str
) -> tuple[TextClause, Mapping[str, Any]]:
    same = _shared(rows, nulls=False)  # JSON has two of them
    statement = _statement_postgresql(table, tuple(rows[0]), frozenset(same), dialect, ending)
    packed = _packed(table, rows, [name for name in rows[0] if name not in same], dialect)
    return statement, {f"same_{name}": value for name, value in same.items()} | {"rows": packed}


@lru_cache(maxsize=256)
def _statement_postgresql(
    table: Table, names: tuple[str, ...], same: frozenset[str], dialect: Dialect, ending: str
) -> TextClause:
    quoted = {name: dialect.identifier_preparer.quote(name) for name in names}
    types = {name: table.c[name].type.compile(dialect) for name in quoted}
    wide = {name: types[name].partition("(")[0] for name in same}  # a cast cuts what is too long, an insert refuses it
    source = ", ".join(f"CAST(:same_{name} AS {wide[name]})" if name in same else quoted[name] for name in quoted)
    apart = ", ".join(f"{word} {types[name]}" for name, word in quoted.items() if name not in same)
    return text(
        f"INSERT INTO {table.name} ({', '.join(quoted.values())}) "  # noqa: S608 - names of columns
        f"SELECT {source} FROM json_to_recordset(CAST(:rows AS json)) AS r({apart}){ending}"
    ).bindparams(*(bindparam(f"same_{name}", type_=table.c[name].type) for name in same))


def _shared(rows: Sequence[Mapping[str, Any]], *, nulls: bool) -> Mapping[str, Any]:
    """The columns in which all rows say the same, which is sent once: never all of them."""
    if len(rows) < WORTH_SHARING:
        return {}
    first = rows[0]
    same = {
        name: value
        for name, value in first.items()
        if (nulls or value is not None) and all(row[name] is value or _equal(row[name], value) for row in rows)
    }
    return same if len(same) < len(first) else {}


def _equal(one: Any, other: Any) -> bool:
    """Whether they are written alike: Python's {"n": 1} and {"n": True} are equal, their JSON is not."""
    return bool(one == other) and not isinstance(other, dict | list | tuple)


def _packed(table: Table, rows: Sequence[Mapping[str, Any]], names: Sequence[str], dialect: Dialect) -> str:
    columns = [_converted([row[name] for row in rows], _bound(table.c[name].type, dialect)) for name in names]
    return jsons.write_rows([dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)])


def _bound(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a value is made ready for JSON, where that is more than to leave it as it is."""
    return None if isinstance(kind, JSON) else kind.dialect_impl(dialect).bind_processor(dialect)
