"""What stands in a message box, as its owner reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from flask import url_for
from sqlalchemy import Select, bindparam, func, select

from portal import guards
from portal.accounts.models import Person
from portal.db import session
from portal.messages import kinds
from portal.messages.models import CATEGORIES, Notice
from portal.messages.queries import Recipient
from portal.paging import Listing, Page

COUNTED = 1000
UNREAD = {f"unread:{category}": category for category in CATEGORIES}


@dataclass(frozen=True)
class Line:
    """One notice in the reader's words; `href` leads to its case and is empty where there is none."""

    id: int
    category: str
    mark: str
    title: str
    body: str
    action: str
    href: str
    at: datetime
    read_at: datetime | None
    read_by: str


@dataclass(frozen=True)
class Place:
    """Where in the box the reader is: a category or all (""), and the cursor of a page."""

    category: str = ""
    at: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Place":
        """The place an address names; what is unknown means the beginning."""
        category = args.get("category", "")
        return cls(category if category in CATEGORIES else "", args.get("at", ""))

    def url(self) -> str:
        """Its address."""
        return url_for("messages.index", category=self.category or None, at=self.at or None)

    def args(self) -> dict[str, str]:
        """As it stands in an address."""
        return {name: value for name, value in (("category", self.category), ("at", self.at)) if value}


def unread(of: Recipient) -> dict[str, int]:
    """How many notices of each category nobody has read: one read of the tallies, whatever their number."""
    counts = guards.tallied(of.key)
    return {category: counts.get(name, 0) for name, category in UNREAD.items()}


def lines(of: Recipient, place: Place) -> Page[Line]:
    """One page of the box, newest first."""
    found = _listing(place.category).page(place.at, box=of.key)
    return replace(found, rows=[_line(row, of) for row in found.rows])


def latest(of: Recipient, limit: int) -> list[Line]:
    """The newest lines of the box."""
    return list(lines(of, Place()).rows[:limit])


def line(of: Recipient, notice_id: int) -> Line | None:
    """One notice of the box; None if it is not in there."""
    row = session().execute(_with_reader().where(Notice.recipient == of.key, Notice.id == notice_id)).one_or_none()
    return _line(row, of) if row else None


def total(of: Recipient, category: str) -> int:
    """How many notices there are, counted up to COUNTED + 1, which is shown as "1,000+"."""
    ids = select(Notice.id).where(Notice.recipient == of.key)
    ids = (ids.where(Notice.category == category) if category else ids).limit(COUNTED + 1)
    return session().scalar(select(func.count()).select_from(ids.subquery())) or 0


def newest() -> int:
    """The latest notice there is, in any box: what "all" meant to the reader when the page was made."""
    return session().scalar(select(func.max(Notice.id))) or 0


@cache
def _listing(category: str) -> Listing:
    """One category, or all: each comes in its order from the one index there is, and they are merged."""
    which = (category,) if category else CATEGORIES
    asks = [_with_reader().where(Notice.recipient == bindparam("box"), Notice.category == one) for one in which]
    return Listing(*asks, at=Notice.created_at, key=Notice.id, newest_first=True)


def _with_reader() -> Select[Any]:
    reader = select(Person.name).where(Person.id == Notice.read_by).scalar_subquery()
    return select(
        Notice.id, Notice.category, Notice.template, Notice.params, Notice.case_type, Notice.case_ref,
        Notice.created_at, Notice.read_at, reader.label("read_by"),
    )  # fmt: skip


def _line(row: Any, of: Recipient) -> Line:
    kind = kinds.kind_of(row.template, row.category)
    endpoint = kinds.endpoint_of(row.case_type, of)
    return Line(
        id=row.id,
        category=row.category,
        mark=kind.mark or row.category,
        title=kind.filled(kind.title, row.params),
        body=kind.filled(kind.body, row.params),
        action=kind.filled(kind.action, row.params),
        href=url_for(endpoint, ref=row.case_ref) if endpoint else "",
        at=row.created_at,
        read_at=row.read_at,
        read_by=row.read_by if of.is_shop and row.read_by else "",
    )
