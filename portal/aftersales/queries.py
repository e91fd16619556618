"""Which cases and orders, for the verbs, the sweep and the lists."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from portal import guards, many
from portal.accounts.models import Shop
from portal.aftersales import onward
from portal.aftersales.lifecycle import TABS, UNDER_WAY
from portal.aftersales.models import AfterSale, Buyer, Offer, Purchase, PurchaseItem
from portal.audit import Actor
from portal.db import rows, session
from portal.deadlines.models import Deadline
from portal.paging import SIZE, Listing, Page
from portal.refusals import Refused

BY_TIME_LEFT = ("to_handle", "to_return", "to_inspect", "in_arbitration")
FOR_MERCHANT = ("to_handle", "to_inspect", "in_arbitration")
COUNTED = 1000
LIVE = ("running", "paused")


def by_ids(ids: Collection[int]) -> dict[int, AfterSale]:
    """The cases with these ids, locked where the database can, in the order of their ids."""
    ask = select(AfterSale).where(AfterSale.id.in_(ids)).order_by(AfterSale.id).with_for_update()
    return {case.id: case for case in session().scalars(ask)}


def order_of(source: str, external_id: str) -> Purchase:
    """The order with this number of its source; refused with `no_such_order`."""
    found = session().scalar(select(Purchase).where(Purchase.source == source, Purchase.external_id == external_id))
    if found is None:
        raise Refused("no_such_order", order_no=external_id)
    return found


def locked_orders(ids: Collection[int]) -> dict[int, Purchase]:
    """These orders with their items as they are now, locked until the unit of work ends."""
    fresh = {"populate_existing": True}
    ask = select(Purchase).where(Purchase.id.in_(ids)).order_by(Purchase.id).with_for_update()
    found = {order.id: order for order in session().scalars(ask, execution_options=fresh)}
    items = select(PurchaseItem).where(PurchaseItem.purchase_id.in_(ids)).order_by(PurchaseItem.id)
    session().scalars(items, execution_options=fresh).all()
    return found


def asked_for(purchase_id: int) -> int:
    """How much the cases ask for that are still open about this order."""
    ask = select(func.coalesce(func.sum(AfterSale.requested_minor), 0)).where(
        AfterSale.purchase_id == purchase_id, AfterSale.status.in_((*UNDER_WAY, "in_arbitration"))
    )
    return session().scalar(ask) or 0


def open_offer(case: AfterSale) -> Offer | None:
    """The offer that waits for an answer."""
    return session().scalar(select(Offer).where(Offer.after_sale_id == case.id, Offer.status == "proposed"))


def open_offers(ids: Collection[int]) -> dict[int, Offer]:
    """The offers that wait for an answer, by case."""
    ask = select(Offer).where(Offer.after_sale_id.in_(ids), Offer.status == "proposed").order_by(Offer.id)
    return {offer.after_sale_id: offer for offer in session().scalars(ask)}


def clocks(ids: Collection[int]) -> dict[int, list[Deadline]]:
    """The deadlines of these cases that still run, by case."""
    ask = select(Deadline).where(
        Deadline.subject_type == "aftersale", Deadline.subject_id.in_(ids), Deadline.state.in_(LIVE)
    )
    found: dict[int, list[Deadline]] = {key: [] for key in ids}
    for deadline in session().scalars(ask.order_by(Deadline.id)):
        found[deadline.subject_id].append(deadline)
    return found


def as_buyer(case: AfterSale) -> Actor:
    """The buyer of a case as the one who acts: a pseudonym."""
    ask = select(Buyer.pseudonym).join(Purchase, Purchase.buyer_id == Buyer.id).where(Purchase.id == case.purchase_id)
    return Actor(session().scalars(ask).one(), "buyer")


def reachable(ids: Collection[int]) -> dict[int, Any]:
    """The buyers of these cases who can be written to, by case, with the zone and address of the shop."""
    ask = (
        select(AfterSale.id.label("case"), Buyer.id, Buyer.relay_address, Buyer.locale, Shop.zone, Shop.return_address)
        .join(Purchase, Purchase.id == AfterSale.purchase_id)
        .join(Buyer, Buyer.id == Purchase.buyer_id)
        .join(Shop, Shop.id == AfterSale.shop_id)
        .where(many.among(AfterSale.id, ids), Buyer.relay_address.is_not(None))
    )
    return {row.case: row for row in session().execute(ask)}


def totals(shop_id: int) -> dict[str, int]:
    """How many cases each tab has: one read of the tallies, whatever their number."""
    counts = guards.tallied(f"shop:{shop_id}")
    return {tab: counts.get(f"aftersale:{tab}", 0) for tab in TABS}


def in_tab(shop_id: int, tab: str, cursor: str = "") -> Page[Any]:
    """One page of a tab: by time left where a clock runs, else by what moved last."""
    return _listing(tab in BY_TIME_LEFT).page(cursor, shop=shop_id, tab=tab)


def waiting(shop_id: int) -> Sequence[Any]:
    """The cases in which the shop must act, the most urgent first; as many as a page shows."""
    found = [row for tab in FOR_MERCHANT for row in rows(_waiting(), shop=shop_id, tab=tab)]
    return sorted(found, key=lambda row: (due_of(row), row.id))[:SIZE]


def due_of(row: Any) -> Any:
    """Until when the shop must act: in an arbitration that can be the answer to an offer."""
    if row.status != "in_arbitration" or row.offer_due_at is None:
        return row.due_at
    own = [row.due_at] if row.turn in ("merchant", "both") and row.due_at else []
    return min([row.offer_due_at, *own])


def how_many_wait(shop_id: int) -> int:
    """In how many cases the shop must act, counted up to a thousand of each kind."""
    return sum(rows(_how_many_wait(), shop=shop_id, tab=tab)[0][0] for tab in FOR_MERCHANT)


def found(shop_id: int, number: str) -> Sequence[Any]:
    """The shop's cases with this number: of the case, its arbitration, its order, or a parcel; the newest first."""
    number = number.strip()
    heard = onward.case_id(number.upper())
    bears = _bears({number, number.upper()}) if heard is None else AfterSale.id == heard
    ask = select(*ROW).where(AfterSale.shop_id == shop_id, bears)
    return sorted(session().execute(ask.limit(50)), key=lambda row: row.moved_at, reverse=True)


