"""Questions about many ids or names, sent as one parameter: one statement, however many they are."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ARRAY, ColumnElement, Select, String, bindparam, func, select
from sqlalchemy import cast as sql_cast

from portal import db, jsons


def among(column: Any, ids: Collection[int] | Collection[str]) -> ColumnElement[bool]:
    """That the column is one of them."""
    return _is_one_of(column, bindparam(None, sent(ids), String), sqlite=_on_sqlite())


def rows(
    ask: Select[*tuple[Any, ...]], column: Any, ids: Collection[int] | Collection[str], **params: Any
) -> list[Any]:
    """What a statement that is kept, a constant of its module, finds where the column is one of them: see `db.rows`."""
    return db.rows(_of_many(ask, column, sqlite=_on_sqlite()), of_these=sent(ids), **params)


@lru_cache(maxsize=256)
def _of_many(ask: Select[*tuple[Any, ...]], column: Any, *, sqlite: bool) -> Select[*tuple[Any, ...]]:
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
