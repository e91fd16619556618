"""Bringing in orders: one by one or in thousands, by the same few statements."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal import audit
from portal.aftersales.models import AfterSale, Buyer, Purchase, PurchaseItem
from portal.aftersales.orders import Order
from portal.audit import Actor, Entry
from portal.db import Base, Model, dialect, session
from portal.refs import new_ref

AT_ONCE = 500
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is there under a number."""

    ref: str
    content_sha256: str
    delivered_at: datetime | None


@dataclass(slots=True)
class Mirrored:
    """What became of each order: new, there already, or there with other content, with its reference.

    `delivered` is how many of those there already are known to have been delivered now.
    """

    new: list[str] = field(default_factory=list)
    existing: list[str] = field(default_factory=list)
    conflicts: list[tuple[Order, str]] = field(default_factory=list)
    delivered: int = 0


def mirror_all(orders: Sequence[Order], *, by: Actor, at: datetime) -> Mirrored:
    """Mirror many orders at once; what is there already is left as it is, but for a delivery that is news.

    Each order stands in `orders` once. The rows go in ordered by source and number, so that two imports at the same
    time wait for each other and never block each other.
    """
    done, news = Mirrored(), []
    there = known([order.key for order in orders])
    for order in sorted(orders, key=lambda order: order.key):
        if order.key not in there:
            news.append(order)
        else:
            _recognise(order, there[order.key], done)
    fresh = _insert(news, at)
    for order in (order for order in news if order.key not in fresh):
        _recognise(order, known([order.key])[order.key], done)
    _add_lines(fresh, news)
    done.new += [ref for ref, _key in fresh.values()]
    audit.record_all([_entry(order, fresh[order.key][0], by, at) for order in news if order.key in fresh])
    late = [order for order in orders if order.delivered_at and order.key in there]
    done.delivered = _deliver(late, by, at)
    return done


def known(keys: Collection[_Key]) -> dict[_Key, Known]:
    """What is there already of these (source, external id)."""
    there: dict[_Key, Known] = {}
    for source, group in groupby(sorted(set(keys)), key=lambda key: key[0]):
        ids = [external_id for _source, external_id in group]
        for first in range(0, len(ids), AT_ONCE):
            ask = select(Purchase.external_id, Purchase.ref, Purchase.content_sha256, Purchase.delivered_at).where(
                Purchase.source == source, Purchase.external_id.in_(ids[first : first + AT_ONCE])
            )
            there |= {(source, number): Known(ref, digest, at) for number, ref, digest, at in session().execute(ask)}
    return there


def _recognise(order: Order, there: Known, done: Mirrored) -> None:
    if there.content_sha256 == order.fingerprint:
        done.existing.append(there.ref)
    else:
        done.conflicts.append((order, there.ref))


def _insert(news: Sequence[Order], at: datetime) -> dict[_Key, tuple[str, int]]:
    """Insert those that nobody inserts at the same time; reference and id of each."""
    if not news:
        return {}
    buyers = _buyers(news, at)
    rows = [
        {
            "ref": new_ref("OR", at),
            "source": order.source,
            "external_id": order.external_id,
            "content_sha256": order.fingerprint,
            "shop_id": order.shop.id,
            "buyer_id": buyers[order.source, order.customer.external_id],
            "placed_at": order.placed_at,
            "delivered_at": order.delivered_at,
            "paid_minor": order.paid_minor,
            "currency": order.currency,
            "committed_minor": 0,
            "imported_at": at,
            "version": 1,
        }
        for order in news
    ]
    put = _unless_there(Purchase)
    columns = Purchase.__table__.c
    found = session().execute(put.returning(columns.id, columns.ref, columns.source, columns.external_id), rows)
    return {(source, number): (ref, key) for key, ref, source, number in found}


