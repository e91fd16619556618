"""What the database itself refuses, and the tallies it keeps: every trigger of both engines stands in GUARDS.

A trigger is named after its table and rule. `install` drops and makes all of them anew after each migration, because a
table that SQLite rebuilds loses its triggers.
"""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import String, Table, UniqueConstraint, bindparam, inspect, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Model, is_writing, rows, session

GUARDS: dict[str, "Guard"] = {}
COUNTED: list[str] = []
"""For each tally the SELECT of the rows that it counts, as `scope`, `name` and an `n` of 1."""
ROWID = ("rowid", "oid", "_rowid_")
"""What SQLite calls the key of a row beside its own name."""


@dataclass(frozen=True)
class Guard:
    """One trigger: what it hangs on, and its body in both dialects."""

    name: str
    table: str
    timing: str
    when: str
    sqlite: str
    postgresql: str
    level: str = "ROW"
    sees: str = ""
    """Which rows a trigger of PostgreSQL at the level of the statement sees: `OLD TABLE AS …`, `NEW TABLE AS …`."""


class Tally(Model):
    """A running count, kept by triggers, so that a tab's number costs one indexed read at any size."""

    __tablename__ = "tally"

    scope: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


OF_SCOPE = select(Tally.name, Tally.n).where(Tally.scope == bindparam("scope"))


def tallied(scope: str) -> dict[str, int]:
    """Every count of this scope; read once in a transaction that only reads, since such a one sees no change."""
    known: dict[str, tuple[object, dict[str, int]]] = session().info.setdefault("tallies", {})
    unit = session().get_transaction()
    if unit is None or is_writing() or scope not in known or known[scope][0] is not unit:
        counts = {row.name: row.n for row in rows(OF_SCOPE, scope=scope)}
        known[scope] = session().get_transaction(), counts
    return known[scope][1]


def append_only(model: type[Model]) -> None:
    """Rows of this table are written once: UPDATE, DELETE, TRUNCATE and INSERT OR REPLACE are refused."""
    refuse(model, "no_update", "BEFORE UPDATE")
    refuse(model, "no_delete", "BEFORE DELETE")
    no_truncate(model)


def frozen(model: type[Model], when: str) -> None:
    """A row of which `when` is true (a condition on OLD) can't be changed, deleted or replaced any more."""
    refuse(model, "frozen_update", "BEFORE UPDATE", when)
    refuse(model, "frozen_delete", "BEFORE DELETE", when)
    no_truncate(model)


def refuse(model: type[Model], name: str, timing: str, when: str = "") -> None:
    """Refuse one kind of change, always or when a condition on OLD and NEW holds.

    What can't be deleted can't be overwritten either.
    """
    if timing == "BEFORE DELETE":
        no_overwrite(model)
    says = f"{model.__tablename__} is immutable ({name})"
    _add(
        Guard(
            f"{model.__tablename__}_{name}",
            model.__tablename__,
            timing,
            when,
            f"SELECT RAISE(ABORT, '{says}');",
            f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation';",
        )
    )


def no_overwrite(model: type[Model]) -> None:
    """Refuse a row that has any unique key of another: SQLite's OR REPLACE would delete that one without a word.

    It fires no trigger for the row that it deletes, unless the connection asks for it (`recursive_triggers`).
    """
    table, says = model.__tablename__, f"{model.__tablename__} is immutable (no_overwrite)"
    keys = list(unique_keys(Base.metadata.tables[table]))
    named = ", ".join(sorted({*ROWID, *re.findall(r"\bNEW\.(\w+)", " ".join(keys))}))
    by_update = f"BEFORE UPDATE OF {named}"
    for name, timing, other in (("", "BEFORE INSERT", ""), ("_by_update", by_update, " AND id <> OLD.id")):
        taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key}{other})" for key in keys)  # noqa: S608 - ours
        _add(Guard(f"{table}_no_overwrite{name}", table, timing, taken, f"SELECT RAISE(ABORT, '{says}');", ""))


def unique_keys(table: Table) -> Iterator[str]:
    """For each unique key a condition on a row and NEW: it has the same, and both stand in a partial index's range."""
    named = {column.name for column in table.columns}
    yield "id = NEW.id"
    for constraint in sorted(table.constraints, key=lambda c: str(c.name)):
        if isinstance(constraint, UniqueConstraint):
            yield _same(constraint.columns.keys())
    for index in sorted(table.indexes, key=lambda i: str(i.name)):
        if index.unique:
            partial = index.dialect_options["sqlite"]["where"]
            where = "" if partial is None else f"({partial})"
            new = re.sub(r"\b[a-z_]+\b", lambda word: f"NEW.{word[0]}" if word[0] in named else word[0], where)
            yield _same(index.columns.keys()) + (f" AND {where} AND {new}" if where else "")


