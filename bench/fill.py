"""Fills a database with cases: 10,000 or 1,000,000 appeals with everything that belongs to them.

SQLite makes the rows (fill.sql) with the portal's own triggers in place, so that the tallies are right by construction,
and with its indexes, so that their pages are as full as those of a database that grew: an index made at the end is
packed to the last byte, and whatever is written after that splits a page.
"""

import hashlib
import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from portal import create_app, deadlines, policies, schema
from portal.config import Config
from portal.db import db, unit_of_work
from portal.deadlines import workdays

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Where the clock of a measured portal starts: Monday 2 March 2026, noon in Shanghai."""
SHOP_SIZE = 50
STAFF = 25
SENIORS = 5
SECRET = "for-benchmarks-only-0123456789abcdefghij"
FOLDER = Path(__file__).parent
AT = NOON.strftime("%Y-%m-%d %H:%M:%S.%f")


def config(database_url: str, folder: Path) -> Config:
    """The settings of a measured portal: no demo, no Redis that answers."""
    return Config.from_environment(
        {
            "DATA_DIR": str(folder),
            "SECRET_KEY": SECRET,
            "DATABASE_URL": database_url,
            "REDIS_URL": f"unix://{folder}/no-redis.sock",
        }
    )


def token(person_id: int) -> str:
    """The id of this person's browser session."""
    return f"bench-{person_id}"


def fill(file: Path, rows: int) -> None:
    """Make an SQLite database with so many appeals."""
    app = create_app(config(f"sqlite:///{file}", file.parent))
    with app.app_context():
        schema.upgrade()
        with unit_of_work():
            policies.load(at=datetime(2024, 1, 1, tzinfo=UTC))
            deadlines.load_calendars(at=datetime(2024, 1, 1, tzinfo=UTC))
        version = policies.current("douyin", NOON)
        policy = policies.body(version.id)
        due = deadlines.preview(policy.review, party="platform", at=NOON, policy_version_id=version.id)
        days = json.dumps(workdays.plain(due.days), ensure_ascii=False)
        rules = [(rule.code, policies.grounds(rule)[0].code) for rule in policy.catalogue.rules.values()]
        policy_id = version.id
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        _settle_in(connection)
        connection.execute("BEGIN")
        shops = _people(connection, rows)
        _helping_tables(connection, rows, shops, policy_id, days, rules)
        for statement in _statements():
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")


def _settle_in(connection: sqlite3.Connection) -> None:
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-3000000", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _statements() -> Iterator[str]:
    script = (FOLDER / "fill.sql").read_text()
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    yield from (statement for statement in "\n".join(lines).split(";\n") if statement.strip())


def _people(connection: sqlite3.Connection, rows: int) -> int:
    """Shops with one owner each, the reviewers, and a signed-in browser for everybody; the number of shops."""
    shops = max(20, rows // SHOP_SIZE)
    insert = (
        "INSERT INTO shop (id, ref, external_id, name, zone, locale, policy_code, contact_email, created_at, version)"
    )
    connection.executemany(
        f"{insert} VALUES (?, ?, ?, ?, 'Asia/Shanghai', 'zh', 'douyin', ?, ?, 1)",
        ((i, f"SH-{i:08}", f"shop-{i}", f"岚山茶铺 {i}", f"{i}@shops.example", AT) for i in range(1, shops + 1)),
    )
    everybody = range(1, shops + STAFF + 1)
    insert = (
        "INSERT INTO person (id, email, name, locale, pseudonym, active, fs_uniquifier, mf_recovery_codes, created_at)"
    )
    connection.executemany(
        f"{insert} VALUES (?, ?, ?, 'zh', ?, 1, ?, '[]', ?)",
        ((i, f"{i}@people.example", f"林 {i}", f"person-{i}", f"mark-{i}", AT) for i in everybody),
    )
    connection.executemany(
        "INSERT INTO membership (person_id, shop_id, role, may_submit, valid_from) "
        "VALUES (?, ?, ?, 1, '2024-01-01 00:00:00.000000')",
        ((i, i if i <= shops else None, _role(i, shops)) for i in everybody),
    )
    connection.executemany(
        "INSERT INTO browser_session (id_hash, person_id, contents, idle_minutes, started_at, seen_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        ((hashlib.sha256(token(i).encode()).hexdigest(), i, _contents(i), 480, AT, AT) for i in everybody),
    )
    return shops


def _role(person_id: int, shops: int) -> str:
    if person_id <= shops:
        return "merchant_owner"
    return "senior_reviewer" if person_id > shops + STAFF - SENIORS else "reviewer"


def _contents(person_id: int) -> str:
    mark = f"mark-{person_id}"
    return json.dumps({"_user_id": mark, "_fresh": True, "fs_cc": "set", "factors": 2, "csrf_token": "f" * 40})


def _helping_tables(
    connection: sqlite3.Connection, rows: int, shops: int, policy_id: int, days: str, rules: list[tuple[str, str]]
) -> None:
    connection.execute("CREATE TEMP TABLE slot (n INTEGER PRIMARY KEY, shop_id)")
    connection.executemany("INSERT INTO slot (shop_id) VALUES (?)", ((shop,) for shop in _sizes(rows, shops)))
    connection.execute("CREATE TEMP TABLE rule (n INTEGER PRIMARY KEY, code, ground)")
    connection.executemany("INSERT INTO rule (code, ground) VALUES (?, ?)", rules)
    connection.execute("CREATE TEMP TABLE setting (rows, noon, policy, calendar, days, staff, shops)")
    calendar = connection.execute("SELECT max(id) FROM calendar_version").fetchone()[0]
    setting = (rows, int(NOON.timestamp()), policy_id, calendar, days, STAFF - SENIORS, shops)
    connection.execute("INSERT INTO setting VALUES (?, ?, ?, ?, ?, ?, ?)", setting)


def _sizes(rows: int, shops: int) -> list[int]:
    """Whose each penalty is: the first shop has one in a hundred, the others few or many by a log-normal law."""
    chance = random.Random(7)
    weights = [chance.lognormvariate(0, 1.2) for _ in range(2, shops + 1)]
    total = rows * 115 // 100
    giant = total // 100
    slots = [1] * giant + chance.choices(range(2, shops + 1), weights, k=total - giant)
    chance.shuffle(slots)
    return slots