def _buyers(news: Sequence[Order], at: datetime) -> dict[_Key, int]:
    """The buyers of these orders by source and number, made where they are not there yet."""
    customers = {(order.source, order.customer.external_id): order.customer for order in news}
    there = _ids_of_buyers(customers).keys()
    rows = [
        {
            "source": source,
            "external_id": number,
            "pseudonym": f"b-{secrets.token_hex(8)}",
            "masked_name": customers[source, number].masked_name,
            "relay_address": customers[source, number].relay_address,
            "locale": customers[source, number].locale,
            "created_at": at,
        }
        for source, number in sorted(customers.keys() - there)
    ]
    if rows:
        session().execute(_unless_there(Buyer), rows)
    _take_newer_addresses({key: customers[key].relay_address for key in sorted(customers.keys() & there)})
    return _ids_of_buyers(customers)


def _ids_of_buyers(keys: Collection[_Key]) -> dict[_Key, int]:
    numbers = [number for _source, number in keys]
    ask = select(Buyer.source, Buyer.external_id, Buyer.id).where(Buyer.external_id.in_(numbers))
    return {(source, number): key for source, number, key in session().execute(ask)}


def _take_newer_addresses(addresses: Mapping[_Key, str | None]) -> None:
    """Of buyers who are there already, the address that their order came with, if it is another."""
    rows = [{"of": source, "number": number, "newer": to} for (source, number), to in addresses.items() if to]
    if not rows:
        return
    buyers = Base.metadata.tables["buyer"]
    newer = bindparam("newer", type_=buyers.c.relay_address.type)
    same = (buyers.c.source == bindparam("of")) & (buyers.c.external_id == bindparam("number"))
    change = update(buyers).where(same, buyers.c.relay_address.is_distinct_from(newer)).values(relay_address=newer)
    session().execute(change, rows)


def _unless_there(model: type[Model]) -> Any:
    make: Any = sqlite.insert if dialect().name == "sqlite" else postgresql.insert
    return make(model.__table__).on_conflict_do_nothing(index_elements=["source", "external_id"])


def _add_lines(fresh: dict[_Key, tuple[str, int]], news: Sequence[Order]) -> None:
    rows = [
        {"purchase_id": fresh[order.key][1], "sku": line.sku, "title": line.title, "qty": line.qty}
        | {"unit_minor": line.unit_minor, "claimed_qty": 0, "version": 1}
        for order in news
        if order.key in fresh
        for line in order.lines
    ]
    if rows:
        session().execute(insert(PurchaseItem), rows)


def _deliver(orders: Sequence[Order], by: Actor, at: datetime) -> int:
    """Write down when orders arrived that were on their way when they came in, also into the histories of their cases.

    A case file is made of what the histories tell: what is new in it must stand there.
    """
    arrived_now: list[int] = []
    for order in orders:
        mine = Purchase.source == order.source, Purchase.external_id == order.external_id
        unknown = Purchase.delivered_at.is_(None), Purchase.content_sha256 == order.fingerprint
        arrived = {"delivered_at": order.delivered_at, "version": Purchase.version + 1}
        change = update(Purchase).where(*mine, *unknown).values(arrived).returning(Purchase.id)
        arrived_now += session().scalars(change.execution_options(synchronize_session=False)).all()
    ask = select(AfterSale.ref, Purchase.delivered_at).join(Purchase)
    cases = session().execute(ask.where(Purchase.id.in_(arrived_now)).order_by(AfterSale.ref)) if arrived_now else ()
    audit.record_all(
        [
            Entry(ref, "order.delivered", at, by, data={"delivered_at": when.isoformat()})  # of no status: none is held
            for ref, when in cases
            if when
        ]
    )
    return len(arrived_now)


def _entry(order: Order, ref: str, by: Actor, at: datetime) -> Entry:
    said = {"source": order.source, "external_id": order.external_id, "content_sha256": order.fingerprint}
    return Entry(ref, "order.imported", at, by, data=said | {"paid_minor": order.paid_minor})