def _same(columns: Iterable[str]) -> str:
    return " AND ".join(f"{column} = NEW.{column}" for column in columns)


def no_truncate(model: type[Model]) -> None:
    """Refuse TRUNCATE, which passes row triggers by."""
    says = f"{model.__tablename__} is immutable (no_truncate)"
    _add(
        Guard(
            f"{model.__tablename__}_no_truncate",
            model.__tablename__,
            "BEFORE TRUNCATE",
            "",
            "",
            f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation';",
            "STATEMENT",
        )
    )


def tally(model: type[Model], name: str, *, scope: str, count: str, when: str, columns: str) -> None:
    """Count the rows for which `when` holds, under (`scope`, `count`): SQL expressions in which `@` is the row.

    `columns` are those whose change can move a row from one count to another. SQLite steps for each row; PostgreSQL,
    which keeps every version of a count until its transaction ends, once for all rows of a statement.
    """
    COUNTED.append(_move(scope, count, when, "r", 1, f" FROM {model.__tablename__} r"))
    table, changed = model.__tablename__, " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in columns.split())
    for verb, seen in (("insert", {"NEW": 1}), ("delete", {"OLD": -1}), ("update", {"OLD": -1, "NEW": 1})):
        steps = "".join(_added(_move(scope, count, when, row, n)) for row, n in seen.items())
        moves = " UNION ALL ".join(_move(scope, count, when, "r", n, f" FROM {row}_rows r") for row, n in seen.items())
        summed = f"SELECT scope, name, sum(n) FROM ({moves}) m GROUP BY scope, name HAVING sum(n) <> 0 ORDER BY 1, 2"  # noqa: S608
        sees = " ".join(f"{row} TABLE AS {row}_rows" for row in seen)
        trigger = f"{table}_{name}_{verb}", table, f"AFTER {verb.upper()}", changed if verb == "update" else ""
        _add(Guard(*trigger, steps, _added(summed), "STATEMENT", sees))


def _move(scope: str, count: str, when: str, row: str, n: int, source: str = "") -> str:
    return f"SELECT {scope} AS scope, {count} AS name, {n} AS n{source} WHERE {when}".replace("@", row)


def _added(moves: str) -> str:
    return (
        f"INSERT INTO tally (scope, name, n) {moves} ON CONFLICT (scope, name) DO UPDATE SET n = tally.n + EXCLUDED.n; "
    )


def _add(guard: Guard) -> None:
    GUARDS[guard.name] = guard


def statements(dialect: str, tables: Container[str]) -> Iterator[str]:
    """The SQL that makes every guard of these tables in this dialect."""
    for guard in sorted((g for g in GUARDS.values() if g.table in tables), key=lambda g: g.name):
        yield from statements_of(guard, dialect)


def statements_of(guard: Guard, dialect: str) -> Iterator[str]:
    """The SQL that makes this one, its function before it; nothing where this dialect has no need of it."""
    yield from (_for_sqlite(guard) if dialect == "sqlite" else _for_postgresql(guard))


def _for_sqlite(guard: Guard) -> Iterator[str]:
    if guard.sqlite:
        when = f" WHEN {guard.when.replace('IS DISTINCT FROM', 'IS NOT')}" if guard.when else ""
        yield (
            f"CREATE TRIGGER {guard.name} {guard.timing} ON {guard.table} FOR EACH ROW{when} BEGIN {guard.sqlite} END"
        )


def _for_postgresql(guard: Guard) -> Iterator[str]:
    if guard.postgresql:
        gives = "COALESCE(NEW, OLD)" if guard.level == "ROW" else "NULL"
        yield (
            f"CREATE OR REPLACE FUNCTION guard_{guard.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {guard.postgresql} RETURN {gives}; END $$"
        )
        when = f" WHEN ({guard.when})" if guard.when and guard.level == "ROW" else ""
        sees = f" REFERENCING {guard.sees}" if guard.sees else ""
        yield (
            f"CREATE TRIGGER {guard.name} {guard.timing} ON {guard.table}{sees} FOR EACH {guard.level}{when} "
            f"EXECUTE FUNCTION guard_{guard.name}()"
        )


def install(connection: Connection) -> None:
    """Drop every trigger and make those of the tables there are anew; run after each migration, in its transaction."""
    remove(connection)
    there = set(inspect(connection).get_table_names())
    for statement in statements(connection.dialect.name, there):
        connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name != "sqlite" else statement)


def remove(connection: Connection) -> None:
    """Drop every trigger there is, known or of an older version."""
    for name, table in list(installed(connection)):
        on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")


def installed(connection: Connection) -> Iterator[tuple[str, str]]:
    """Name and table of each trigger the database has."""
    asks = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
    )
    yield from ((row[0], row[1]) for row in connection.execute(text(asks)))
