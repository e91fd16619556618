"""Every statement that a page or a job runs has an index for it: looked at in the plans of both databases."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, select, text

from bench import fill, store
from jobs import effects
from jobs.sweep import sweep
from portal import Portal, clock, create_app, penalties
from portal.audit import SYSTEM
from portal.db import db, unit_of_work
from portal.driver import Prepared
from portal.home import undone
from portal.messages import outbox
from portal.penalties.models import Penalty
from tests import make
from tests.conftest import Clock
from tests.databases import Postgresql

ROWS = 2000
SHOP, REVIEWER = 2, 0
GROWING = frozenset(
    (
        *("penalty", "measure", "appeal", "deadline", "deadline_extension", "review", "decision", "evidence_request"),
        *("submission", "evidence_item", "stored_file", "audit_event", "notice", "delivery"),
        *(
            "after_sale",
            "after_sale_item",
            "arbitration",
            "after_sale_message",
            "offer",
            "purchase",
            "purchase_item",
            "buyer",
            "case_link",
            "complaint",
            "disclosure_request",
            "override_record",
        ),
        *("person", "membership", "shop", "browser_session"),
    )
)
"""The tables that have more rows every day; the others (policies, calendars, tallies) stay small."""
STATEMENT = re.compile(r"\s*(SELECT|WITH|UPDATE|DELETE)\b", re.IGNORECASE)
SCAN = re.compile(r"SCAN (\w+)(.*)")
MERGES = frozenset(("Append", "Merge Append", "Subquery Scan", "Result"))
FEW = re.compile(r"(?:case|subject)_id = [?%]|review\.case_ref >= |notice_1\.event >= ")
"""Of one case, of a number that hardly another begins like, or of what is late: so few that sorting costs nothing."""


@dataclass
class Ran:
    """What was run, as the driver got it."""

    statements: dict[str, Any] = field(default_factory=dict)

    def note(self, statement: str, params: Any) -> None:
        """Keep one of each."""
        if STATEMENT.match(statement):
            self.statements.setdefault(statement, params)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with some thousand cases."""
    file = tmp_path_factory.mktemp("plans") / "recourse.db"
    fill.fill(file, ROWS)
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, filled: Path) -> Iterator[Portal]:
    """The portal on that data."""
    url = f"sqlite:///{filled}"
    if request.param == "postgresql":
        url = Postgresql(request.getfixturevalue("_cluster"), "recourse_plans").url
        store.copy(filled, url)
    app = create_app(fill.config(url, filled.parent))
    app.testing = True
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def ran(app: Portal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ran]:
    """Listens to what is run, through SQLAlchemy and beside it."""
    ran, straight = Ran(), Prepared.run

    def run(self: Prepared, connection: Any, params: Any) -> list[Any]:
        values = {name: params.get(name, fixed) for name, fixed in self.fixed.items()}
        for name, convert in self.sent.items():
            values[name] = convert(values[name])
        ran.note(self.sql, [values[name] for name in self.order] if self.order else values)
        return straight(self, connection, params)

    def before(_connection: Any, _cursor: Any, statement: str, params: Any, *_more: Any) -> None:
        ran.note(statement, params)

    monkeypatch.setattr(clock, "now", Clock(fill.NOON))
    monkeypatch.setattr(Prepared, "run", run)
    event.listen(db.engine, "before_cursor_execute", before)
    yield ran
    event.remove(db.engine, "before_cursor_execute", before)


def plans(app: Portal, statement: str, params: Any) -> list[str]:
    """What each step of the plan does badly: a table read from end to end, or a page sorted before it is cut."""
    connection: Any = db.engine.raw_connection()
    try:
        if db.engine.dialect.name == "sqlite":
            steps = connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", params).fetchall()
            return list(_in_sqlite([step[3] for step in steps], paged=_paged(statement)))
        driver: psycopg.Connection = connection.driver_connection
        driver.execute("SET enable_seqscan = off")
        driver.execute("SET enable_sort = off")
        [(found,)] = driver.execute(f"EXPLAIN (FORMAT JSON) {statement}".encode(), params).fetchall()  # type: ignore[misc]
        return list(_in_postgresql(found[0]["Plan"], paged=_paged(statement)))
    finally:
        connection.close()


def _paged(statement: str) -> bool:
    """Whether it cuts a page from many."""
    return "LIMIT" in statement and not FEW.search(statement)


