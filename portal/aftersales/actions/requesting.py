"""A buyer asks for something: what is asked must still be there to be given."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import policies
from portal.accounts.models import Shop
from portal.aftersales import claims, lifecycle, queries
from portal.aftersales.actions.moving import Step, take
from portal.aftersales.models import AfterSale, AfterSaleItem, Purchase, PurchaseItem
from portal.aftersales.wishes import Wish
from portal.audit import Actor
from portal.db import session
from portal.refs import new_ref
from portal.refusals import Overtaken, Refused


def request(shop: Shop, order: Purchase, wish: Wish, *, by: Actor, at: datetime) -> AfterSale:
    """Open a case, claim its items, and give the merchant the policy's time to answer.

    The same wish again gives the case that is there. Refused, with nothing changed, when the order is another shop's,
    the currency another one, the reason not one for this kind, the items claimed already, or the amount more than is
    left of what was paid.
    """
    _belongs(order, shop)
    order = queries.locked_orders([order.id])[order.id]
    there = _there(wish)
    if there is not None:
        return _same(there, wish.fingerprint(shop, order.external_id))
    version, picked, amount = granted(shop, order, wish, at)
    case = _case(shop, order, wish, amount, version, at)
    _insert(case, picked)
    if lifecycle.claims(wish.kind):
        claims.claim(picked)
    said = {"kind": case.kind, "reason_code": case.reason_code, "requested_minor": amount, "currency": case.currency}
    said |= {"order_no": case.order_no, "items": [[item.sku, qty] for item, qty in picked]}
    take(Step(case, "requested", "awaiting_merchant", by, at, data=said, tell="aftersale.requested", is_new=True))
    return case


def granted(shop: Shop, order: Purchase, wish: Wish, at: datetime) -> tuple[int, list[tuple[PurchaseItem, int]], int]:
    """The policy's version, the items and the amount of a request that can be opened; else refused. Changes nothing."""
    _belongs(order, shop)
    version = policies.current(shop.policy_code, at).id
    _terms(wish, order, version)
    picked = claims.chosen(order, wish.lines, claims=lifecycle.claims(wish.kind))
    return version, picked, _amount(wish, order, picked)


def _belongs(order: Purchase, shop: Shop) -> None:
    if order.shop_id != shop.id:
        raise Refused("order_of_another_shop", order_no=order.external_id)


def _there(wish: Wish) -> AfterSale | None:
    if not wish.external_id:
        return None
    ask = select(AfterSale).where(AfterSale.source == wish.source, AfterSale.external_id == wish.external_id)
    return session().scalar(ask)


def _same(there: AfterSale, fingerprint: str) -> AfterSale:
    if there.content_sha256 != fingerprint:
        raise Refused("after_sale_differs", ref=there.ref)
    return there


def _terms(wish: Wish, order: Purchase, version: int) -> None:
    policy = policies.aftersales(version)
    if wish.reason_code not in {cause.code for cause in policies.causes(version, wish.kind)}:
        raise Refused("reason_not_for_kind", reason_code=wish.reason_code)
    if wish.currency != order.currency:
        raise Refused("other_currency", currency=order.currency)
    if len(wish.statement) > policy.statement_max:
        raise Refused("statement_too_long", most=policy.statement_max, length=len(wish.statement))


def _amount(wish: Wish, order: Purchase, picked: Sequence[tuple[PurchaseItem, int]]) -> int:
    left = claims.left_to_ask(order)
    price = sum(item.unit_minor * qty for item, qty in picked)
    most = min(left, price + claims.beside_items(order)) if lifecycle.claims(wish.kind) else left
    amount = min(price, left) if wish.amount_minor is None else wish.amount_minor
    if not 1 <= amount <= most:
        code = "no_amount" if amount < 1 else "too_much" if amount > left else "above_items"
        raise Refused(code, left_minor=most if code == "above_items" else left, currency=order.currency)
    return amount


def _case(shop: Shop, order: Purchase, wish: Wish, amount: int, version: int, at: datetime) -> AfterSale:
    ref = new_ref("AS", at)
    return AfterSale(
        ref=ref,
        source=wish.source,
        external_id=wish.external_id or ref,
        content_sha256=wish.fingerprint(shop, order.external_id),
        shop_id=shop.id,
        purchase_id=order.id,
        order_no=order.external_id,
        kind=wish.kind,
        reason_code=wish.reason_code,
        requested_minor=amount,
        currency=order.currency,
        buyer_statement=wish.statement,
        policy_version_id=version,
        opened_at=wish.opened_at or at,
        imported_at=at,
        moved_at=at,
        status="awaiting_merchant",
        tab="to_handle",
    )


def _insert(case: AfterSale, picked: Sequence[tuple[PurchaseItem, int]]) -> None:
    parts = claims.shares(case.requested_minor, picked)
    case.items = [
        AfterSaleItem(purchase_item_id=item.id, qty=qty, amount_minor=part)
        for (item, qty), part in zip(picked, parts, strict=True)
    ]
    session().add(case)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
