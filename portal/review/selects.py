"""The statements of the queue, each put together once: building one costs more than running it."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, case, cast, false, func, or_, select, text, tuple_
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.db import Instant
from portal.guards import Tally
from portal.paging import Listing
from portal.review.models import OPEN, Review

COUNTED = 1000
MANY = 500
"""The figures over the queue, which every look at it pays for, stop here: see `Counts.said`."""
AHEAD = 20
# Written out rather than bound: only so do both engines use the partial indexes.
IS_OPEN = text(OPEN.replace("state", "review.state"))
IS_CLAIMED = text("review.state = 'claimed'")
IS_CONCLUDED = text("review.state = 'concluded'")
IS_SECOND = text("review.seat <> 'primary'")
ME: Any = bindparam("me")
NOW: Any = bindparam("now")
TONIGHT: Any = bindparam("tonight")
MORNING: Any = bindparam("morning")


def _judged() -> ColumnElement[bool]:
    """Whether this person gave a verdict in the case before; asked only where that matters."""
    before = aliased(Review)
    gave = select(before.id).where(
        before.case_type == Review.case_type,
        before.case_id == Review.case_id,
        before.concluded_by == ME,
        before.verdict.is_not(None),
    )
    return case((Review.seat != "primary", gave.exists()), else_=false())


SHOWN: tuple[Any, ...] = (
    Review.id, Review.case_type, Review.case_id, Review.case_ref, Review.attempt, Review.seat, Review.state,
    Review.title_code, Review.shop_id, Review.shop_name, Review.amount_minor, Review.currency, Review.exhibits,
    Review.due_at, Review.claimed_by, Review.lease_until, Review.version, cast(Review.barred, Text).label("bars"),
    Person.name.label("holder"), _judged().label("judged"),
)  # fmt: skip


@cache
def listing(view: str, searched: str = "") -> Listing:
    """The queue, narrowed to a view and perhaps to the numbers between `low` and `high`: see `_between`."""
    return Listing(_narrowed(_rows(), view, searched), at=Review.due_at, key=Review.id)


@cache
def count(view: str, searched: str) -> Select[Any]:
    """How many seats that leaves, counted up to COUNTED + 1."""
    return _up_to(_narrowed(select(Review.id), view, searched))


@cache
def one() -> Select[Any]:
    """The seat with this id."""
    return _rows().where(Review.id == bindparam("id"))


@cache
def ahead(later: bool) -> Select[Any]:
    """The next seats that are this person's or nobody's, from a place on or from the first."""
    takeable = or_(Review.state == "queued", Review.lease_until <= NOW, Review.claimed_by == ME)
    ask = _rows().where(IS_OPEN, takeable).order_by(Review.due_at, Review.id).limit(AHEAD)
    beyond = tuple_(Review.due_at, Review.id) > tuple_(bindparam("edge_at", type_=Instant), bindparam("edge_id"))
    return ask.where(beyond) if later else ask


@cache
def counts() -> Select[Any]:
    """In the order of `Counts`."""
    of_open = select(Review.id).where(IS_OPEN)
    mine = select(func.count()).where(Review.claimed_by == ME, IS_CLAIMED)
    done = select(func.count()).where(Review.concluded_by == ME, IS_CONCLUDED, Review.concluded_at >= MORNING)
    total = select(Tally.n).where(Tally.scope == "queue", Tally.name == "open")
    return select(
        func.coalesce(total.scalar_subquery(), 0),
        mine.scalar_subquery(),
        _up_to(of_open.where(Review.due_at <= NOW), MANY).scalar_subquery(),
        _up_to(of_open.where(Review.due_at > NOW, Review.due_at <= TONIGHT), MANY).scalar_subquery(),
        _up_to(of_open.where(IS_SECOND), MANY).scalar_subquery(),
        done.scalar_subquery(),
        func.coalesce(select(func.max(Review.id)).scalar_subquery(), 0),
    )


@cache
def newer() -> Select[Any]:
    """How many open seats came after this id."""
    newer = select(Review.id).where(IS_OPEN, Review.id > bindparam("id")).limit(COUNTED)
    return select(func.count()).select_from(newer.subquery())


def _rows() -> Select[Any]:
    ask: Select[Any] = select(*SHOWN).outerjoin(Person, Person.id == Review.claimed_by)
    return ask


def _narrowed(ask: Select[Any], view: str, searched: str) -> Select[Any]:
    ask = ask.where(IS_OPEN)
    if searched:
        ask = ask.where(_between(searched))
    narrow = {
        "mine": (Review.claimed_by == ME, IS_CLAIMED),
        "free": (or_(Review.state == "queued", Review.lease_until <= NOW),),
        "second": (IS_SECOND,),
        "today": (Review.due_at > NOW, Review.due_at <= TONIGHT),
        "overdue": (Review.due_at <= NOW,),
    }
    return ask.where(*narrow.get(view, ()))


def _between(searched: str) -> ColumnElement[bool]:
    """The numbers searched for; few begin like a `number`, so their index finds them.

    A `beginning` is shared by too many to be sorted: the queue's own order is followed, as the expression makes sure.
    """
    number = Review.case_ref if searched == "number" else Review.case_ref.concat("")
    return and_(number >= bindparam("low"), number < bindparam("high"))


def _up_to(ask: Select[Any], most: int = COUNTED) -> Select[Any]:
    return select(func.count()).select_from(ask.limit(most + 1).subquery())
