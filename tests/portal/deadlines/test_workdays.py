"""The vectors that the arithmetic was agreed on, and what each day of an answer says."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.deadlines.opendays import Calendar
from portal.deadlines.workdays import Day, Due, due, remaining
from portal.policies import Spec
from tests.portal.deadlines.places import BERLIN, CAIRO, CHINA, WEEK

FIVE = Spec("working_days", 5)
THREE = Spec("calendar_days", 3)
THREE_ROLLED = Spec("calendar_days", 3, roll=True)

VECTORS = [
    ("2026-03-02T10:00+08:00", "2026-03-09T16:00Z", "2026-03-05T16:00Z", "2026-03-05T16:00Z"),
    ("2026-03-06T23:59:59+08:00", "2026-03-13T16:00Z", "2026-03-09T16:00Z", "2026-03-09T16:00Z"),
    ("2026-03-07T00:00+08:00", "2026-03-13T16:00Z", "2026-03-10T16:00Z", "2026-03-10T16:00Z"),
    ("2026-02-11T09:00+08:00", "2026-02-25T16:00Z", "2026-02-14T16:00Z", "2026-02-14T16:00Z"),
    ("2026-09-17T15:00+08:00", "2026-09-23T16:00Z", "2026-09-20T16:00Z", "2026-09-20T16:00Z"),
    ("2026-09-30T12:00+08:00", "2026-10-13T16:00Z", "2026-10-03T16:00Z", "2026-10-08T16:00Z"),
    ("2026-04-30T18:00+08:00", "2026-05-11T16:00Z", "2026-05-03T16:00Z", "2026-05-06T16:00Z"),
    ("2026-03-01T16:30Z", "2026-03-09T16:00Z", "2026-03-05T16:00Z", "2026-03-05T16:00Z"),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("start", "working", "plain", "rolled"), VECTORS)
def test_china_counts_as_agreed(start: str, working: str, plain: str, rolled: str) -> None:
    answers = [due(at(start), spec, CHINA) for spec in (FIVE, THREE, THREE_ROLLED)]
    assert [answer.due_at for answer in answers] == [at(working), at(plain), at(rolled)]
    assert not any(answer.provisional for answer in answers)


@pytest.mark.parametrize(
    ("start", "spec", "expected"),
    [
        ("2026-03-26T12:00+01:00", FIVE, "2026-04-02T22:00Z"),
        ("2026-03-26T12:00+01:00", Spec("elapsed", 72), "2026-03-29T11:00Z"),
        ("2026-10-22T12:00+02:00", FIVE, "2026-10-29T23:00Z"),
        ("2026-10-22T12:00+02:00", Spec("elapsed", 72), "2026-10-25T10:00Z"),
    ],
)
def test_clocks_that_change_move_midnight_but_not_hours(start: str, spec: Spec, expected: str) -> None:
    assert due(at(start), spec, BERLIN).due_at == at(expected)


def test_a_midnight_that_does_not_exist_is_the_first_instant_after_the_gap() -> None:
    ends = due(at("2026-04-20T12:00+02:00"), THREE, CAIRO)
    assert ends.due_at == at("2026-04-23T22:00Z")
    assert ends.days[-1] == Day(date(2026, 4, 23), "due", 3)


def test_a_midnight_that_happens_twice_is_the_later_one() -> None:
    havana = Calendar("havana", "America/Havana", WEEK)
    assert havana.end_of(date(2026, 10, 31)) == at("2026-11-01T05:00Z")


def test_each_day_says_why_it_counts_or_not() -> None:
    answer = due(at("2026-09-30T12:00+08:00"), FIVE, CHINA)
    assert [(day.on.day, day.kind, day.number, day.name_zh) for day in answer.days] == [
        (30, "start", None, ""),
        (1, "holiday", None, "国庆节"),
        (2, "holiday", None, "国庆节"),
        (3, "holiday", None, "国庆节"),
        (4, "weekend", None, ""),
        (5, "holiday", None, "国庆节"),
        (6, "holiday", None, "调休放假"),
        (7, "holiday", None, "调休放假"),
        (8, "counted", 1, ""),
        (9, "counted", 2, ""),
        (10, "makeup", 3, "调休上班"),
        (11, "weekend", None, ""),
        (12, "counted", 4, ""),
        (13, "due", 5, ""),
    ]


def test_an_end_that_is_rolled_shows_the_counted_day_and_the_way_on() -> None:
    answer = due(at("2026-09-30T12:00+08:00"), THREE_ROLLED, CHINA)
    assert [(day.on.day, day.kind, day.number) for day in answer.days] == [
        (30, "start", None),
        (1, "counted", 1),
        (2, "counted", 2),
        (3, "counted", 3),
        (4, "weekend", None),
        (5, "holiday", None),
        (6, "holiday", None),
        (7, "holiday", None),
        (8, "due", None),
    ]
    assert answer.days[3].name_en == "National Day"


def test_a_year_without_a_notice_counts_by_the_week_and_says_so() -> None:
    answer = due(at("2026-12-28T09:00+08:00"), FIVE, CHINA)
    assert answer.provisional
    assert answer.days[-1] == Day(date(2027, 1, 4), "due", 5)
    assert not due(at("2026-12-23T09:00+08:00"), FIVE, CHINA).provisional


def test_only_a_roll_asks_whether_the_last_calendar_day_is_open() -> None:
    start = at("2026-12-29T09:00+08:00")
    assert not due(start, THREE, CHINA).provisional
    assert due(start, THREE_ROLLED, CHINA).provisional


def test_a_long_window_explains_its_two_ends() -> None:
    answer = due(at("2026-03-02T10:00+01:00"), Spec("calendar_days", 183), BERLIN)
    assert answer.due_at == at("2026-09-01T22:00Z")
    assert [day.kind for day in answer.days[:5]] == ["start", "counted", "counted", "counted", "more"]
    assert sum(day.number or 0 for day in answer.days if day.kind == "more") + len(answer.days) - 2 == 183
    assert answer.days[-1] == Day(date(2026, 9, 1), "due", 183)


def test_working_hours_stop_at_lunch_and_at_night() -> None:
    answer = due(at("2026-03-06T17:00+08:00"), Spec("working_hours", 4), CHINA)
    assert answer.due_at == at("2026-03-09T12:00+08:00")
    assert [day.kind for day in answer.days] == ["start", "weekend", "weekend", "due"]


def test_working_hours_before_the_doors_open_start_with_them() -> None:
    assert due(at("2026-03-07T03:00+08:00"), Spec("working_hours", 1), CHINA).due_at == at("2026-03-09T10:00+08:00")


@pytest.mark.parametrize("spec", [FIVE, THREE_ROLLED, Spec("elapsed", 7), Spec("working_hours", 9)])
def test_an_answer_survives_storage(spec: Spec) -> None:
    answer = due(at("2026-09-30T12:00+08:00"), spec, CHINA)
    assert Due.from_json(answer.to_json()) == answer


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        due(datetime(2026, 3, 2, 10), FIVE, CHINA)


def test_what_is_left_of_a_paused_window_is_counted_anew() -> None:
    ten = Spec("working_days", 10)
    due_at = due(at("2026-03-02T10:00+01:00"), ten, BERLIN).due_at
    left = remaining(at("2026-03-05T18:00+01:00"), due_at, ten, BERLIN)
    assert left == Spec("working_days", 7)
    assert due(at("2026-03-11T08:00+01:00"), left, BERLIN).days[-1].on == date(2026, 3, 20)


def test_nothing_left_ends_with_the_day_the_clock_goes_on() -> None:
    due_at = due(at("2026-03-02T10:00+01:00"), FIVE, BERLIN).due_at
    left = remaining(due_at - timedelta(hours=3), due_at, FIVE, BERLIN)
    assert due(at("2026-03-18T08:00+01:00"), left, BERLIN).due_at == at("2026-03-18T23:00Z")
    assert due(at("2026-03-21T08:00+01:00"), left, BERLIN).due_at == at("2026-03-23T23:00Z")


def test_hours_can_not_be_paused() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    with pytest.raises(ValueError, match="elapsed"):
        remaining(now, now, Spec("elapsed", 3), BERLIN)
