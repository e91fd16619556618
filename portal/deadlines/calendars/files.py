"""A calendar from its file: the week, the holidays of a library for the years that are settled, and what a person adds.

The library guesses for a year whose holidays nobody has announced yet, and guesses without make-up days. So the file
lists the years for which it is trusted, and `years` with all their `days` when the notice comes before the library.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import holidays

from portal.deadlines.opendays import WEEKDAYS, Calendar, Special, week_of
from portal.policies import BadFileError, Node

SOURCES = ("country", "market")
SHORTER = {
    "Chinese New Year (Spring Festival)": "Spring Festival",
    "Chinese New Year Extended Holiday": "Spring Festival, extended",
    "Chinese New Year's Eve": "Spring Festival Eve",
    "Labor Day": "Labour Day",
}
CHINESE = {
    "New Year's Day": "元旦",
    "Good Friday": "耶稣受难日",
    "Easter Monday": "复活节星期一",
    "Labour Day": "劳动节",
    "Christmas Day": "圣诞节",
    "Christmas Holiday": "圣诞节次日",
}


def read(path: Path) -> Calendar:
    """The calendar in this file; raises `BadFileError`."""
    try:
        node = Node(json.loads(path.read_text(encoding="utf-8")), path.name)
    except ValueError as why:
        raise BadFileError(f"{path.name} is not JSON in UTF-8: {why}.") from why
    node.only(("code", "zone", "weekly", "library", "years", "days"))
    by_library, published = _by_library(node["library"])
    days = {special.on: special for special in by_library} | {day.on: day for day in map(_day, node["days"].each())}
    try:
        return Calendar(
            code=node["code"].text(),
            zone=node["zone"].text(),
            weekly=week_of(node["weekly"].only((), WEEKDAYS).value),
            specials=tuple(days[on] for on in sorted(days)),
            published=tuple(sorted({*published, *_years(node["years"])})),
        )
    except (KeyError, TypeError, ValueError) as why:
        raise BadFileError(f"{path.name}: {why}.") from why


def _years(node: Node) -> list[int]:
    return [entry.whole(2000, 2100) for entry in node.each()]


def _day(node: Node) -> Special:
    node.only(("on", "open", "zh", "en"))
    try:
        on = date.fromisoformat(node["on"].text())
    except ValueError as why:
        raise node["on"].wrong("a day such as 2027-01-01") from why
    return Special(on, node["open"].flag(), node["zh"].text(), node["en"].text())


def _by_library(node: Node) -> tuple[list[Special], list[int]]:
    node.only(("years",), SOURCES)
    years = _years(node["years"])
    if "market" in node:
        return _market(node["market"].text(), years), years
    return _country(node["country"].text(), years) if "country" in node else [], years


def _market(code: str, years: list[int]) -> list[Special]:
    closed = holidays.financial_holidays(code, years=years)
    return [Special(on, open=False, zh=CHINESE[name], en=name) for on, name in closed.items()]


def _country(code: str, years: list[int]) -> list[Special]:
    known: dict[str, Any] = {
        language: holidays.country_holidays(code, years=years, language=language) for language in ("zh_CN", "en_US")
    }
    closed = [Special(on, open=False, zh=_zh(zh), en=_en(known["en_US"][on])) for on, zh in known["zh_CN"].items()]
    makeup = [on for on in known["zh_CN"].weekend_workdays if on.year in years]
    return closed + [Special(on, open=True, zh="调休上班", en="Make-up working day") for on in makeup]


def _zh(name: str) -> str:
    if "调休" in name:
        return "调休放假"
    return name.replace("（补假）", "").replace("; ", "、")


def _en(name: str) -> str:
    if name.startswith("Day off"):
        return "Day off in exchange for a weekend"
    parts = (part.removesuffix(" (observed)") for part in name.split("; "))
    return ", ".join(SHORTER.get(part, part) for part in parts)
