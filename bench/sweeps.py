"""What the sweep costs: thousands of cases that close by themselves, and a look around when nothing is due."""

import gc
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import sql
from sqlalchemy import text

from bench import bare, store
from bench.fill import NOON, config
from jobs.sweep import sweep
from portal import create_app
from portal.db import db
from portal.deadlines import SWEEP_GRACE

ROWS = 250_000
CASES = 10_000
RUNS = 3
COPIES = ("swept", "bare")
LOOKS = 300


def measure(database: str) -> dict[str, Any]:
    """Seconds for 10,000 closings, and for the same rows without us; of three each the fastest, since whatever else a
    machine does only ever adds to it.
    """
    runs = [_run(database) for _ in range(RUNS)]
    best, bare = min(run.seconds for run in runs), min(run.bare for run in runs)
    return {
        "database": database,
        "rows": ROWS,
        "cases": runs[0].cases,
        "seconds": round(best, 2),
        "all_runs": "/".join(f"{run.seconds:.2f}" for run in runs),
        "a_second": round(runs[0].cases / best),
        "bare_seconds": round(bare, 2),
        "times_bare": round(best / bare, 2),
    }


class Run(NamedTuple):
    """One sweep: its seconds, those of the bare rows, and how many cases it closed."""

    seconds: float
    bare: float
    cases: int


def _run(database: str) -> Run:
    """One sweep on a fresh copy of data that has so many, and the rows it wrote into another one."""
    with _copies(database, ROWS) as (url, fresh):
        with create_app(config(fresh, store.folder())).app_context():
            _only_closings(fresh)
            db.session.remove()
            db.engine.dispose()
        with create_app(config(url, store.folder())).app_context():
            at = _only_closings(url)
            gc.collect()
            gc.freeze()  # as the launcher does before its parts begin
            began = time.perf_counter()
            done = sweep(at)
            seconds = time.perf_counter() - began
            db.session.remove()
            db.engine.dispose()
        if done.set_aside or done.hindered:
            raise RuntimeError(f"the sweep stumbled: {done}")
        return Run(seconds, bare.write(url, fresh), done.expired)


def idle(database: str, rows: int) -> dict[str, Any]:
    """Milliseconds for a look when nothing is due, as nothing is at the data's noon."""
    with ExitStack() as stack:
        url = f"sqlite:///{store.sqlite(rows)}"
        if database == "postgresql":
            url = store.on_postgresql(stack.enter_context(store.postgresql(rows))[0], rows)
        app = create_app(config(url, store.folder()))
        with app.app_context():
            found = _look()
            db.session.remove()
            db.engine.dispose()
    return {"database": database, "rows": rows, "idle_ms": round(found, 3)}


def _look() -> float:
    waits = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        done = sweep(NOON)
        waits.append(time.perf_counter() - began)
        if done.expired or done.reminded:
            raise RuntimeError(f"something was due: {done}")
    return 1000 * statistics.median(waits)


def _only_closings(url: str) -> datetime:
    """Settle every other deadline, and find the instant at which enough supplements have run out."""
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE deadline SET remind_at = NULL WHERE remind_at IS NOT NULL"))
        connection.execute(
            text("UPDATE deadline SET state = 'met', closed_at = starts_at WHERE state = 'running' AND kind <> :kind"),
            {"kind": "supplement"},
        )
        ask = "SELECT due_at FROM deadline WHERE state = 'running' ORDER BY due_at LIMIT 1 OFFSET :many"
        found: Any = connection.execute(text(ask), {"many": CASES - 1}).scalar_one()
    if not url.startswith("sqlite"):
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("VACUUM ANALYZE deadline")  # as autovacuum does: no sweep meets so many dead rows
    at = datetime.fromisoformat(found).replace(tzinfo=NOON.tzinfo) if isinstance(found, str) else found
    return at + SWEEP_GRACE


@contextmanager
def _copies(database: str, rows: int) -> Iterator[list[str]]:
    """The addresses of two copies of the data, which are thrown away afterwards."""
    source = store.sqlite(rows)
    if database == "sqlite":
        files = [source.with_name(f"{name}.db") for name in COPIES]
        try:
            for file in files:
                _forget(file)  # a log that a killed run left would not fit the copy
                shutil.copyfile(source, file)
            yield [f"sqlite:///{file}" for file in files]
        finally:
            for file in files:
                _forget(file)
        return
    with store.postgresql(rows) as (url, _process), psycopg.connect(url, autocommit=True) as server:
        like = sql.Identifier(store.on_postgresql(url, rows).partition("?")[0].rpartition("/")[2])
        for name in COPIES:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), like))
        server.execute("CHECKPOINT")
        try:
            yield [url.replace("/postgres?", f"/{name}?") for name in COPIES]
        finally:
            for name in COPIES:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _forget(file: Path) -> None:
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
