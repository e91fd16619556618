"""What a page costs: processor time of the portal and the database per request, as a multiple of hello's.

Everything that is compared runs in turn, a slice at a time, so that the neighbours of the machine disturb all alike.
It does so several times on new servers: a process has its luck, such as where its memory lies, for as long as it lives.
"""

import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import store
from bench.browser import Browser, Visit
from bench.fill import AT, STAFF, token
from bench.processes import Meter, serving

LIVES = 3
ROUNDS = 4
SLICE = 0.5
"""Seconds of one slice; long against the clock of processor time, short against the moods of the machine."""
WARM = 200
SHOPS = 8
PART = (("HX-Request", "true"),)
HELLO = "hello"


@dataclass
class Target:
    """One kind of page on one database in one life of its server: what is asked for, and what it has cost so far."""

    name: str
    rows: int
    browser: Browser
    meters: Sequence[Meter]
    visits: Sequence[Visit]
    expected: int = 200
    requests: int = 0
    sizes: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    slices: list[float] = field(default_factory=list)

    def run(self, requests: int, chance: random.Random, *, counted: bool = True) -> None:
        """Ask so many times for some of the visits."""
        asked = [visit.request() for visit in chance.choices(self.visits, k=requests)]
        before = sum(meter.read() for meter in self.meters)
        answers = [self.browser.ask(request) for request in asked]
        used = sum(meter.read() for meter in self.meters) - before
        wrong = [status for status, _size, _wait in answers if status != self.expected]
        if wrong:
            raise RuntimeError(f"{self.name}: {len(wrong)} answers were {wrong[0]}, not {self.expected}")
        if counted:
            self.requests += requests
            self.slices.append(used / requests)
            self.sizes += [size for _status, size, _wait in answers]
            self.waits += [wait for _status, _size, wait in answers]


def measure(database: str, sizes: Sequence[int], kinds: Sequence[str], rounds: int, log: Path) -> list[dict[str, Any]]:
    """Cost, multiple of hello, p50 and size of each kind of page at each size."""
    chance = random.Random(11)
    lives = [_life(f"{database}: life {number + 1} of {LIVES}", database, sizes, kinds, rounds, log, chance)
             for number in range(LIVES)]  # fmt: skip
    hello, *pages = zip(*lives, strict=True)
    small = {life[0].name: life for life in pages if life[0].rows == min(sizes)} | {HELLO: hello}
    return [_result(page, hello, small[page[0].name]) for page in (hello, *pages)]


def _life(
    name: str, database: str, sizes: Sequence[int], kinds: Sequence[str], rounds: int, log: Path, chance: random.Random
) -> list[Target]:
    """Everything once on servers of its own: hello first, then each kind of page at each size."""
    with ExitStack() as stack:
        targets = [
            stack.enter_context(_hello(log)),
            *(target for rows in sizes for target in stack.enter_context(_portal(database, rows, kinds, log))),
        ]
        counts = {}
        for target in targets:
            target.run(WARM, chance, counted=False)
            began = time.perf_counter()
            target.run(WARM, chance, counted=False)
            counts[target.name, target.rows] = max(20, int(SLICE * WARM / (time.perf_counter() - began)))
        for number in range(rounds):
            print(f"  {name}: round {number + 1} of {rounds}", flush=True)
            for target in chance.sample(targets, len(targets)):
                target.run(counts[target.name, target.rows], chance)
        return targets


def _result(page: Sequence[Target], hello: Sequence[Target], small: Sequence[Target]) -> dict[str, Any]:
    """What a page costs, against hello and against itself where there are few rows: the middle of all rounds.

    In a round everything is measured within seconds, in the same mood of the machine.
    """
    waits = [wait for life in page for wait in life.waits]
    return {
        "page": page[0].name,
        "rows": page[0].rows,
        "cpu_ms": round(1000 * statistics.median(cost for life in page for cost in life.slices), 3),
        "times_hello": round(_against(page, hello), 2),
        "times_small": round(_against(page, small), 2),
        "of_each_life": "/".join(f"{_against([life], [its]):.2f}" for life, its in zip(page, small, strict=True)),
        "p50_ms": round(1000 * statistics.median(waits), 2),
        "bytes": int(statistics.median(size for life in page for size in life.sizes)),
        "requests": sum(life.requests for life in page),
    }


