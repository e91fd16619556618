"""Pages by key: the last page costs what the first one does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import CompoundSelect, Select, bindparam, tuple_, union_all

from portal.db import LARGEST_KEY, Instant, Key, dialect, rows
from portal.driver import Ask

Row = TypeVar("Row")
AnAsk = TypeVar("AnAsk", Select[Any], CompoundSelect[Any])
SIZE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the cursors of the pages before and after them; "" where there is none."""

    rows: Sequence[Row]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Cursor:
    """A place in an order by (instant, id), and in which direction to go from there."""

    at: datetime
    id: int
    back: bool

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor of an address; whatever is not one means the first page."""
        way, _, place = text[:1], "", text[1:]
        micros, _, key = place.partition(".")
        if way not in ("a", "b") or not (micros.isdecimal() and key.isdecimal() and len(place) < 40):
            return None
        if int(key) > LARGEST_KEY:
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=int(micros)), int(key), way == "b")
        except OverflowError:
            return None

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{'b' if self.back else 'a'}{(self.at - EPOCH) // timedelta(microseconds=1)}.{self.id}"


class Listing:
    """What the asks select, in the order of (`at`, `key`), which are among their columns; its statements are kept.

    Several of them are one list that several stretches of an index make up, and are merged. They may have `bindparam`s,
    which `page` fills.
    """

    def __init__(self, *asks: Select[Any], at: Any, key: Any, newest_first: bool = False, size: int = SIZE) -> None:
        self.asks, self.at, self.key, self.size, self.newest_first = asks, at, key, size, newest_first
        self.kept: dict[tuple[str, bool | None], Ask] = {}

    def _statement(self, back: bool | None) -> Ask:
        """That of the first page, or of one before or after a place."""
        which = dialect().name, back
        if which not in self.kept:
            self.kept[which] = self._merged(*which)
        return self.kept[which]

    def _merged(self, dialect: str, back: bool | None) -> Ask:
        down, asks = self.newest_first != bool(back), self.asks
        if back is not None:
            here = tuple_(self.at, self.key)
            edge = tuple_(bindparam("edge_at", type_=Instant), bindparam("edge_id", type_=Key))
            asks = tuple(ask.where(here < edge if down else here > edge) for ask in asks)
        if len(asks) == 1:
            return self._ordered(asks[0], down).limit(self.size + 1)
        if dialect != "sqlite":  # which sees by itself in which order each comes; PostgreSQL must be told
            asks = tuple(self._ordered(ask, down) for ask in asks)
        return self._ordered(union_all(*asks), down).limit(self.size + 1)

    def _ordered(self, ask: AnAsk, down: bool) -> AnAsk:
        places = [ask.selected_columns[column.key] for column in (self.at, self.key)]
        return ask.order_by(*(place.desc() if down else place for place in places))

    def page(self, cursor: str = "", **params: Any) -> Page[Any]:
        """The page at the cursor."""
        here = Cursor.read(cursor)
        if here is None:
            found = rows(self._statement(None), **params)
            more, found = len(found) > self.size, found[: self.size]
            return self._between(found, before=False, after=more)
        found = rows(self._statement(here.back), edge_at=here.at, edge_id=here.id, **params)
        more, found = len(found) > self.size, found[: self.size]
        return self._between(found[:: -1 if here.back else 1], before=more or not here.back, after=more or here.back)

    def _between(self, found: Sequence[Any], *, before: bool, after: bool) -> Page[Any]:
        if not found:
            return Page(found)
        first, last = self._cursor(found[0], back=True), self._cursor(found[-1], back=False)
        return Page(found, first if before else "", last if after else "")

    def _cursor(self, row: Any, *, back: bool) -> str:
        return str(Cursor(getattr(row, self.at.key), getattr(row, self.key.key), back))
