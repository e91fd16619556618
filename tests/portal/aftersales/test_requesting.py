"""Asking for something: only what is there to be given, once."""

from portal import guards
from portal.aftersales import actions
from portal.aftersales.models import Purchase
from portal.audit import SYSTEM
from portal.db import session, unit_of_work
from tests.aftersales import PLATFORM, a_purchase, a_wish
from tests.make import NOON
from tests.portal.aftersales.conftest import Market, anew
from tests.portal.aftersales.doing import DAY, a_case, claimed, do, refused


def test_what_is_asked_must_be_there_to_be_given(market: Market) -> None:
    case = a_case(market)
    order = session().get_one(Purchase, case.purchase_id)
    for wish, code in (
        (a_wish(lines=(("TEA-1", 2),)), "item_claimed"),
        (a_wish(lines=(("TEA-1", 0),)), "item_claimed"),
        (a_wish(lines=(("CUP-1", 1), ("CUP-1", 1))), "item_twice"),
        (a_wish(lines=(("NOPE", 1),)), "no_such_item"),
        (a_wish(currency="EUR"), "other_currency"),
        (a_wish(amount_minor=18_001), "too_much"),
        (a_wish(lines=(("CUP-1", 1),), amount_minor=6_001), "above_items"),
        (a_wish(amount_minor=0), "no_amount"),
        (a_wish(reason_code="PRICE_DROP"), "reason_not_for_kind"),
        (a_wish("gift"), "reason_not_for_kind"),
        (a_wish(statement="字" * 501), "statement_too_long"),
    ):
        assert refused(actions.request, market.shop, order, wish, by=SYSTEM, at=NOON).code == code
    with unit_of_work():
        a_case_of_all = actions.request(market.shop, order, a_wish(lines=()), by=SYSTEM, at=NOON)
    assert anew(a_case_of_all).requested_minor == 18_000
    assert refused(actions.request, market.shop, order, a_wish(lines=()), by=SYSTEM, at=NOON).code == "nothing_left"
    assert sum(item.amount_minor for item in anew(a_case_of_all).items) == 18_000


def test_an_order_of_another_shop_is_none_of_this_shops_business(market: Market, abroad: Market) -> None:
    with unit_of_work():
        order = a_purchase(abroad.shop)
    code = refused(actions.request, market.shop, order, a_wish(), by=SYSTEM, at=NOON).code
    assert code == "order_of_another_shop"


def test_the_same_request_again_is_the_one_that_is_there(market: Market) -> None:
    with unit_of_work():
        order = a_purchase(market.shop)
        wish = a_wish(source="erp", external_id="AS-1")
        first = actions.request(market.shop, order, wish, by=SYSTEM, at=NOON)
    again = do(actions.request, market.shop, order, wish, by=SYSTEM, at=NOON + DAY)
    assert again.id == first.id
    other = a_wish(source="erp", external_id="AS-1", amount_minor=1)
    assert refused(actions.request, market.shop, order, other, by=SYSTEM, at=NOON).code == "after_sale_differs"


def test_a_compensation_leaves_the_items_free(market: Market) -> None:
    case = a_case(market, "compensation", amount_minor=1_000)
    assert claimed(case)["TEA-1"] == 0
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    do(actions.acknowledge, anew(case), amount_minor=1_000, currency="CNY", by=PLATFORM, at=NOON)
    assert anew(case).resolution == "compensated"
    assert guards.tallied(f"shop:{market.shop.id}")["aftersale:completed"] == 1
