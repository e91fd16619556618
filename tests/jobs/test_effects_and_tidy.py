"""The quiet jobs: what takes effect on its day, what is cleared away, and what is brought to where it stays."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from jobs import checkpoint, effects, tidy
from portal import Portal, audit, evidence
from portal.accounts.models import BrowserSession
from portal.db import db, end_reading, session, unit_of_work
from portal.evidence.models import StoredFile
from tests import make
from tests.conftest import Clock, SignIn

DAY = timedelta(days=1)


def test_an_announced_penalty_takes_effect_on_its_day_and_once(app: Portal, now: Clock) -> None:
    with unit_of_work():
        penalty = make.a_penalty(make.a_shop(), now.at, effective_at=now.at + 2 * DAY)
    assert penalty.status == "notified"
    effects.run()
    end_reading()
    session().refresh(penalty)
    assert penalty.status == "notified"
    now.at += 3 * DAY
    effects.run()
    effects.run()
    end_reading()
    session().refresh(penalty)
    assert penalty.status == "active"
    events = [event for event in audit.timeline(penalty.ref) if event.action == "penalty.in_force"]
    assert [event.at for event in events] == [penalty.effective_at]


def test_a_file_that_no_row_names_is_gone_after_a_day(app: Portal, now: Clock) -> None:
    received = evidence.bring(make.a_picture(), "orphan.jpg")
    with unit_of_work():
        shop = make.a_shop()
        make.a_draft(make.a_penalty(shop, now.at), make.actor(make.a_person("merchant_owner", shop), shop), now.at)
    kept = set(session().scalars(select(StoredFile.sha256)))
    store = evidence.places.store()
    for sha256 in (received.sha256, *kept):
        os.utime(store.path(sha256), (1, 1))
    tidy.run()
    assert not store.path(received.sha256).exists()
    assert all(store.path(sha256).exists() for sha256 in kept)


def test_a_session_nobody_uses_is_forgotten(app: Portal, now: Clock, browser: SignIn) -> None:
    with unit_of_work():
        shop = make.a_shop()
        person = make.a_person("merchant_owner", shop)
    browser(person).get("/")
    assert session().scalar(select(func.count()).select_from(BrowserSession)) == 1
    now.at += 2 * DAY
    tidy.run()
    end_reading()
    assert session().scalar(select(func.count()).select_from(BrowserSession)) == 0


def test_what_was_committed_is_brought_into_the_file_itself(app: Portal, tmp_path: Path) -> None:
    with unit_of_work():
        shop = make.a_shop()
    if db.engine.dialect.name == "postgresql":
        checkpoint.run()  # it does so by itself
        return

    def in_the_file() -> int:
        without_its_log = shutil.copy(str(db.engine.url.database), tmp_path / "copy.db")
        with closing(sqlite3.connect(without_its_log)) as file:
            found: int = file.execute("SELECT count(*) FROM shop WHERE ref = ?", [shop.ref]).fetchone()[0]
        return found

    assert in_the_file() == 0
    end_reading()
    checkpoint.run()
    assert in_the_file() == 1
