"""Words and figures on screen: Jinja filters, and the registry of words for codes."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_name
from flask import Flask
from flask_babel import format_currency, format_date, gettext, ngettext
from flask_babel.speaklater import LazyString
from jinja2 import pass_context
from jinja2.runtime import Context

from portal.reader import KEPT, Reader, reader

Words: TypeAlias = LazyString | str

WORDS: dict[str, dict[str, Words]] = {}
URGENT, SOON = 36 * 3600, 72 * 3600
REFERENCE = re.compile(r"(?<![0-9A-Za-z])([A-Z]{2}-[0-9]{4,8}-[0-9A-Z]+)")


def init_app(app: Flask) -> None:
    """Teach Jinja the filters."""
    teach(app, day, due, left, local, iso, money, word, size, localised, references, urgency)
    app.jinja_env.globals["clock_on_the_wall"] = clock_on_the_wall
    app.jinja_env.globals["days_of"] = days_of


def teach(app: Flask, *filters: Callable[..., object]) -> None:
    """Let templates use these by their names; what they say is the reader's own.

    Jinja works out a filter of a constant once, when it compiles the template, unless the filter takes the context.
    """
    app.jinja_env.filters |= {do.__name__: _of_the_moment(do) for do in filters}


def _of_the_moment(do: Callable[..., object]) -> Callable[..., object]:
    @pass_context
    def filtered(_context: Context, *args: Any, **named: Any) -> object:
        return do(*args, **named)

    return filtered


def learn(kind: str, words: Mapping[str, Words]) -> None:
    """Register the words for the codes of one kind, such as `appeal.status`; a slice does so in its `words.py`."""
    WORDS.setdefault(kind, {}).update(words)
    _word.cache_clear()


def word(code: str, kind: str) -> str:
    """What the code is called on screen, in the reader's language."""
    return _word(reader().locale, code, kind)


@lru_cache(maxsize=KEPT)
def _word(_locale: str, code: str, kind: str) -> str:
    return str(WORDS.get(kind, {}).get(code, code))


def sentence(code: str, params: Mapping[str, object]) -> str:
    """What a refusal says to a person; an unknown code still gets a calm sentence."""
    words = WORDS.get("refusal", {}).get(code)
    if words is None:
        return str(gettext("This is not possible at the moment."))
    return str(words) % filled(params)


def filled(params: Mapping[str, object]) -> dict[str, object]:
    """The figures of a sentence as people read them: amounts (`…_minor`, in `currency`) and instants."""
    return {key: _filled(key, value, params) for key, value in params.items()}


def _filled(key: str, value: object, params: Mapping[str, object]) -> object:
    """An amount (`…_minor` beside `currency`), a due or another instant as people read it; all else as it is."""
    if key.endswith("_minor") and isinstance(value, int):
        return money(value, str(params.get("currency") or "CNY"))
    return due(value) if key == "due_at" and isinstance(value, datetime) else shown(value)


def shown(value: object) -> object:
    """An instant as people read it; all else as it is."""
    return local(value) if isinstance(value, datetime) else value


def language() -> str:
    """`zh` or `en`: the language of this answer."""
    return reader().language


def localised(thing: Any, field: str) -> str:
    """The `field` of a thing that has it in both languages: a mapping or object with `<field>_zh` and `<field>_en`."""
    key = f"{field}_{language()}"
    return str(thing[key] if isinstance(thing, Mapping) else getattr(thing, key))


def iso(at: datetime) -> str:
    """The instant for a `datetime` attribute, in the reader's zone."""
    return here(at).isoformat(timespec="seconds")


def here(at: datetime) -> datetime:
    """The instant by the clock on the reader's wall."""
    return at.astimezone(ZoneInfo(reader().zone))


def local(at: datetime) -> str:
    """Day and minute in the reader's zone: 11月24日 15:30 / 24 November 15:30."""
    return _local(reader(), here(at))


@lru_cache(maxsize=KEPT)
def _local(_reader: Reader, here: datetime) -> str:
    return f"{_civil_day(here)} {here:%H:%M}"


def day(at: datetime, *, weekday: bool = False, year: bool = False) -> str:
    """The civil day in the reader's zone, with its weekday or always with its year if asked."""
    on = here(at)
    return _with_weekday(on) if weekday else _civil_day(on, year=year)


def references(said: str) -> list[tuple[str, bool]]:
    """The words in pieces, each with whether it is the number of a case, which must not be broken over two lines."""
    return [(piece, bool(n % 2)) for n, piece in enumerate(REFERENCE.split(said))]