OFFER_DUE = (
    select(Deadline.due_at)
    .where(Deadline.subject_type == "aftersale", Deadline.subject_id == AfterSale.id, Deadline.kind == "offer_answer")
    .where(Deadline.party == "merchant", Deadline.state == "running")
    .correlate(AfterSale)
    .scalar_subquery()
)
"""Until when the shop can answer the buyer's offer."""
ROW: tuple[Any, ...] = (
    AfterSale.id, AfterSale.ref, AfterSale.external_id, AfterSale.order_no, AfterSale.kind, AfterSale.reason_code,
    AfterSale.requested_minor, AfterSale.agreed_minor, AfterSale.currency, AfterSale.status, AfterSale.resolution,
    AfterSale.turn, AfterSale.due_at, AfterSale.moved_at, AfterSale.version, OFFER_DUE.label("offer_due_at"),
)  # fmt: skip


@cache
def _listing(by_time_left: bool) -> Listing:
    ask = select(*ROW).where(AfterSale.shop_id == bindparam("shop"), AfterSale.tab == bindparam("tab"))
    if by_time_left:
        return Listing(ask, at=AfterSale.due_at, key=AfterSale.id)
    return Listing(ask, at=AfterSale.moved_at, key=AfterSale.id, newest_first=True)


def _bears(numbers: Collection[str]) -> ColumnElement[bool]:
    columns = (
        AfterSale.ref, AfterSale.external_id, AfterSale.order_no, AfterSale.return_no, AfterSale.sent_no,
    )  # fmt: skip
    return or_(*(column.in_(numbers) for column in columns))


@cache
def _waiting() -> Any:
    return _for_merchant(*ROW).order_by(AfterSale.due_at, AfterSale.id).limit(SIZE)


@cache
def _how_many_wait() -> Any:
    return select(func.count()).select_from(_for_merchant(AfterSale.id).limit(COUNTED).subquery())


def _for_merchant(*columns: Any) -> Any:
    offered = and_(AfterSale.status == "in_arbitration", OFFER_DUE.is_not(None))
    turns = or_(AfterSale.turn == "merchant", AfterSale.turn == "both", offered)
    return select(*columns).where(AfterSale.shop_id == bindparam("shop"), AfterSale.tab == bindparam("tab"), turns)
