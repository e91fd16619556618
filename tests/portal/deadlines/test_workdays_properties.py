"""Whatever the calendar: the arithmetic against a slow count that looks at one day, or one minute, at a time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as some

from portal.deadlines.opendays import Calendar, Special
from portal.deadlines.workdays import due, remaining
from portal.policies import Spec

DAY = timedelta(days=1)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "Africa/Cairo", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")
HOURS = ((), ((time(9), time(17)),), ((time(8), time(12)), (time(13), time(18))))

days = some.dates(date(2025, 6, 1), date(2027, 3, 1))
starts = some.datetimes(datetime(2025, 6, 1), datetime(2027, 3, 1), timezones=some.just(UTC))


@some.composite
def calendars(draw: some.DrawFn) -> Calendar:
    """A week with at least one open day, some exceptions, and the years 2025 and 2026 published."""
    weekly = tuple(draw(some.lists(some.sampled_from(HOURS), min_size=7, max_size=7).filter(any)))
    specials = draw(some.dictionaries(days.filter(lambda day: day.year < 2027), some.booleans(), max_size=60))
    return Calendar(
        "drawn",
        draw(some.sampled_from(ZONES)),
        weekly,
        tuple(Special(day, opened, "名", "name") for day, opened in specials.items()),
        published=(2025, 2026),
    )


def is_open(calendar: Calendar, day: date) -> bool:
    for special in calendar.specials:
        if special.on == day:
            return special.open
    return len(calendar.weekly[day.weekday()]) > 0


def first_instant_after(calendar: Calendar, day: date) -> datetime:
    """Walk minute by minute until the local date is later for good."""
    zone = ZoneInfo(calendar.zone)
    instant = datetime.combine(day, time(), UTC) - DAY
    last_of_day = instant
    for _ in range(4 * 24 * 4):
        if instant.astimezone(zone).date() <= day:
            last_of_day = instant
        instant += timedelta(minutes=15)
    return last_of_day + timedelta(minutes=15)


def slow(start: datetime, spec: Spec, calendar: Calendar) -> datetime:
    day = start.astimezone(ZoneInfo(calendar.zone)).date()
    left = spec.n
    while left:
        day += DAY
        if spec.mode == "calendar_days" or is_open(calendar, day):
            left -= 1
    while spec.roll and not is_open(calendar, day):
        day += DAY
    return first_instant_after(calendar, day)


specs = some.one_of(
    some.builds(Spec, some.just("working_days"), some.integers(0, 25)),
    some.builds(Spec, some.just("calendar_days"), some.integers(0, 60), some.booleans()),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(starts, specs, calendars())
def test_days_are_counted_like_on_fingers(start: datetime, spec: Spec, calendar: Calendar) -> None:
    answer = due(start, spec, calendar)
    assert answer.due_at == slow(start, spec, calendar)
    assert answer.due_at > start


@settings(max_examples=150, deadline=None, derandomize=True)
@given(starts, specs, calendars())
def test_the_explanation_is_without_gaps_and_true(start: datetime, spec: Spec, calendar: Calendar) -> None:
    answer = due(start, spec, calendar)
    dates = [day.on for day in answer.days]
    if not any(day.kind == "more" for day in answer.days):
        assert dates == [dates[0] + DAY * n for n in range(len(dates))]
    assert calendar.end_of(dates[-1]) == answer.due_at
    assert answer.days[0].kind == "start"
    for day in answer.days[1:]:
        if day.kind in ("weekend", "holiday", "closed"):
            assert not is_open(calendar, day.on)
        if day.kind == "makeup":
            assert is_open(calendar, day.on)
    numbers = [day.number for day in answer.days if day.number and day.kind != "more"]
    assert numbers == sorted(numbers)
    assert not numbers or numbers[-1] == spec.n


@settings(max_examples=100, deadline=None, derandomize=True)
@given(starts, specs, calendars())
def test_a_later_start_is_never_due_earlier(start: datetime, spec: Spec, calendar: Calendar) -> None:
    ends = [due(start + timedelta(hours=7) * n, spec, calendar).due_at for n in range(8)]
    assert ends == sorted(ends)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(starts, some.integers(1, 20), calendars())
def test_settled_years_alone_make_an_answer_firm(start: datetime, n: int, calendar: Calendar) -> None:
    answer = due(start, Spec("working_days", n), calendar)
    assert answer.provisional == (answer.days[-1].on.year == 2027)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(starts, some.integers(0, 40), calendars())
def test_working_hours_are_counted_like_minutes(start: datetime, hours: int, calendar: Calendar) -> None:
    start = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    due_at = due(start, Spec("working_hours", hours), calendar).due_at
    worked = timedelta()
    for day in range((due_at - start).days + 3):
        for opens, closes in calendar.hours(calendar.day_of(start) + DAY * day):
            worked += max(min(closes, due_at) - max(opens, start), timedelta())
    assert worked == timedelta(hours=hours)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(starts, some.integers(1, 20), calendars(), some.integers(0, 400), some.integers(0, 400))
def test_a_pause_never_brings_the_end_nearer(
    start: datetime, n: int, calendar: Calendar, pause_after: int, pause_for: int
) -> None:
    spec = Spec("working_days", n)
    due_at = due(start, spec, calendar).due_at
    paused_at = min(start + timedelta(hours=pause_after), due_at - timedelta(seconds=1))
    left = remaining(paused_at, due_at, spec, calendar)
    assert due(paused_at + timedelta(hours=pause_for), left, calendar).due_at >= due_at
