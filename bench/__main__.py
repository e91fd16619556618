"""The benchmarks: `python -m bench --help`. Ends with 1 when a limit that binds is broken."""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import lighthouse, pages, store, sweeps

RESULTS = Path(__file__).parent / "results"
DATABASES = ("sqlite", "postgresql")
PARTS = ("pages", "sweep", "lighthouse")
AIM = {"sqlite": 9, "postgresql": 14}
"""Processor time as a multiple of hello's that the list and the queue are to reach."""
GROWTH = 1.15
SWEEP_SECONDS = 5.0
IDLE_MS = 2.0
SCORE = 95


def main() -> int:
    """Measure what was asked for, print it, keep it, and say what is over its limit."""
    asked = _asked()
    RESULTS.mkdir(exist_ok=True)
    log = store.folder() / "served.log"
    over: list[str] = []
    for database in asked.database:
        if "pages" in asked.only:
            found = pages.measure(database, asked.rows, asked.kinds, asked.rounds, log)
            _keep(f"pages-{database}", found)
            over += _outgrown(database, found, asked.rows)
        if "sweep" in asked.only:
            _keep(f"idle-{database}", [idle := sweeps.idle(database, max(asked.rows))])
            _keep(f"sweep-{database}", [swept := sweeps.measure(database)])
            over += _slow(swept, idle)
    if "lighthouse" in asked.only:
        found = lighthouse.measure(min(asked.rows), log)
        _keep("lighthouse", found)
        over += [f"{one['page']}: {one[name]} for {name}" for one in found for name in lighthouse.CATEGORIES
                 if one[name] < SCORE]  # fmt: skip
    print("\n".join(f"OVER ITS LIMIT  {line}" for line in over) or "every limit that binds is kept")
    return bool(over)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000], help="appeals in the database")
    parser.add_argument("--database", nargs="+", choices=DATABASES, default=list(DATABASES))
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="parts to measure")
    parser.add_argument("--kinds", nargs="+", choices=list(pages.KINDS), default=list(pages.KINDS), help="pages")
    parser.add_argument("--rounds", type=int, default=pages.ROUNDS, help="slices of each page")
    return parser.parse_args()


def _outgrown(database: str, found: Sequence[Mapping[str, Any]], sizes: Sequence[int]) -> list[str]:
    """The pages that cost more with many rows than with few; those above their aim are only marked."""
    cost = {(one["page"], one["rows"]): one for one in found}
    over = []
    for page in {one["page"] for one in found} - {pages.HELLO}:
        few, growth = cost[page, min(sizes)], cost[page, max(sizes)]["times_small"]
        if len(sizes) > 1:
            print(f"  {page}: {max(sizes):,} rows cost {growth:.2f} of {min(sizes):,}")
        if growth > GROWTH:
            over.append(f"{page} on {database}: {growth:.2f} times the cost at {max(sizes):,} rows")
        if page in ("list", "queue") and few["times_hello"] > AIM[database]:
            print(f"  {page}: {few['times_hello']} times hello; the aim is {AIM[database]}")
    return over


def _slow(swept: Mapping[str, Any], idle: Mapping[str, Any]) -> list[str]:
    over = []
    if swept["seconds"] > SWEEP_SECONDS:
        over.append(f"sweep on {swept['database']}: {swept['seconds']} s for {swept['cases']:,} cases")
    if idle["idle_ms"] > IDLE_MS:
        over.append(f"idle sweep on {idle['database']}: {idle['idle_ms']} ms")
    return over


def _keep(name: str, found: Sequence[Mapping[str, Any]]) -> None:
    """Print the figures, and write them beside the scripts."""
    columns = list(found[0])
    print("\n" + "  ".join(f"{column:>18}" for column in columns))
    for one in found:
        print("  ".join(f"{one[column]!s:>18}" for column in columns))
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
        "counting_ms": round(statistics.median(_counting() for _ in range(9)), 1),
    }
    kept = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine, "found": list(found)}
    (RESULTS / f"{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def _counting() -> float:
    """Milliseconds in which Python adds up a million numbers: how fast the machine was, to compare its seconds by."""
    began = time.perf_counter()
    number = 0
    for one in range(1_000_000):
        number += one
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    raise SystemExit(main())
