"""Where the filled databases are kept between runs: BENCH_DIR, or .cache/bench, a folder for each shape of the data."""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from bench.fill import SECRET, config, fill
from portal import create_app, guards, schema
from portal.db import db
from tests.postgres import _user as account
from tests.postgres import binaries

ROOT = Path(__file__).parent.parent
SERVER = (
    "listen_addresses=", "shared_buffers=2GB", "maintenance_work_mem=1GB", "max_wal_size=8GB", "work_mem=16MB",
    "max_connections=100", "fsync=on", "synchronous_commit=on",
)  # fmt: skip


@cache
def folder() -> Path:
    """The folder for data of the present shape, which a run keeps to its end; those of older shapes are removed."""
    place = Path(os.environ.get("BENCH_DIR") or ROOT / ".cache" / "bench").absolute()
    shape = hashlib.sha256()
    for path in [*sorted((ROOT / "migrations" / "versions").glob("*.py")), *Path(__file__).parent.glob("fill.*")]:
        shape.update(path.read_bytes())
    shape.update("".join(guards.statements("sqlite", _tables())).encode())
    here = place / shape.hexdigest()[:12]
    for old in place.glob("????????????"):
        if old != here:
            shutil.rmtree(old)
    here.mkdir(parents=True, exist_ok=True)
    return here


def _tables() -> set[str]:
    return {guard.table for guard in guards.GUARDS.values()}


def sqlite(rows: int) -> Path:
    """The SQLite file with so many appeals, made if it is not there."""
    home = folder() / f"sqlite-{rows}"
    if not home.exists():
        part = home.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        print(f"filling SQLite with {rows:,} appeals …", flush=True)
        fill(part / "recourse.db", rows)
        part.rename(home)
    return home / "recourse.db"


def environment(url: str, home: Path) -> Mapping[str, str]:
    """The settings with which the portal is served on a database, in strings."""
    return {
        "DATA_DIR": str(home), "SECRET_KEY": SECRET, "DATABASE_URL": url, "DEMO": "0",
        "REDIS_URL": f"unix://{home}/no-redis.sock",
    }  # fmt: skip


@contextmanager
def postgresql(rows: int) -> Iterator[tuple[str, int]]:
    """A running PostgreSQL for data of this size: the URL of its `postgres` database, and its process."""
    place = binaries()
    if place is None:
        raise SystemExit("PostgreSQL is missing: install it, or set PG_BIN; or leave it out with --database sqlite.")
    home = folder() / f"postgresql-{rows}"
    socket = Path(tempfile.mkdtemp(prefix="bench-"))
    user = account(socket)
    if not home.exists():
        _make_cluster(place, home, user)
    with (socket / "log").open("w") as log:
        options = [word for setting in (*SERVER, f"unix_socket_directories={socket}") for word in ("-c", setting)]
        server = subprocess.Popen(
            [place / "postgres", "-D", home, *options], stdout=subprocess.DEVNULL, stderr=log, user=user, cwd=socket
        )
    url = f"postgresql://recourse@/postgres?host={socket}"
    try:
        _wait(url, server)
        yield url, server.pid
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(120)
        shutil.rmtree(socket, ignore_errors=True)


def _make_cluster(place: Path, home: Path, user: str | None) -> None:
    home.mkdir(mode=0o700)
    if user:
        shutil.chown(home, user)
    command = [place / "initdb", "-A", "trust", "-U", "recourse", "-E", "UTF8", "--locale=C", "-D", home]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None:
                raise
            time.sleep(0.1)
    raise SystemExit("PostgreSQL did not start")


def refresh(url: str, at: str) -> None:
    """Have everybody seen in their browser at the data's noon, however often the data was served before."""
    statement = "UPDATE browser_session SET seen_at = ?"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as file:
            file.execute(statement, [at])
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(statement.replace("?", "%s"), [f"{at}+00"])
        server.execute("VACUUM ANALYZE browser_session")


def on_postgresql(url: str, rows: int) -> str:
    """The URL of the PostgreSQL database with so many appeals, copied from the SQLite file if it is not there."""
    name = f"appeals_{rows}"
    there = url.replace("/postgres?", f"/{name}?")
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return there
        part = sql.Identifier(f"{name}_part")
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(part))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(part))
        source = sqlite(rows)
        print(f"copying {rows:,} appeals to PostgreSQL …", flush=True)
        copy(source, url.replace("/postgres?", f"/{name}_part?"))
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(part, sql.Identifier(name)))
    return there


def copy(source: Path, url: str) -> None:
    """Bring every row of an SQLite file into an empty PostgreSQL database."""
    app = create_app(config(url, source.parent))
    with app.app_context():
        schema.upgrade()
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(source)) as rows, psycopg.connect(url, autocommit=True) as into:
        into.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys: both hold already
        into.execute("SET timezone = 'UTC'")
        indexes = into.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint)"
        ).fetchall()
        for name, _definition in indexes:
            into.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        for (table,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            _copy_table(rows, into, table)
        for _name, definition in indexes:
            into.execute(definition)
        into.execute("VACUUM ANALYZE")


def _copy_table(rows: sqlite3.Connection, into: psycopg.Connection, table: str) -> None:
    cursor = rows.execute(f"SELECT * FROM {table}")
    columns = [column[0] for column in cursor.description]
    into.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with into.cursor().copy(statement) as copy:
        for row in cursor:
            copy.write_row(row)
    if "id" in columns and isinstance(rows.execute(f"SELECT max(id) FROM {table}").fetchone()[0], int):
        into.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))").format(
                table, sql.Identifier(table)
            )
        )
