"""Filling the demo in: at any hour, never into real data, and by its command."""

from datetime import datetime

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from portal import Portal, accounts, demo
from portal.accounts.models import Shop
from portal.appeals.models import OUTCOMES, Appeal
from portal.cli.demo import command
from portal.db import end_reading, session, unit_of_work
from portal.evidence.models import StoredFile
from portal.review.models import Review
from tests import make
from tests.conftest import Clock
from tests.portal.demo.test_demo import NOW, OPEN_SEATS


@pytest.mark.parametrize("day", ["2027-02-06T17:05:00+00:00", "2027-06-30T22:50:00+00:00", "2027-10-03T04:00:00+00:00"])
def test_it_can_be_filled_in_at_any_hour(sqlite_app: Portal, now: Clock, day: str) -> None:
    now.at = datetime.fromisoformat(day)
    assert demo.fill(now.at)
    assert session().scalar(select(func.count()).select_from(Review).where(OPEN_SEATS)) == 14
    assert set(session().scalars(select(Appeal.outcome).where(Appeal.outcome.is_not(None)))) == set(OUTCOMES)


def test_nothing_invented_is_mixed_into_real_data(sqlite_app: Portal, now: Clock) -> None:
    now.at = NOW
    with unit_of_work():
        make.a_shop()
    with pytest.raises(demo.RealDataError):
        demo.fill(NOW)
    assert session().scalar(select(func.count()).select_from(Shop)) == 1
    assert session().scalar(select(func.count()).select_from(StoredFile)) == 0


def test_the_command_says_who_may_sign_in_and_refuses_elsewhere(
    sqlite_app: Portal, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    now.at = NOW
    info = ScriptInfo(create_app=lambda: sqlite_app)
    monkeypatch.setitem(sqlite_app.config, "DEMO", False)
    refused = CliRunner().invoke(command, obj=info)
    assert (refused.exit_code, accounts.everybody()) == (1, [])
    monkeypatch.setitem(sqlite_app.config, "DEMO", True)
    end_reading()
    filled = CliRunner().invoke(command, obj=info)
    assert filled.exit_code == 0
    for said in ("The demo is in place.", "recourse-demo", "merchant@demo.example", "周岚, reviewer"):
        assert said in filled.output
    end_reading()
    assert "The demo was there already." in CliRunner().invoke(command, obj=info).output
