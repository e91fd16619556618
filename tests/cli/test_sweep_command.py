"""`portal sweep`, as an operator types it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from click.testing import Result

from portal import Portal, deadlines
from portal.cli.sweep import command
from portal.deadlines import Running, registry
from tests.conftest import Clock
from tests.portal.deadlines.things import DUE, MONDAY, SWEPT, THREE_DAYS, some_deadlines, stored, version_of

FUTURE = "2027-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _things(monkeypatch: pytest.MonkeyPatch) -> None:
    """Things simply run out, but for thing 3."""

    def close(batch: Sequence[Running], *, at: datetime) -> None:
        if any(deadline.subject_id == 3 for deadline in batch):
            raise ValueError("broken case")
        deadlines.expire_all(batch)

    monkeypatch.setitem(registry.ANSWERS, ("thing", "act"), registry.Answer(close))


def run(app: Portal, *words: str) -> Result:
    return app.test_cli_runner().invoke(command, words)


def last_line(result: Result) -> str:
    return result.stdout.splitlines()[-1]


def test_it_sweeps_now(sqlite_app: Portal, now: Clock) -> None:
    some_deadlines(2)
    now.at = SWEPT - timedelta(seconds=1)
    assert last_line(run(sqlite_app)) == "expired 0, reminded 0, set aside 0"
    now.at = SWEPT
    assert last_line(run(sqlite_app)) == "expired 2, reminded 0, set aside 0"


def test_it_sweeps_as_of_an_instant(sqlite_app: Portal, now: Clock) -> None:
    some_deadlines(1)
    now.at = DUE + timedelta(days=9)
    assert "expired 0" in run(sqlite_app, "--at", "2026-03-06T00:00:09+08:00").output
    assert "expired 1" in run(sqlite_app, "--at", "2026-03-06T00:00:10+08:00").output


def test_what_begins_and_ends_within_one_sweep_is_answered_by_it(
    sqlite_app: Portal, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def go_on(batch: Sequence[Running], *, at: datetime) -> None:
        deadlines.expire_all(batch)
        more = [deadline for deadline in batch if deadline.kind == "act"]
        deadlines.start_all(
            deadlines.Start("thing", one.subject_id, "then", one.party, THREE_DAYS, MONDAY, version_of())
            for one in more
        )

    for kind in ("act", "then"):
        monkeypatch.setitem(registry.ANSWERS, ("thing", kind), registry.Answer(go_on))
    some_deadlines(2)
    now.at = SWEPT
    assert last_line(run(sqlite_app)) == "expired 4, reminded 0, set aside 0"


def test_the_future_is_for_the_demo_only(sqlite_app: Portal, now: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    some_deadlines(1)
    monkeypatch.setitem(sqlite_app.config, "DEMO", False)
    refused = run(sqlite_app, "--at", FUTURE)
    assert refused.exit_code == 2
    assert "would close what is still open" in refused.output
    assert stored().state == "running"
    monkeypatch.setitem(sqlite_app.config, "DEMO", True)
    assert "expired 1" in run(sqlite_app, "--at", FUTURE).output


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("tomorrow", "is not an instant; write it like"),
        ("9999-12-31T23:59:59-08:00", "is not in the years from 2000 to 2099"),
        ("9999-12-31T23:59:59Z", "is not in the years from 2000 to 2099"),
        ("0001-01-01T00:00:00+08:00", "is not in the years from 2000 to 2099"),
        ("0001-01-01T00:00:00Z", "is not in the years from 2000 to 2099"),
        ("2000-01-01T07:59:59+08:00", "is not in the years from 2000 to 2099"),
        ("2100-01-01T00:00:00Z", "is not in the years from 2000 to 2099"),
        ("2026-03-06T00:00", "has no zone; add Z"),
    ],
)
def test_an_instant_must_be_one(sqlite_app: Portal, given: str, sentence: str) -> None:
    refused = run(sqlite_app, "--at", given)
    assert (refused.exit_code, sentence in refused.output) == (2, True)


def test_the_first_and_the_last_instant_can_be_swept(sqlite_app: Portal, now: Clock) -> None:
    some_deadlines(1)
    assert "expired 0" in run(sqlite_app, "--at", "2000-01-01T08:00:00+08:00").output
    assert last_line(run(sqlite_app, "--at", "2099-12-31T23:59:59Z")) == "expired 1, reminded 0, set aside 0"


def test_what_waits_for_a_person_is_named_and_can_be_tried_again(
    sqlite_app: Portal, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_deadlines(4)
    now.at = SWEPT
    first = run(sqlite_app)
    assert last_line(first) == "expired 3, reminded 0, set aside 1"
    assert "(act of thing 3) waits for a person: ValueError: broken case" in first.stderr
    monkeypatch.setitem(
        registry.ANSWERS, ("thing", "act"), registry.Answer(lambda batch, *, at: deadlines.expire_all(batch))
    )
    again = run(sqlite_app, "--retry")
    assert last_line(again) == "expired 1, reminded 0, set aside 0"
    assert "waits for a person" not in again.stderr


def test_an_instant_can_be_given_in_days_from_now(sqlite_app: Portal, now: Clock) -> None:
    some_deadlines(2)
    now.at = DUE - timedelta(days=69)
    assert last_line(run(sqlite_app, "--at", "+69d")) == "expired 0, reminded 0, set aside 0"
    assert last_line(run(sqlite_app, "--at", "+70d")).startswith("expired 2")
