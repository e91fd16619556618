"""Orders and after-sales cases for tests: real rows, made by the real verbs."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal import aftersales, penalties
from portal.accounts.models import Shop
from portal.aftersales import Order, Wish, actions
from portal.aftersales.models import AfterSale, Offer, Purchase
from portal.aftersales.orders import Customer, Line
from portal.audit import SYSTEM, Actor
from portal.db import session
from portal.evidence import bring
from portal.penalties.models import Penalty
from tests.make import NOON, _numbers, a_picture

PLATFORM = Actor("marketplace", "api_client")
TEA, CUP = Line("TEA-1", "春茶礼盒 250 克", 2, 12_000), Line("CUP-1", "白瓷盖碗", 1, 6_000)


def a_purchase(shop: Shop, at: datetime = NOON, **fields: Any) -> Purchase:
    """An order of two tea boxes and a cup, CNY 300 in all."""
    number = next(_numbers)
    customer = fields.pop("customer", Customer(f"buyer-{number}", "林**", f"b{number}@relay.example"))
    given = {"placed_at": at, "paid_minor": 30_000, "lines": (TEA, CUP), "external_id": f"6930{number:08}"}
    order = Order(shop=shop, customer=customer, **given | fields)
    actions.mirror_all([order], by=SYSTEM, at=at)
    return aftersales.order_of(order.source, order.external_id)


def a_wish(kind: str = "refund_only", **fields: Any) -> Wish:
    """One tea box, for the money it cost."""
    reasons = {"compensation": "PRICE_DROP", "reship": "MISSING_PARTS", "repair": "QUALITY_DEFECT"}
    given = {"reason_code": reasons.get(kind, "QUALITY_DEFECT"), "currency": "CNY", "lines": (("TEA-1", 1),)}
    return Wish(kind=kind, **given | fields)


def an_after_sale(
    shop: Shop, kind: str = "refund_only", at: datetime = NOON, order: Purchase | None = None, **fields: Any
) -> AfterSale:
    """A request that waits for the merchant."""
    order = order or a_purchase(shop, at)
    return actions.request(shop, order, a_wish(kind, **fields), by=SYSTEM, at=at)


def an_offer(
    case: AfterSale, by: Actor, at: datetime = NOON, kind: str = "partial_refund", amount_minor: int = 5_000
) -> Offer:
    """An offer that waits for an answer."""
    amount_minor = 0 if kind in ("no_refund", "replacement") else amount_minor
    return actions.offer(case, aftersales.Terms(kind, amount_minor, "愿意补偿一部分"), by=by, at=at)


def settle(case: AfterSale, by: Actor, at: datetime = NOON) -> None:
    """The shop offers, and the buyer accepts."""
    an_offer(case, by, at)
    actions.accept_offer(case, by=aftersales.as_buyer(case), at=at)


def an_exhibit(case: AfterSale, by: Actor, at: datetime = NOON) -> None:
    """A picture that this side will hand in with its next act."""
    actions.attach(case, bring(a_picture((9, next(_numbers) % 256, 60)), "实物.jpg"), by=by, at=at)


def not_carried_out(refund: str, penalty: str, at: datetime = NOON) -> None:
    """The marketplace could not do what was decided in these two cases."""
    case = session().scalars(select(AfterSale).where(AfterSale.ref == refund)).one()
    actions.fail_payment(case, why="买家的账户 6222020200112233445 已注销，款项退回", by=PLATFORM, at=at)
    found = session().scalars(select(Penalty).where(Penalty.ref == penalty)).one()
    penalties.executed(found, failed="罚款已划出", by=PLATFORM, at=at)
