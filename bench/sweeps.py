"""What the sweep costs: thousands of cases that close by themselves, and a look around when nothing is due."""

import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import text

from bench import store
from bench.fill import NOON, config
from jobs.sweep import sweep
from portal import create_app
from portal.db import db
from portal.deadlines import SWEEP_GRACE

CASES = 10_000
LOOKS = 300


def measure(database: str, rows: int) -> dict[str, Any]:
    """Seconds for up to 10,000 closings on a copy of the data, and milliseconds for a look when nothing is due."""
    with _copy(database, rows) as url:
        app = create_app(config(url, store.folder()))
        with app.app_context():
            idle = _idle()
            at = _only_closings()
            began = time.perf_counter()
            done = sweep(at)
            seconds = time.perf_counter() - began
            db.session.remove()
            db.engine.dispose()
    if done.set_aside or done.hindered:
        raise RuntimeError(f"the sweep stumbled: {done}")
    return {
        "database": database,
        "rows": rows,
        "cases": done.expired,
        "seconds": round(seconds, 2),
        "a_second": round(done.expired / seconds),
        "idle_ms": round(idle, 3),
    }


def _idle() -> float:
    """The median of many looks; the data has nothing due at its noon."""
    waits = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        done = sweep(NOON)
        waits.append(time.perf_counter() - began)
        if done.expired or done.reminded:
            raise RuntimeError(f"something was due: {done}")
    return 1000 * statistics.median(waits)


def _only_closings() -> datetime:
    """Settle every other deadline, and find the instant at which enough supplements have run out."""
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE deadline SET remind_at = NULL WHERE remind_at IS NOT NULL"))
        connection.execute(
            text("UPDATE deadline SET state = 'met', closed_at = starts_at WHERE state = 'running' AND kind <> :kind"),
            {"kind": "supplement"},
        )
        ask = "SELECT due_at FROM deadline WHERE state = 'running' ORDER BY due_at LIMIT 1 OFFSET :many"
        count = connection.execute(text("SELECT count(*) FROM deadline WHERE state = 'running'")).scalar_one()
        found: Any = connection.execute(text(ask), {"many": min(CASES, count) - 1}).scalar_one()
    at = datetime.fromisoformat(found).replace(tzinfo=NOON.tzinfo) if isinstance(found, str) else found
    return at + SWEEP_GRACE


@contextmanager
def _copy(database: str, rows: int) -> Iterator[str]:
    """The address of a copy of the data, which is thrown away afterwards."""
    source = store.sqlite(rows)
    if database == "sqlite":
        file = source.with_name("sweep.db")
        shutil.copyfile(source, file)
        try:
            yield f"sqlite:///{file}"
        finally:
            for part in source.parent.glob("sweep.db*"):
                Path(part).unlink()
        return
    with store.postgresql(rows) as (url, _process):
        name = store.on_postgresql(url, rows).partition("?")[0].rpartition("/")[2]
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("DROP DATABASE IF EXISTS sweep")
            server.execute(sql.SQL("CREATE DATABASE sweep TEMPLATE {}").format(sql.Identifier(name)))
            server.execute("CHECKPOINT")
            try:
                yield url.replace("/postgres?", "/sweep?")
            finally:
                server.execute("DROP DATABASE sweep WITH (FORCE)")
