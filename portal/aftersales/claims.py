"""What of an order is claimed, promised or given back: every figure of `purchase` and its items changes here."""

from collections.abc import Iterable, Sequence

from portal.aftersales import lifecycle, queries
from portal.aftersales.models import AfterSale, Purchase, PurchaseItem
from portal.db import session
from portal.refusals import Refused

Line = tuple[str, int]
"""A sku, and how many pieces of it."""


def left_to_ask(order: Purchase) -> int:
    """How much of what was paid is neither given back nor asked for."""
    return order.paid_minor - order.committed_minor - queries.asked_for(order.id)


def beside_items(order: Purchase) -> int:
    """What was paid beside the items themselves, such as for sending them."""
    return max(0, order.paid_minor - sum(item.unit_minor * item.qty for item in order.items))


def chosen(order: Purchase, lines: Sequence[Line], *, claims: bool) -> list[tuple[PurchaseItem, int]]:
    """The items a request is about: those it names, else all that can still be claimed.

    Refused with `no_such_item`, `item_claimed` or `nothing_left`.
    """
    items = {item.sku: item for item in order.items}
    wanted = list(lines) or [(item.sku, _left(item) if claims else item.qty) for item in order.items]
    picked = [(_item(items, sku), qty) for sku, qty in wanted if qty or lines]
    if not picked:
        raise Refused("nothing_left")
    for item, qty in picked:
        if not 1 <= qty <= (_left(item) if claims else item.qty):
            raise Refused("item_claimed", sku=item.sku, count=_left(item))
    if len({item.id for item, _qty in picked}) != len(picked):
        raise Refused("item_twice")
    return picked


def shares(amount_minor: int, picked: Sequence[tuple[PurchaseItem, int]]) -> list[int]:
    """The amount spread over the items by what they cost, to the last unit."""
    weights = [item.unit_minor * qty for item, qty in picked]
    whole = sum(weights) or len(weights)
    weights = weights if sum(weights) else [1] * len(weights)
    parts = [amount_minor * weight // whole for weight in weights]
    parts[0] += amount_minor - sum(parts)
    return parts


def claim(picked: Iterable[tuple[PurchaseItem, int]]) -> None:
    """Nobody else can claim these pieces as long as the case stands."""
    for item, qty in picked:
        item.claimed_qty += qty


def settle(promised: Sequence[AfterSale], released: Sequence[AfterSale]) -> None:
    """Set aside what has become due as a refund, and let go of the items of cases that ended without help.

    The orders are locked, so that what is promised never exceeds what was paid; refused with `too_much`.
    """
    released = [case for case in released if lifecycle.claims(case.kind)]
    orders = (
        queries.locked_orders({case.purchase_id for case in [*promised, *released]}) if promised or released else {}
    )
    for case in promised:
        order, amount = orders[case.purchase_id], case.agreed_minor or 0
        if order.committed_minor + amount > order.paid_minor:
            left = order.paid_minor - order.committed_minor
            raise Refused("too_much", left_minor=left, currency=order.currency)
        order.committed_minor += amount
    for case in released:
        for line in case.items:
            line.item.claimed_qty -= line.qty
    session().flush()


def _item(items: dict[str, PurchaseItem], sku: str) -> PurchaseItem:
    if sku not in items:
        raise Refused("no_such_item", sku=sku)
    return items[sku]


def _left(item: PurchaseItem) -> int:
    return item.qty - item.claimed_qty
