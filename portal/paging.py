"""Pages by key: the last page costs what the first one does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, bindparam, tuple_

from portal.db import LARGEST_KEY, Instant, rows

Row = TypeVar("Row")
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
    """What `ask` selects, in the order of (`at`, `key`), which are among its columns; its statements are kept.

    `ask` may have `bindparam`s, which `page` fills.
    """

    def __init__(self, ask: Select[Any], *, at: Any, key: Any, newest_first: bool = False, size: int = SIZE) -> None:
        self.ask, self.at, self.key, self.size, self.newest_first = ask, at, key, size, newest_first

    @cached_property
    def _first(self) -> Select[Any]:
        return self._ordered(self.ask, down=self.newest_first)

    @cached_property
    def _onward(self) -> Select[Any]:
        return self._beyond(down=self.newest_first)

    @cached_property
    def _back(self) -> Select[Any]:
        return self._beyond(down=not self.newest_first)

    def _beyond(self, *, down: bool) -> Select[Any]:
        here, edge = tuple_(self.at, self.key), tuple_(bindparam("edge_at", type_=Instant), bindparam("edge_id"))
        return self._ordered(self.ask.where(here < edge if down else here > edge), down=down)

    def _ordered(self, ask: Select[Any], *, down: bool) -> Select[Any]:
        order = (self.at.desc(), self.key.desc()) if down else (self.at, self.key)
        return ask.order_by(*order).limit(self.size + 1)

    def page(self, cursor: str = "", **params: Any) -> Page[Any]:
        """The page at the cursor."""
        here = Cursor.read(cursor)
        if here is None:
            found = rows(self._first, **params)
            more, found = len(found) > self.size, found[: self.size]
            return self._between(found, before=False, after=more)
        found = rows(self._back if here.back else self._onward, edge_at=here.at, edge_id=here.id, **params)
        more, found = len(found) > self.size, found[: self.size]
        return self._between(found[:: -1 if here.back else 1], before=more or not here.back, after=more or here.back)

    def _between(self, found: Sequence[Any], *, before: bool, after: bool) -> Page[Any]:
        if not found:
            return Page(found)
        first, last = self._cursor(found[0], back=True), self._cursor(found[-1], back=False)
        return Page(found, first if before else "", last if after else "")

    def _cursor(self, row: Any, *, back: bool) -> str:
        return str(Cursor(getattr(row, self.at.key), getattr(row, self.key.key), back))