def _in_sqlite(steps: Sequence[str], *, paged: bool) -> Iterator[str]:
    for step in steps:
        scan = SCAN.match(step)
        if scan and scan[1].split("_1")[0] in GROWING and not (paged and "INDEX" in scan[2]):
            yield step
        if paged and "TEMP B-TREE FOR ORDER BY" in step:
            yield step


def _in_postgresql(node: dict[str, Any], *, paged: bool) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
        yield f"Seq Scan on {node['Relation Name']}"
    if paged and node["Node Type"] == "Limit":
        yield from _sorts(node)
    for below in node.get("Plans", []):
        yield from _in_postgresql(below, paged=paged)


def _sorts(node: dict[str, Any]) -> Iterator[str]:
    """What is sorted right below, or for one of several lists that are merged."""
    for below in node["Plans"]:
        if "Sort" in below["Node Type"]:
            yield f"sorts by {below['Sort Key']} before LIMIT"
        elif below["Node Type"] in MERGES:
            yield from _sorts(below)


def pages() -> Iterator[tuple[int, str]]:
    """Who opens what: every list with its filters and its second page, cases, queue and home of each role."""
    shops = max(20, ROWS // fill.SHOP_SIZE)
    ref, number = known("SELECT ref, subject_no FROM appeal WHERE shop_id = 1 AND status = 'under_review'")
    penalty, order = known("SELECT ref, order_no FROM penalty WHERE shop_id = 1 AND appeal_window = 'open'")
    for tab in ("to_appeal", "under_review", "needs_evidence", "completed"):
        for ask in ("", "&at=a0.0", f"&q={number}", f"&q={order}", f"&q={ref}", "&type=FAKE_SHIPMENT", "&due=1"):
            yield 1, f"/appeals?tab={tab}{ask}"
    for page in ("/", f"/appeals/{ref}", "/penalties", f"/penalties/{penalty}", "/messages", "/messages/unread",
                 "/messages?category=penalty", "/messages?at=b0.0"):  # fmt: skip
        yield 1, page
    for ask in ("", "?tab=to_return", "?tab=completed", "?at=a0.0", "?tab=completed&at=b0.0", "?q=AS-1"):
        yield 1, f"/after-sales{ask}"
    reviewer = shops + 1
    for ask in (
        "",
        "?at=a0.0",
        "?view=mine",
        "?view=free",
        "?view=today",
        "?view=overdue",
        "?view=second",
        f"?q={ref}",
        "?q=AP-",
    ):
        yield reviewer, f"/review{ask}"
    yield reviewer, "/"
    yield reviewer, f"/review/appeals/{ref}"
    yield reviewer, "/review/fresh?since=0"


def known(ask: str) -> tuple[str, str]:
    """Two numbers of the data."""
    first, second = db.session.execute(text(f"{ask} LIMIT 1")).one()
    return first, second


@pytest.mark.usefixtures("ran")
def test_no_page_and_no_job_reads_a_growing_table_from_end_to_end(app: Portal, ran: Ran) -> None:
    visits = list(pages())
    db.session.rollback()
    late = a_failure()
    ran.statements.clear()
    wrong = [answer for who, page in visits if (answer := opened(app, who, page)) not in (200, 204)]
    assert wrong == []
    sweep(fill.NOON)
    outbox.claim(fill.NOON, 500)
    effects.take_effect()
    assert [undone.page(place).rows[0].ref for place in ("", "a0.0")] == [late, late]
    assert (undone.of(late) is None, undone.page("b0.0").rows) == (False, [])
    assert undone.how_many() > 0
    assert len(ran.statements) > 40
    found = {statement: bad for statement, params in ran.statements.items() if (bad := plans(app, statement, params))}
    assert found == {}, "\n\n".join(f"{bad}: {statement}" for statement, bad in found.items())


def a_failure() -> str:
    """A penalty that could not be carried out, of which a lead was told."""
    with unit_of_work() as rows:
        make.a_person("lead")
        penalty = rows.scalars(
            select(Penalty).where(Penalty.appeal_window == "open").order_by(Penalty.id).limit(1)
        ).one()
        penalty.measures[0].execution = "pending"
        penalties.executed(penalty, failed="closed account", by=SYSTEM, at=fill.NOON)
        return penalty.ref


def opened(app: Portal, person: int, page: str) -> int:
    """The status that this person gets."""
    polls = [("HX-Request", "true")] if page.endswith(("/unread", "since=0")) else []
    with app.test_client() as browser:
        browser.set_cookie("session", f"~{fill.token(person)}")
        return browser.get(page, headers=polls).status_code
