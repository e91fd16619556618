"""The queue: one indexed read of one table, whatever the case type, by time left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from json import loads
from typing import Any
from zoneinfo import ZoneInfo

from portal import db
from portal.audit import Actor
from portal.paging import Page
from portal.review import casetypes, lifecycle, selects
from portal.review.figures import VIEWS, Counts
from portal.review.lifecycle import Asker

LAST = "\U0010ffff"
NARROW = len("AP-2026-XX")
"""From here on a number is told from most others."""


@dataclass(frozen=True)
class Asked:
    """What the queue is asked for; unknown values mean all of it."""

    view: str = "all"
    q: str = ""
    cursor: str = ""

    @property
    def searched(self) -> str:
        """Whether a `number` is searched for, or only a `beginning` that very many share."""
        return "" if not self.q else "number" if len(self.q) >= NARROW else "beginning"

    @property
    def address(self) -> dict[str, str]:
        """The filter as it stands in an address, without the page."""
        return {key: value for key, value in (("view", self.view), ("q", self.q)) if value and value != "all"}


@dataclass(frozen=True)
class Line:
    """One row of the queue as this person sees it: `may` is what they can do with the seat.

    `claim`, `work` (theirs), `wait` (somebody else's), or why they never can: a code of kind `review.may`.
    """

    row: Any
    may: str

    @property
    def due_at(self) -> datetime:
        """Until when somebody must decide."""
        at: datetime = self.row.due_at
        return at

    @property
    def title(self) -> str:
        """What it is about, in the reader's language."""
        return casetypes.title_of(self.row.case_type, self.row.title_code)

    @property
    def kind(self) -> str:
        """Which kind of case it is, in the reader's language."""
        return casetypes.kind_of(self.row.case_type, self.row.title_code)

    @property
    def panel(self) -> str:
        """Where it is looked at."""
        return casetypes.panel_url(self.row.case_type, self.row.case_ref)

    @property
    def holder(self) -> str:
        """Who works on it."""
        return str(self.row.holder or "")


def asked(args: Mapping[str, str]) -> Asked:
    """What the address asks for."""
    view = args.get("view", "")
    return Asked(view if view in VIEWS else "all", args.get("q", "").strip().upper()[:40], args.get("at", ""))


def waiting(ask: Asked, *, by: Actor, at: datetime, zone: tzinfo) -> Page[Line]:
    """One page of the queue in the order of time left; today ends where the reader's does."""
    found = selects.listing(ask.view, ask.searched).page(ask.cursor, **_params(ask, by.person_id, at, zone))
    return Page(lines(found.rows, by=by, at=at), found.before, found.after)


def line_of(seat_id: int, *, by: Actor, at: datetime) -> Line:
    """The row of this seat, wherever it stands."""
    return lines(db.rows(selects.one(), id=seat_id, me=by.person_id), by=by, at=at)[0]


def lines(rows: Iterable[Any], *, by: Actor, at: datetime) -> list[Line]:
    """The rows as this person sees them."""
    return [Line(row, _may(row, by, at)) for row in rows]


def next_after(due_at: datetime, seat_id: int, *, by: Actor, at: datetime) -> Line | None:
    """The next case this person can work on: by time left from this place on, else the first of the queue."""
    here = {"edge_at": due_at, "edge_id": seat_id}
    for later in (True, False):
        for line in lines(db.rows(selects.ahead(later), me=by.person_id, now=at, **here), by=by, at=at):
            if line.may in ("claim", "work"):
                return line
    return None


def found(ask: Asked, *, by: Actor, at: datetime, zone: tzinfo) -> int:
    """How many seats the filter leaves, counted up to COUNTED + 1, which is shown as "1,000+"."""
    return int(db.rows(selects.count(ask.view, ask.searched), **_params(ask, by.person_id, at, zone))[0][0])


def counts(*, at: datetime, zone: tzinfo, person_id: int | None = None, senior: bool = False) -> Counts:
    """What is waiting, in one statement: the total from its tally, the rest from short stretches of an index."""
    params = {"me": person_id, "now": at, "tonight": _morning(at, zone, days=1), "morning": _morning(at, zone)}
    row: Any = db.rows(selects.counts(), **params)[0]
    return Counts(senior, *row)


def newer_than(seat_id: int) -> int:
    """How many open seats came after this one."""
    return int(db.rows(selects.newer(), id=seat_id)[0][0])


def mine(person_id: int, at: datetime) -> list[Line]:
    """What this person has claimed, by time left."""
    held = selects.listing("mine").page("", me=person_id).rows
    return lines(held, by=Actor("", "reviewer", person_id), at=at)


def _params(ask: Asked, person_id: int | None, at: datetime, zone: tzinfo) -> dict[str, Any]:
    until = _morning(at, zone, days=1)
    return {"me": person_id, "now": at, "tonight": until, "low": ask.q, "high": ask.q + LAST}


def _morning(at: datetime, zone: tzinfo, days: int = 0) -> datetime:
    """Where the reader's day begins, or the one so many days later."""
    here = ZoneInfo(str(zone))  # whatever kind of zone it is: not all may be put beside a wall clock's time
    day = at.astimezone(here).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=here)


@dataclass(slots=True)
class _Seat:
    """A row as the rules of seats read it."""

    seat: str
    state: str
    barred: list[int]
    claimed_by: int | None
    lease_until: datetime | None
    version: int


def _may(row: Any, by: Actor, at: datetime) -> str:
    who = Asker(by.person_id, by.role, decided=bool(row.judged))
    seat = _Seat(row.seat, row.state, loads(row.bars), row.claimed_by, row.lease_until, row.version)
    if seat.state not in lifecycle.OPEN_STATES:
        return seat.state
    if lifecycle.held_by(seat, who.person_id):
        return "work"
    return {None: "claim", "claimed_by_other": "wait"}.get(why := lifecycle.untakeable(seat, who, at), why or "")
