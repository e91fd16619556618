"""The review clock of a policy that pauses it while evidence is awaited."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal import Portal, deadlines
from portal.db import unit_of_work
from portal.policies import Spec
from portal.refusals import Overtaken
from tests.portal.deadlines.things import MONDAY, a_deadline, held, stored, swept

TEN = Spec("working_days", 10)
THURSDAY = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)


def a_paused_review(at: datetime = THURSDAY) -> None:
    with unit_of_work():
        deadlines.pause(a_deadline(code="eu-platform", party="platform", spec=TEN), at=at)


def resume(at: datetime) -> None:
    with unit_of_work():
        deadlines.resume(held(), at=at)


def test_what_was_left_runs_on_from_the_day_after(app: Portal) -> None:
    a_paused_review()
    assert (stored().state, stored().remaining) == ("paused", 7)
    before = stored().due_at
    resume(WEDNESDAY)
    after = stored()
    assert (after.state, after.paused_at, after.remaining) == ("running", None, None)
    assert after.due_at == datetime(2026, 3, 20, 23, 0, tzinfo=UTC)
    assert [(e.old_due, e.new_due, e.cause) for e in deadlines.extensions(after)] == [(before, after.due_at, "pause")]


def test_the_explanation_shows_the_pause_and_counts_on(app: Portal) -> None:
    a_paused_review()
    resume(WEDNESDAY)
    days = deadlines.explanation(stored())
    assert [(day.on.day, day.kind, day.number) for day in days] == [
        (2, "start", None),
        (3, "counted", 1),
        (4, "counted", 2),
        (5, "counted", 3),
        (5, "paused", 6),
        (12, "counted", 4),
        (13, "counted", 5),
        (14, "weekend", None),
        (15, "weekend", None),
        (16, "counted", 6),
        (17, "counted", 7),
        (18, "counted", 8),
        (19, "counted", 9),
        (20, "due", 10),
    ]


def test_a_pause_within_a_day_changes_nothing(app: Portal) -> None:
    a_paused_review()
    before = stored().due_at, stored().explain
    resume(THURSDAY + timedelta(hours=1))
    assert (stored().due_at, stored().explain) == before
    assert deadlines.extensions(stored()) == []


def test_a_pause_on_the_last_day_leaves_the_next_open_one(app: Portal) -> None:
    with unit_of_work():
        last = a_deadline(code="eu-platform", party="platform", spec=TEN).due_at - timedelta(hours=1)
        deadlines.pause(held(), at=last)
    resume(datetime(2026, 3, 21, 12, 0, tzinfo=UTC))
    assert deadlines.explanation(stored())[-1].on == date(2026, 3, 23)


def test_a_paused_deadline_is_never_swept(app: Portal) -> None:
    a_paused_review()
    assert deadlines.due(MONDAY + timedelta(days=100), 10) == []
    with pytest.raises(Overtaken), unit_of_work():
        deadlines.expire_all([swept()])


def test_only_what_runs_is_paused_and_only_what_is_paused_resumes(app: Portal) -> None:
    a_paused_review()
    with pytest.raises(Overtaken), unit_of_work():
        deadlines.pause(held(), at=THURSDAY)
    resume(WEDNESDAY)
    with pytest.raises(Overtaken):
        resume(WEDNESDAY)
