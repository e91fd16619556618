"""The calendars in the files: what they hold, and how their versions are kept."""

import json
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal import Portal, deadlines
from portal.db import unit_of_work
from portal.deadlines import calendars
from portal.deadlines.calendars.versions import FOLDER
from portal.deadlines.opendays import Calendar, Special
from portal.policies import BadFileError
from tests.portal.deadlines.places import CHINA, EUROPE, WEEK

LATER = datetime(2026, 11, 20, tzinfo=UTC)
MAKEUP = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
CLOSED = [
    *["01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "02-23", "04-06", "05-01", "05-04", "05-05"],
    *["06-19", "09-25", "10-01", "10-02", "10-05", "10-06", "10-07"],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files, to be changed."""
    for path in FOLDER.glob("*.json"):
        shutil.copy(path, tmp_path)
    return tmp_path


def change(path: Path, **values: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def days_of_2026() -> list[date]:
    return [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


def test_china_2026_is_open_and_closed_as_the_notice_says() -> None:
    odd = {date.fromisoformat(f"2026-{day}"): day in MAKEUP for day in [*MAKEUP, *CLOSED]}
    for day in days_of_2026():
        assert CHINA.is_open(day) == odd.get(day, day.weekday() < 5), day


def test_only_years_with_a_notice_are_known() -> None:
    assert CHINA.published == (2020, 2021, 2022, 2023, 2024, 2025, 2026)
    assert {special.on.year for special in CHINA.specials} == set(CHINA.published)
    assert CHINA.is_open(date(2027, 2, 8))


@pytest.mark.parametrize("year", range(2020, 2027))
def test_each_year_has_its_make_up_days(year: int) -> None:
    made_up = [s for s in CHINA.specials if s.on.year == year and s.open]
    assert 5 <= len(made_up) <= 8
    assert all(s.on.weekday() >= 5 for s in made_up)


def test_names_of_days_are_short_and_in_both_languages() -> None:
    names = {(s.zh, s.en) for s in (*CHINA.specials, *EUROPE.specials)}
    assert ("国庆节", "National Day") in names
    assert ("圣诞节", "Christmas Day") in names
    assert not any("（" in zh or "(" in en or ";" in en for zh, en in names)


@pytest.mark.parametrize("calendar", [CHINA, EUROPE], ids=["CN", "EU"])
def test_a_calendar_survives_storage(calendar: Calendar) -> None:
    assert Calendar.from_dict(json.loads(json.dumps(calendar.to_dict()))) == calendar


def test_loading_again_publishes_nothing(app: Portal) -> None:
    with unit_of_work():
        assert deadlines.load_calendars(LATER) == []


def test_a_new_notice_is_a_new_version_and_old_deadlines_keep_theirs(app: Portal, folder: Path) -> None:
    notice = [{"on": "2027-01-01", "open": False, "zh": "元旦", "en": "New Year's Day"}]
    change(folder / "CN.json", years=[2027], days=notice)
    before = calendars.newest_calendar("CN")
    with unit_of_work():
        assert [(v.code, v.number) for v in deadlines.load_calendars(LATER, folder)] == [("CN", 2)]
    after = calendars.newest_calendar("CN")
    assert before is not None
    assert after is not None
    assert deadlines.calendar(before.id).is_open(date(2027, 1, 1))
    assert not deadlines.calendar(after.id).is_open(date(2027, 1, 1))
    assert deadlines.calendar(after.id).knows(date(2027, 1, 1))


def test_a_day_by_hand_beats_the_library(folder: Path) -> None:
    change(folder / "CN.json", days=[{"on": "2026-10-08", "open": False, "zh": "停运", "en": "Closed"}])
    assert not calendars.read(folder / "CN.json").is_open(date(2026, 10, 8))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"zone": "Asia/Peking City"}, "CN.json: .*Asia/Peking City"),
        ({"weekly": {}}, "CN.json: calendar CN: a week has seven days, and at least one is open"),
        ({"weekly": {"mon": [["12:00", "09:00"]]}}, "CN.json: calendar CN: open hours must follow one another"),
        ({"weekly": {"monday": []}}, "CN.json: weekly.monday is unknown; allowed are mon, tue"),
        (
            {"days": [{"on": "2027-01-01", "open": False, "zh": "元旦", "en": "x"}]},
            "2027-01-01 lies in a year that is not",
        ),
        (
            {"days": [{"on": "1 Jan", "open": False, "zh": "元旦", "en": "x"}]},
            r"days\[0\].on is '1 Jan'; allowed is a day",
        ),
        ({"years": ["2027"]}, r"CN.json: years\[0\] is '2027'; allowed is a whole number from 2000 to 2100"),
    ],
)
def test_a_mistake_in_a_file_is_one_sentence(folder: Path, values: dict[str, Any], sentence: str) -> None:
    change(folder / "CN.json", **values)
    with pytest.raises(BadFileError, match=sentence):
        calendars.read(folder / "CN.json")


@pytest.mark.parametrize(
    ("weekly", "specials", "complaint"),
    [
        (WEEK[:6], (), "seven days"),
        (((),) * 7, (), "at least one is open"),
        ((((time(9), time(12)), (time(11), time(18))), *WEEK[1:]), (), "follow one another"),
        (WEEK, (Special(date(2026, 1, 1), False, "", ""),) * 2, "named twice"),
    ],
)
def test_a_calendar_one_can_not_count_on_is_refused(weekly: Any, specials: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Calendar("bad", "UTC", weekly, specials)


def test_a_make_up_day_has_the_hours_of_an_open_day() -> None:
    hours = [(opens.isoformat(), closes.isoformat()) for opens, closes in CHINA.hours(date(2026, 2, 14))]
    assert hours == [
        ("2026-02-14T01:00:00+00:00", "2026-02-14T04:00:00+00:00"),
        ("2026-02-14T05:30:00+00:00", "2026-02-14T10:00:00+00:00"),
    ]
    assert list(CHINA.hours(date(2026, 2, 15))) == []