def _against(page: Sequence[Target], other: Sequence[Target]) -> float:
    """How many times as much a page costs as another, round by round."""
    lives = zip(page, other, strict=True)
    return statistics.median(mine / its for one, two in lives for mine, its in zip(one.slices, two.slices, strict=True))


@contextmanager
def _hello(log: Path) -> Iterator[Target]:
    with serving("hello", {"SECRET_KEY": "hello" * 9 + "0123456789"}, log) as (port, pid):
        browser = Browser(port)
        yield Target(HELLO, 0, browser, [Meter(pid)], [Visit("/")])
        browser.close()


@contextmanager
def _portal(database: str, rows: int, kinds: Sequence[str], log: Path) -> Iterator[list[Target]]:
    """The portal on a database of this size, with the pages to ask for."""
    file = store.sqlite(rows)
    with ExitStack() as stack:
        url, meters = f"sqlite:///{file}", []
        if database == "postgresql":
            cluster, postmaster = stack.enter_context(store.postgresql(rows))
            url, meters = store.on_postgresql(cluster, rows), [Meter(postmaster)]
        store.refresh(url, AT)
        port, pid = stack.enter_context(serving("portal", store.environment(url, file.parent), log))
        browser = Browser(port)
        stack.callback(browser.close)
        with closing(sqlite3.connect(file)) as known:
            yield [
                Target(kind, rows, browser, [Meter(pid), *meters], KINDS[kind](known), EXPECTED.get(kind, 200))
                for kind in kinds
            ]


def _shops(known: sqlite3.Connection) -> list[int]:
    """Some shops whose tab has more than a page."""
    ask = (
        "SELECT shop_id FROM appeal WHERE status = 'under_review' AND shop_id > 1 GROUP BY shop_id HAVING count(*) > 20"
    )
    return random.Random(5).sample([shop for (shop,) in known.execute(ask)], SHOPS)


def _list(known: sqlite3.Connection) -> list[Visit]:
    return [Visit("/appeals?tab=under_review", token(shop)) for shop in _shops(known)]


def _list_part(known: sqlite3.Connection) -> list[Visit]:
    return [Visit("/appeals?tab=under_review", token(shop), PART) for shop in _shops(known)]


def _large_shop(known: sqlite3.Connection) -> list[Visit]:
    return [Visit("/appeals?tab=completed", token(1))]


def _queue(known: sqlite3.Connection) -> list[Visit]:
    (shops,) = known.execute("SELECT count(*) FROM shop").fetchone()
    return [Visit("/review", token(shops + number)) for number in range(1, STAFF + 1)]


def _detail(known: sqlite3.Connection) -> list[Visit]:
    """Cases under review with five files."""
    ask = (
        "SELECT ref, shop_id FROM appeal WHERE shop_id = ? AND status = 'under_review' AND NOT overdue "
        "ORDER BY (id * 31) % 5 DESC, id LIMIT 4"
    )
    return [Visit(f"/appeals/{ref}", token(shop)) for of in _shops(known) for ref, shop in known.execute(ask, [of])]


def _unread(known: sqlite3.Connection) -> list[Visit]:
    """The number of unread messages, asked for again while it is the same."""
    visits = []
    for shop in _shops(known):
        ask = "SELECT sum(n) FROM tally WHERE scope = ? AND name LIKE 'unread:%'"
        (number,) = known.execute(ask, [f"shop:{shop}"]).fetchone()
        same = ("If-None-Match", f'W/"zh-{min(number, 100)}"')
        visits.append(Visit("/messages/unread", token(shop), (*PART, same)))
    return visits


KINDS: dict[str, Callable[[sqlite3.Connection], list[Visit]]] = {
    "list": _list,
    "queue": _queue,
    "detail": _detail,
    "list, part": _list_part,
    "list, largest shop": _large_shop,
    "unread, unchanged": _unread,
}
EXPECTED = {"unread, unchanged": 304}
