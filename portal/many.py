"""Questions about many ids or names, and changes of many rows, which are sent as one parameter: one statement."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import ARRAY, ColumnElement, Select, String, Update, bindparam, func, select
from sqlalchemy import cast as sql_cast

from portal import db, jsons

Kept = TypeVar("Kept", Select[*tuple[Any, ...]], Update)


def among(column: Any, ids: Collection[int] | Collection[str]) -> ColumnElement[bool]:
    """That the column is one of them."""
    return _is_one_of(column, bindparam(None, sent(ids), String), sqlite=_on_sqlite())


def rows(
    ask: Select[*tuple[Any, ...]], column: Any, ids: Collection[int] | Collection[str], **params: Any
) -> list[Any]:
    """What a statement that is kept, a constant of its module, finds where the column is one of them: see `db.rows`."""
    return db.rows(_of_many(ask, column, sqlite=_on_sqlite()), of_these=sent(ids), **params)


def change(
    kept: Update, column: Any, ids: Collection[int] | Collection[str], values: Mapping[str, Any] | None = None
) -> None:
    """Do what a kept statement says to each of these rows, without waiting for the answer: see `db.send`.

    Raises `Overtaken`, now or later, if it does not hold for one of them.
    """
    params = {**(values or {}), "of_these": sent(ids)}
    db.send(_of_many(kept, column, sqlite=_on_sqlite()), params, changes=len(ids))


@lru_cache(maxsize=256)
def _of_many(ask: Kept, column: Any, *, sqlite: bool) -> Kept:
    return ask.where(_is_one_of(column, bindparam("of_these", type_=String), sqlite=sqlite))


def _is_one_of(column: Any, given: Any, *, sqlite: bool) -> ColumnElement[bool]:
    """A subquery, not `= ANY`: that one is compared with all of them for each row of whatever index is chosen."""
    if sqlite:
        return cast(ColumnElement[bool], column.in_(select(func.json_each(given).table_valued("value").c.value)))
    kind = String() if isinstance(column.type, String) else column.type  # without its length, to which a cast would cut
    return cast(ColumnElement[bool], column.in_(select(func.unnest(sql_cast(given, ARRAY(kind))))))


def sent(ids: Collection[int] | Collection[str]) -> str:
    """All of them as one parameter, in the form in which the engine takes them apart."""
    return jsons.write(list(ids)) if _on_sqlite() else _array(ids)


def _on_sqlite() -> bool:
    return db.dialect().name == "sqlite"


def _array(ids: Collection[int] | Collection[str]) -> str:
    """Numbers or names as PostgreSQL reads an array; the driver takes ten times as long to put one together."""
    quoted = (str(one).replace("\\", "\\\\").replace('"', '\\"') for one in ids)
    return "{" + ",".join(f'"{one}"' for one in quoted) + "}"
