"""What the database alone takes for the rows of a sweep: read from the copy that was swept, written into a fresh one.

A statement for each table and one transaction for all, with every index, constraint and trigger, and no Python in it.
The rows are at hand before the clock starts.
"""

import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing

import psycopg

from portal.driver import SQLITE_PRAGMAS

NEW = ("decision", "audit_event", "deadline", "notice", "delivery")
CHANGED = {
    "appeal": ("status", "outcome", "due_at", "completed_at", "version"),
    "deadline": ("state", "remind_at", "closed_at", "version"),
}
WHICH = {
    "appeal": "id IN (SELECT case_id FROM {of}decision WHERE id > {mark})",
    "deadline": "kind = 'supplement' AND subject_type = 'appeal' AND state = 'expired' AND closed_at = due_at"
    " AND subject_id IN (SELECT case_id FROM {of}decision WHERE id > {mark})",
}


def write(swept: str, fresh: str) -> float:
    """Seconds in which the fresh copy comes to say what the swept one does; both are URLs."""
    return _sqlite(swept, fresh) if swept.startswith("sqlite") else _postgresql(swept, fresh)


def _sqlite(swept: str, fresh: str) -> float:
    with closing(sqlite3.connect(fresh.removeprefix("sqlite:///"), isolation_level=None)) as file:
        for pragma in SQLITE_PRAGMAS:
            file.execute(f"PRAGMA {pragma}")
        file.execute("ATTACH ? AS swept", [swept.removeprefix("sqlite:///")])
        marks = {table: file.execute(f"SELECT max(id) FROM main.{table}").fetchone()[0] or 0 for table in NEW}
        which = {table: where.format(of="swept.", mark=marks["decision"]) for table, where in WHICH.items()}
        for table, columns in CHANGED.items():
            names = ", ".join(columns)
            file.execute(f"CREATE TEMP TABLE changed_{table} (id INTEGER PRIMARY KEY, {names})")
            file.execute(f"INSERT INTO changed_{table} SELECT id, {names} FROM swept.{table} WHERE {which[table]}")
        for table in NEW:
            file.execute(f"CREATE TEMP TABLE new_{table} AS SELECT * FROM swept.{table} WHERE id > {marks[table]}")
        began = time.perf_counter()
        file.execute("BEGIN IMMEDIATE")
        for table, columns in CHANGED.items():
            names = ", ".join(columns)
            file.execute(
                f"UPDATE main.{table} SET ({names}) = (SELECT {names} FROM changed_{table} c WHERE c.id = {table}.id) "
                f"WHERE id IN (SELECT id FROM changed_{table})"
            )
        for table in NEW:
            file.execute(f"INSERT INTO main.{table} SELECT * FROM new_{table}")
        file.execute("COMMIT")
        return time.perf_counter() - began


def _postgresql(swept: str, fresh: str) -> float:
    with psycopg.connect(swept) as source, psycopg.connect(fresh, autocommit=True) as into:
        marks = {table: into.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0] for table in NEW}  # type: ignore[index]
        new = {table: _read(source, f"SELECT * FROM {table} WHERE id > {marks[table]}") for table in NEW}
        where = {table: which.format(of="", mark=marks["decision"]) for table, which in WHICH.items()}
        changed = {
            table: _read(source, f"SELECT id, {', '.join(columns)} FROM {table} WHERE {where[table]}")
            for table, columns in CHANGED.items()
        }
        for table, columns in CHANGED.items():
            into.execute(f"CREATE TEMP TABLE new_{table} AS SELECT id, {', '.join(columns)} FROM {table} LIMIT 0")
            _write(into, f"new_{table}", changed[table])
            into.execute(f"ANALYZE new_{table}")
        return _timed(into, new)


def _timed(into: psycopg.Connection, new: Mapping[str, bytes]) -> float:
    began = time.perf_counter()
    with into.transaction():
        for table, columns in CHANGED.items():
            values = ", ".join(f"{column} = n.{column}" for column in columns)
            into.execute(f"UPDATE {table} t SET {values} FROM new_{table} n WHERE t.id = n.id")
        for table in NEW:
            _write(into, table, new[table])
    return time.perf_counter() - began


def _read(source: psycopg.Connection, ask: str) -> bytes:
    with source.cursor().copy(f"COPY ({ask}) TO STDOUT") as rows:
        return b"".join(rows)


def _write(into: psycopg.Connection, table: str, rows: bytes) -> None:
    with into.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        copy.write(rows)
