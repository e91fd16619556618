"""Which days are open: the calendar of a place, from its week, its exceptions and the published years. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

Interval = tuple[time, time]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Special:
    """A day on which the calendar differs from its week: a holiday, a make-up working day."""

    on: date
    open: bool
    zh: str
    en: str
    hours: tuple[Interval, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """Open hours of each weekday (Monday first), the exceptions, and the years whose exceptions are published.

    `published = None`: there are no exceptions to wait for, every year is known. In a year that isn't published only
    the week counts, and what was counted there is provisional.
    """

    code: str
    zone: str
    weekly: tuple[tuple[Interval, ...], ...]
    specials: tuple[Special, ...] = ()
    published: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse a calendar on which a count could go wrong or never end."""
        if len(self.weekly) != 7 or not any(self.weekly):
            raise ValueError(f"calendar {self.code}: a week has seven days, and at least one is open")
        for hours in (*self.weekly, *(special.hours for special in self.specials)):
            _check_hours(self.code, hours)
        if len(self._by_day) != len(self.specials):
            raise ValueError(f"calendar {self.code}: a day is named twice")
        strange = [s.on.isoformat() for s in self.specials if not self.knows(s.on)]
        if strange:
            raise ValueError(f"calendar {self.code}: {strange[0]} lies in a year that is not published")
        ZoneInfo(self.zone)

    @cached_property
    def _by_day(self) -> dict[date, Special]:
        return {special.on: special for special in self.specials}

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def knows(self, day: date) -> bool:
        """Whether the exceptions of this day's year are settled."""
        return self.published is None or day.year in self.published

    def special(self, day: date) -> Special | None:
        """What is special about this day, if anything."""
        return self._by_day.get(day)

    def is_open(self, day: date) -> bool:
        """Whether this is a working day here: an exception beats the week."""
        special = self._by_day.get(day)
        return bool(self.weekly[day.weekday()]) if special is None else special.open

    def day_of(self, instant: datetime) -> date:
        """The civil date here at this instant."""
        return instant.astimezone(self._zone).date()

    def end_of(self, day: date) -> datetime:
        """The first instant, in UTC, that no longer belongs to this day.

        A midnight that clocks skip is the first instant after the gap; one that happens twice is the later one.
        """
        midnight = datetime.combine(day + ONE_DAY, time(), self._zone)
        return max(midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))

    def hours(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The open stretches of this day in UTC, in order; a make-up day has the hours of an ordinary open day."""
        if self.is_open(day):
            special = self._by_day.get(day)
            ordinary = self.weekly[day.weekday()] or next(hours for hours in self.weekly if hours)
            for opens, closes in (special.hours if special else ()) or ordinary:
                yield self._instant(day, opens), self._instant(day, closes)

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self._zone).astimezone(UTC)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and for the fingerprint of a stored version."""
        return {
            "code": self.code,
            "zone": self.zone,
            "weekly": {name: _plain(hours) for name, hours in zip(WEEKDAYS, self.weekly, strict=True) if hours},
            "specials": [
                {"on": s.on.isoformat(), "open": s.open, "zh": s.zh, "en": s.en, "hours": _plain(s.hours)}
                for s in self.specials
            ],
            "published": None if self.published is None else list(self.published),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The calendar stored by `to_dict`."""
        return cls(
            stored["code"],
            stored["zone"],
            week_of(stored["weekly"]),
            tuple(
                Special(date.fromisoformat(s["on"]), s["open"], s["zh"], s["en"], _typed(s["hours"]))
                for s in stored["specials"]
            ),
            None if stored["published"] is None else tuple(stored["published"]),
        )


def week_of(stored: Mapping[str, Any]) -> tuple[tuple[Interval, ...], ...]:
    """The open hours of the week, Monday first, from a mapping such as `{"mon": [["09:00", "18:00"]]}`."""
    return tuple(_typed(stored.get(name, ())) for name in WEEKDAYS)


def _check_hours(code: str, hours: tuple[Interval, ...]) -> None:
    moments = [moment for interval in hours for moment in interval]
    if any(earlier >= later for earlier, later in pairwise(moments)):
        raise ValueError(f"calendar {code}: open hours must follow one another")


def _plain(hours: tuple[Interval, ...]) -> list[list[str]]:
    return [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in hours]


def _typed(hours: Any) -> tuple[Interval, ...]:
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in hours)
