"""Many rows at once: one statement whose only parameter is all of them, as JSON.

Measured at 10,000 notices: a tenth of the time that as many parameter sets cost on PostgreSQL, half of it on SQLite.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Dialect,
    Row,
    Table,
    bindparam,
    func,
    select,
    text,
)

from portal.db import Model, session


def insert(
    model: type[Model], rows: Sequence[Mapping[str, Any]], *, unless: Sequence[str] = (), returning: Sequence[str] = ()
) -> Sequence[Row[Any]]:
    """Insert rows that all have the same columns, in their order, and give back columns of those that were new.

    A row that is already there by the unique columns `unless` is left out; columns that are not given take the
    database's default.
    """
    table, names, dialect = cast(Table, model.__table__), list(rows[0]), session().get_bind().dialect
    source = _of_sqlite(table, names) if dialect.name == "sqlite" else _of_postgresql(table, names, dialect)
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) {source}"
    if unless:
        statement += f" ON CONFLICT ({', '.join(unless)}) DO NOTHING"
    if not returning:
        session().execute(text(statement), {"rows": _packed(table, rows, dialect)})
        return []
    gives = text(f"{statement} RETURNING {', '.join(returning)}").columns(*(table.c[name] for name in returning))
    return session().execute(gives, {"rows": _packed(table, rows, dialect)}).all()


def among(column: Any, ids: Collection[int] | Collection[str]) -> ColumnElement[bool]:
    """That the column is one of many ids or names, sent as one parameter: one statement, however many they are.

    A subquery, not `= ANY`: that one is compared with all of them for each row of whatever index is chosen.
    """
    if session().get_bind().dialect.name == "sqlite":
        given = func.json_each(json.dumps(list(ids))).table_valued("value")
        return cast(ColumnElement[bool], column.in_(select(given.c.value)))
    return cast(ColumnElement[bool], column.in_(select(func.unnest(bindparam(None, list(ids), ARRAY(column.type))))))


def _of_postgresql(table: Table, names: Sequence[str], dialect: Dialect) -> str:
    types = ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in names)
    return f"SELECT {', '.join(names)} FROM json_to_recordset(CAST(:rows AS json)) AS r({types})"  # noqa: S608


def _of_sqlite(table: Table, names: Sequence[str]) -> str:
    values = (f"value {'->' if isinstance(table.c[name].type, JSON) else '->>'} '$.{name}'" for name in names)
    return f"SELECT {', '.join(values)} FROM json_each(:rows) WHERE true"  # noqa: S608 - else ON CONFLICT reads as a join


def _packed(table: Table, rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> str:
    bound = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in rows[0]}
    write = {name: do for name, do in bound.items() if do and not isinstance(table.c[name].type, JSON)}
    packed = [{name: write[name](v) if name in write else v for name, v in row.items()} for row in rows]
    return json.dumps(packed, ensure_ascii=False, default=_iso)


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
