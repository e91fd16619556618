"""What the strip of days says, in both languages."""

from datetime import date

import pytest
from flask_babel import force_locale

from portal import Portal
from portal.deadlines.words import day_words
from portal.deadlines.workdays import Day

TODAY = date(2026, 10, 10)


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        (Day(TODAY, "start"), "当天不计", "Start, not counted"),
        (Day(TODAY, "counted", 2), "第 2 天", "Day 2"),
        (Day(TODAY, "makeup", 3, "调休上班", "Make-up working day"), "第 3 天，调休上班", "Day 3, Make-up working day"),
        (Day(TODAY, "holiday", None, "国庆节", "National Day"), "国庆节，不计", "National Day, not counted"),
        (Day(TODAY, "weekend"), "周末，不计", "Weekend, not counted"),
        (Day(TODAY, "closed"), "休息日，不计", "Closed, not counted"),
        (Day(TODAY, "due", 5), "第 5 天", "Day 5"),
        (Day(TODAY, "due"), "顺延到这一天", "Moved to this day"),
        (Day(TODAY, "paused", 6), "暂停 6 天", "Paused for 6 days"),
        (Day(TODAY, "more", 173), "另有 173 天", "173 more days"),
    ],
)
def test_each_kind_of_day_has_its_words(sqlite_app: Portal, day: Day, zh: str, en: str) -> None:
    with sqlite_app.test_request_context():
        for locale, words in (("zh_Hans_CN", zh), ("en", en)):
            with force_locale(locale):
                assert day_words(day) == words