def clock_on_the_wall() -> str:
    """Which zone the times of this page or mail are in."""
    return _clock(reader())


@lru_cache(maxsize=KEPT)
def _clock(reader: Reader) -> str:
    if reader.zone == "Asia/Shanghai":
        return str(gettext("All times are Beijing time (UTC+8)"))
    name = get_timezone_name(ZoneInfo(reader.zone), locale=reader.locale)
    return str(gettext("All times are %(name)s (%(zone)s)", name=name, zone=reader.zone))


def days_of(zone: str) -> str:
    """By whose days a deadline was counted, if not by the reader's own: then its end is no midnight of theirs."""
    here = reader()
    if zone == here.zone:
        return ""
    name = get_timezone_name(ZoneInfo(zone), locale=here.locale)
    return str(gettext("The days are those of %(name)s (%(zone)s); the last one ends there.", name=name, zone=zone))


def part_of_day(at: datetime) -> str:
    """`morning`, `afternoon` or `evening`, where the reader is."""
    hour = here(at).hour
    return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"


def due(at: datetime) -> str:
    """A due instant, which is exclusive: midnight is shown as the end of the day before."""
    return _due(reader(), here(at))


@lru_cache(maxsize=KEPT)
def _due(_reader: Reader, here: datetime) -> str:
    if (here.hour, here.minute, here.second, here.microsecond) != (0, 0, 0, 0):
        return f"{_civil_day(here)} {here:%H:%M}"
    last = here - timedelta(microseconds=1)
    return str(gettext("%(day)s, end of day", day=_with_weekday(last)))


def _with_weekday(here: datetime) -> str:
    """11月25日 星期三 / Wednesday 25 November."""
    both = _civil_day(here), format_date(here.date(), "EEEE")
    return " ".join(both if language() == "zh" else reversed(both))


def _civil_day(here: datetime, *, year: bool = False) -> str:
    """The day; its year only where it is not the reader's present one, or if asked."""
    other = year or here.year != reader().year
    if language() == "zh":
        return f"{f'{here.year}年' if other else ''}{here.month}月{here.day}日"
    return f"{here.day} {format_date(here.date(), 'MMMM')}{f' {here.year}' if other else ''}"


def left(at: datetime, now: datetime) -> str:
    """The time left until `at`, or how long it is past, in its two largest units."""
    return time_left(reader(), at, now)[0]


def urgency(at: datetime, now: datetime) -> str:
    """How near the instant is, as the style sheet names it: over, urgent (36 h), soon (3 days) or nothing."""
    return time_left(reader(), at, now)[1]


def time_left(who: Reader, at: datetime | None, now: datetime) -> tuple[str, str]:
    """The time left until `at` in words, and how near that is; both empty where there is no such instant."""
    if at is None:
        return "", ""
    seconds = (at - now).total_seconds()
    if seconds <= 0:
        return _left(who.locale, int(-seconds) // 60, False), "over"
    near = "urgent" if seconds <= URGENT else "soon" if seconds <= SOON else ""
    return _left(who.locale, int(seconds) // 60, True), near


@lru_cache(maxsize=KEPT)
def _left(_locale: str, minutes: int, ahead: bool) -> str:
    words = _span(minutes)
    return str(gettext("%(span)s left", span=words) if ahead else gettext("%(span)s overdue", span=words))


def _span(minutes: int) -> str:
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return " ".join([ngettext("%(num)s day", "%(num)s days", days), *_hours(hours)])
    if hours:
        return " ".join([*_hours(hours), ngettext("%(num)s minute", "%(num)s minutes", minutes)])
    return str(ngettext("%(num)s minute", "%(num)s minutes", minutes))


def _hours(hours: int) -> list[str]:
    return [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []


def money(minor: int, currency: str = "CNY") -> str:
    """An amount in minor units as people read it: ¥2,400.00."""
    around = _around(reader().locale, currency)
    if around is None or minor < 0:
        return str(format_currency(Decimal(minor) / 100, currency))
    return f"{around[0]}{minor // 100:,}.{minor % 100:02}{around[1]}"


@lru_cache(maxsize=64)
def _around(_locale: str, currency: str) -> tuple[str, str] | None:
    """What stands before and after an amount; None where its digits are not written like these."""
    before, digits, after = str(format_currency(Decimal("1234567.89"), currency)).partition("1,234,567.89")
    return (before, after) if digits else None


def size(octets: int) -> str:
    """A file's size: 348 KB, 1.2 MB."""
    return f"{octets / 1_000_000:.1f} MB" if octets >= 1_000_000 else f"{max(1, octets // 1000)} KB"
