"""The app on both databases, the people's browsers, and the time."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from portal import Portal, clock, create_app, deadlines, policies, schema
from portal.config import Config
from portal.db import db, unit_of_work
from tests import make
from tests.databases import Database, Postgresql, Sqlite
from tests.postgres import cluster

KINDS = ("sqlite", "postgresql")
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Monday 2 March 2026, noon in Shanghai: where a test's time stands unless it moves it."""
MEMORY, ENOUGH = Path("/dev/shm"), 4 * 1024**3
"""Where Linux keeps files in memory, and the bytes that should be free there."""


def pytest_configure() -> None:
    """Have what the tests write in memory, where there is room: a disk takes milliseconds for each commit.

    What must survive a power cut is no subject of theirs beyond the order of its steps, which is the same there.
    """
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With CI=true nothing may be skipped: a missing browser, database or Redis is a failure."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if os.environ.get("CI") and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"


@pytest.fixture(scope="session")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One PostgreSQL per test process."""
    with cluster() as url:
        yield url


@pytest.fixture(scope="session")
def _stage(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], "Stage"]]:
    """Builds the app of one kind of database once per test process."""
    stages: dict[str, Stage] = {}

    def stage(kind: str) -> Stage:
        if kind not in stages:
            stages[kind] = Stage(kind, tmp_path_factory.mktemp(kind), request)
        return stages[kind]

    yield stage
    for made in stages.values():
        made.close()


class Compiled(BytecodeCache):
    """The templates as they were compiled for the first app, for the others of this process."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What is known of a template; Jinja looks whether it is still the same source."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember it."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


class Stage:
    """An app, its database and the template that each test begins from."""

    def __init__(self, kind: str, folder: Path, request: pytest.FixtureRequest) -> None:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.database: Database = (
            Sqlite(folder)
            if kind == "sqlite"
            else Postgresql(request.getfixturevalue("_cluster"), f"recourse_{worker}")
        )
        self.config = a_config(folder, self.database.url)
        self.app = create_app(self.config)
        self.app.testing = True
        self.app.jinja_env.bytecode_cache = COMPILED
        with self.app.app_context():
            schema.upgrade()
            with unit_of_work():
                policies.load(at=datetime(2026, 1, 1, tzinfo=UTC))
                deadlines.load_calendars(at=datetime(2026, 1, 1, tzinfo=UTC))
        self.database.keep(self.app)

    def renewed(self) -> Iterator[Portal]:
        """The app on a fresh database, with its context pushed; the calendars that it read may have been another's."""
        self.database.renew(self.app)
        self.app.extensions["recourse.calendars"].clear()
        with self.app.app_context(), ExitStack() as stack:
            stack.callback(db.session.remove)
            yield self.app

    def close(self) -> None:
        """Let go of every connection."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def a_config(folder: Path, database_url: str = "", **settings: str) -> Config:
    """Settings for a test: a data folder of its own, no Redis that answers."""
    return Config.from_environment(
        {
            "DATA_DIR": str(folder),
            "SECRET_KEY": "for-tests-only-0123456789abcdefghijklmnop",
            "DATABASE_URL": database_url,
            "REDIS_URL": f"unix://{folder}/no-redis.sock",
            "DEMO": "1",
            **settings,
        }
    )


@pytest.fixture(params=KINDS)
def app(request: pytest.FixtureRequest, _stage: Callable[[str], Stage]) -> Iterator[Portal]:
    """The portal on a fresh database, once on SQLite and once on PostgreSQL, with its context pushed."""
    yield from _stage(request.param).renewed()


@pytest.fixture
def sqlite_app(_stage: Callable[[str], Stage]) -> Iterator[Portal]:
    """The portal on SQLite alone, for what no database can change."""
    yield from _stage("sqlite").renewed()


@pytest.fixture(scope="module", params=KINDS)
def shared_app(request: pytest.FixtureRequest, _stage: Callable[[str], Stage]) -> Iterator[Portal]:
    """As `app`, but one for all tests of a file that change nothing; such a file must not ask for `app` as well."""
    yield from _stage(request.param).renewed()


@pytest.fixture(scope="module")
def shared_sqlite_app(_stage: Callable[[str], Stage]) -> Iterator[Portal]:
    """As `shared_app`, on SQLite alone."""
    yield from _stage("sqlite").renewed()


class Clock:
    """The time as a test sets it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stops the clock at noon; set `now.at` to move it."""
    stopped = Clock(NOON)
    monkeypatch.setattr(clock, "now", stopped)
    return stopped


SignIn = Callable[..., FlaskClient]


@pytest.fixture
def browser(app: Portal) -> SignIn:
    """Opens a browser in which the person is signed in; nobody, if none is given."""
    return lambda person=None, **settings: make.a_browser(app, person, **settings)
