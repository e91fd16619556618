"""What was counted before a year's holidays were known, counted anew once they are: later, once, and explained."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.recount import recount
from jobs.rounds import Round, set_aside
from jobs.sweep import sweep
from portal import Portal, deadlines
from portal.cli.migrate import bring_up_to_date
from portal.db import dialect, unit_of_work
from portal.deadlines import registry
from portal.policies import Spec
from tests.calendars import MAKE_UP, NOTICE, publish, publish_2027, published, write_2027
from tests.conftest import Clock
from tests.jobs.test_sweep_races import together
from tests.portal.deadlines.test_pause import TEN
from tests.portal.deadlines.things import DUE, a_deadline, held, some_deadlines, stored

AFTER_CHRISTMAS = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)
ROLLED = Spec("calendar_days", 3, roll=True)
FRIDAY, MONDAY = (datetime(2027, 1, day, 16, 0, tzinfo=UTC) for day in (1, 4))
"""Midnights in Shanghai: the end of New Year's Day, and of the working day after it."""


@pytest.fixture
def folder(app: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where calendars to be published are put; things answer by running out."""
    answer = registry.Answer(lambda batch, *, at: deadlines.expire_all(batch))
    monkeypatch.setitem(registry.ANSWERS, ("thing", "act"), answer)
    return tmp_path


def awaited(key: int = 1, *, spec: Spec = ROLLED, at: datetime = AFTER_CHRISTMAS, **fields: object) -> None:
    with unit_of_work():
        a_deadline(key, spec=spec, at=at, **fields)


def test_a_holiday_that_became_known_is_not_the_last_day(folder: Path) -> None:
    awaited()
    assert (stored().due_at, stored().provisional, stored().may_move) == (FRIDAY, True, True)
    publish_2027(folder)
    assert recount(NOTICE).recounted == 1
    now = stored()
    assert (now.due_at, now.base_due_at, now.provisional, now.state) == (MONDAY, FRIDAY, False, "running")
    assert [(e.old_due, e.new_due, e.cause, e.by) for e in deadlines.extensions(now)] == [
        (FRIDAY, MONDAY, "calendar", "system")
    ]
    assert [(day.on.day, day.kind) for day in deadlines.explanation(now)][-4:] == [
        (1, "counted"),
        (2, "weekend"),
        (3, "weekend"),
        (4, "due"),
    ]
    assert deadlines.recounted(now) == MONDAY


def test_migrating_publishes_it_and_says_so(
    folder: Path, now: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    awaited()
    now.at, load = NOTICE, deadlines.load_calendars
    write_2027(folder)
    monkeypatch.setattr(deadlines, "load_calendars", lambda at: load(at, folder))
    bring_up_to_date()
    assert stored().due_at == MONDAY
    assert capsys.readouterr().out.endswith(
        "Calendar published: CN 2.\nDeadlines counted anew, as years were published: 1.\n"
    )
    bring_up_to_date()
    assert capsys.readouterr().out == ""


def test_twice_is_once(folder: Path) -> None:
    awaited()
    publish_2027(folder)
    assert (recount(NOTICE).recounted, recount(NOTICE).recounted) == (1, 0)
    assert len(deadlines.extensions(stored())) == 1


def test_it_is_never_due_earlier_and_stays_explained(folder: Path) -> None:
    awaited(spec=Spec("working_days", 4))
    before = stored().due_at, stored().explain
    publish(folder, "CN", years=[2027], days=[MAKE_UP])
    recount(NOTICE)
    assert (stored().due_at, stored().explain, stored().provisional) == (*before, False)
    assert deadlines.recounted(stored()) == before[0]


def test_a_day_that_only_got_its_name_moves_nothing(folder: Path) -> None:
    awaited(spec=Spec("working_days", 3))
    publish(folder, "CN", years=[2027], days=[])
    recount(NOTICE)
    assert (stored().due_at, stored().provisional, deadlines.extensions(stored())) == (FRIDAY, False, [])


def test_what_no_unknown_year_touches_stays(folder: Path) -> None:
    some_deadlines(1)
    publish_2027(folder)
    assert recount(NOTICE).recounted == 0
    assert stored().due_at == DUE


def test_a_version_that_knows_no_more_years_moves_nothing(folder: Path) -> None:
    awaited()
    publish(folder, "CN", days=[{"on": "2026-12-31", "open": False, "zh": "停运", "en": "Closed"}])
    assert recount(NOTICE).recounted == 0
    assert (stored().due_at, stored().provisional) == (FRIDAY, True)


def test_reminders_are_set_anew(folder: Path) -> None:
    awaited()
    late = FRIDAY - timedelta(hours=1)
    with unit_of_work():
        held().reminders, held().remind_at = [24, 3], None
    publish_2027(folder)
    recount(late)
    assert stored().remind_at == MONDAY - timedelta(hours=24)


def test_what_was_met_stays_as_it_was(folder: Path) -> None:
    awaited()
    with unit_of_work():
        deadlines.meet(held(), at=AFTER_CHRISTMAS)
    publish_2027(folder)
    assert recount(NOTICE).recounted == 0
    assert (stored().due_at, stored().may_move) == (FRIDAY, False)


def test_a_paused_one_goes_on_by_the_days_that_are_left(folder: Path) -> None:
    """Paused on the holiday itself: it was no day of the ten, so eight are left and not seven."""
    awaited(spec=TEN, party="platform", at=datetime(2026, 12, 29, 2, 0, tzinfo=UTC))
    with unit_of_work():
        deadlines.pause(held(), at=datetime(2027, 1, 1, 2, 0, tzinfo=UTC))
    assert stored().remaining == 7
    publish_2027(folder)
    recount(NOTICE)
    assert (stored().state, stored().remaining, stored().remind_at) == ("paused", 8, None)
    with unit_of_work():
        deadlines.resume(held(), at=datetime(2027, 1, 6, 2, 0, tzinfo=UTC))
    assert deadlines.recounted(stored()) == stored().due_at == datetime(2027, 1, 18, 16, 0, tzinfo=UTC)


def test_one_that_was_paused_before_is_counted_with_its_pause(folder: Path) -> None:
    awaited(spec=TEN, party="platform", at=datetime(2026, 12, 21, 2, 0, tzinfo=UTC))
    with unit_of_work():
        deadlines.pause(held(), at=datetime(2026, 12, 23, 2, 0, tzinfo=UTC))
    with unit_of_work():
        deadlines.resume(held(), at=datetime(2026, 12, 28, 2, 0, tzinfo=UTC))
    before = stored().due_at
    publish_2027(folder)
    recount(NOTICE)
    now = stored()
    assert now.due_at == before + timedelta(days=1)
    assert deadlines.recounted(now) == now.due_at
    assert [day.number for day in deadlines.explanation(now) if day.kind in ("paused", "due")] == [5, 10]


def test_a_sweep_at_the_old_end_moves_it_instead_of_closing_it(folder: Path) -> None:
    """Published a moment before, and nothing was counted anew yet."""
    awaited()
    publish_2027(folder)
    swept = sweep(FRIDAY + timedelta(seconds=10))
    assert (swept.recounted, swept.expired, stored().state, stored().due_at) == (1, 0, "running", MONDAY)
    assert sweep(MONDAY + timedelta(seconds=10)).expired == 1


def test_a_sweep_that_is_past_its_first_round_leaves_it_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    awaited()
    awaited(2, at=AFTER_CHRISTMAS - timedelta(days=1))
    publish_2027(folder)
    monkeypatch.setattr("jobs.sweep.DUE", Round("none", lambda now, limit, after: [], lambda ids, now: 0, set_aside))
    swept = sweep(FRIDAY + timedelta(seconds=10))
    assert (swept.expired, swept.set_aside, stored(1).state, stored(2).state) == (1, 0, "running", "expired")


def test_nobody_sweeps_while_a_year_is_published(app: Portal, folder: Path) -> None:
    """Whoever did would close by the version read before; SQLite has one writer at a time anyway."""

    def sweeps() -> bool:
        with unit_of_work():
            return deadlines.take_turn()

    with published(folder):
        if dialect().name == "postgresql":
            assert together(app, sweeps) == [False]
    assert together(app, sweeps) == [True]


def test_the_publication_and_the_sweep_at_the_old_end_leave_one_of_two_legal_states(app: Portal, folder: Path) -> None:
    with unit_of_work():
        for key in range(1, 21):
            a_deadline(key, spec=ROLLED, at=AFTER_CHRISTMAS)
    at = FRIDAY + timedelta(seconds=10)

    def publish_then_count() -> None:
        publish_2027(folder)
        recount(at)

    assert not [one for one in together(app, lambda: sweep(at), publish_then_count) if isinstance(one, Exception)]
    found = [stored(key) for key in range(1, 21)]
    legal = {("expired", FRIDAY), ("running", MONDAY)}
    assert {(one.state, one.due_at) for one in found} <= legal
    assert deadlines.left_aside() == []
