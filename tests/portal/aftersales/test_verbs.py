"""Each verb: what it changes, whom it tells, and what it refuses in one sentence."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import Portal, aftersales, audit, deadlines, messages
from portal.aftersales import actions
from portal.aftersales.models import Offer, Purchase
from portal.db import session
from portal.evidence.models import EvidenceItem
from tests.aftersales import PLATFORM, an_exhibit, an_offer
from tests.make import NOON
from tests.portal.aftersales.conftest import Market, anew
from tests.portal.aftersales.doing import DAY, HOUR, a_case, claimed, committed, do, refused, told


def test_a_request_claims_its_items_and_gives_the_merchant_two_days(market: Market) -> None:
    case = anew(a_case(market))
    assert (case.status, case.tab, case.turn) == ("awaiting_merchant", "to_handle", "merchant")
    assert (case.requested_minor, case.due_at) == (12_000, NOON + 48 * HOUR)
    assert claimed(case) == {"TEA-1": 1, "CUP-1": 0}
    assert committed(case) == 0
    assert aftersales.totals(market.shop.id)["to_handle"] == 1
    assert told(market.shop.id) == ["aftersale.requested"]
    assert [event.action for event in audit.timeline(case.ref)] == ["aftersale.requested"]


def test_an_accepted_refund_is_set_aside_and_closes_when_it_is_paid(market: Market) -> None:
    case = a_case(market)
    do(actions.accept, anew(case), by=market.merchant, at=NOON + HOUR)
    assert (anew(case).status, anew(case).due_at, committed(case)) == ("refund_pending", NOON + HOUR + DAY, 12_000)
    wrong = refused(actions.acknowledge, anew(case), amount_minor=11_999, currency="CNY", by=PLATFORM, at=NOON + DAY)
    assert wrong.code == "other_amount_paid"
    do(actions.acknowledge, anew(case), amount_minor=12_000, currency="CNY", by=PLATFORM, at=NOON + DAY)
    done = anew(case)
    assert (done.status, done.resolution, done.turn, done.closed_at) == ("closed", "refunded", "nobody", NOON + DAY)
    assert (committed(case), claimed(case)["TEA-1"]) == (12_000, 1)
    assert told(market.shop.id) == ["aftersale.requested", "aftersale.refund_due", "aftersale.paid"]


def test_a_return_goes_all_its_way(market: Market) -> None:
    case = a_case(market, "return_refund")
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    assert (anew(case).status, anew(case).turn) == ("awaiting_return", "buyer")
    buyer = market.buyer(anew(case))
    assert (
        refused(actions.ship_back, anew(case), carrier="顺丰", number=" ", by=buyer, at=NOON).code
        == "parcel_incomplete"
    )
    do(actions.ship_back, anew(case), carrier="顺丰", number="SF1", by=buyer, at=NOON)
    do(actions.arrive, anew(case), by=PLATFORM, at=NOON + DAY)
    assert (anew(case).status, anew(case).due_at) == ("awaiting_inspection", NOON + DAY + 48 * HOUR)
    do(actions.confirm, anew(case), by=market.merchant, at=NOON + DAY)
    assert (anew(case).status, committed(case)) == ("refund_pending", 12_000)
    assert [row.ref for row in aftersales.found(market.shop.id, "SF1")] == [case.ref]


def test_damaged_goods_need_a_picture_and_open_the_negotiation(market: Market) -> None:
    case = a_case(market, "return_refund")
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    do(actions.ship_back, anew(case), carrier="顺丰", number="SF1", by=market.buyer(anew(case)), at=NOON)
    do(actions.arrive, anew(case), by=PLATFORM, at=NOON)
    report = {"finding": "damaged", "note": "礼盒压破", "key": "k1", "by": market.merchant, "at": NOON}
    assert refused(actions.report, anew(case), **report).code == "report_needs_evidence"
    assert refused(actions.report, anew(case), **report | {"finding": "ok"}).code == "no_such_finding"
    do(an_exhibit, anew(case), market.merchant)
    do(actions.report, anew(case), **report)
    assert (anew(case).status, anew(case).inspection, anew(case).turn) == ("negotiating", "damaged", "both")
    assert session().scalars(select(EvidenceItem.state)).all() == ["sealed"]
    do(an_offer, anew(case), market.merchant, kind="refund_with_return", amount_minor=6_000)
    do(actions.accept_offer, anew(case), by=market.buyer(anew(case)), at=NOON + HOUR)
    assert (anew(case).status, committed(case)) == ("refund_pending", 6_000)


@pytest.mark.parametrize(("kind", "ends"), [("exchange", "exchanged"), ("reship", "reshipped"), ("repair", "repaired")])
def test_goods_are_sent_instead_of_money(market: Market, kind: str, ends: str) -> None:
    case = a_case(market, kind)
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    if anew(case).status == "awaiting_return":
        do(actions.ship_back, anew(case), carrier="中通", number="Z1", by=market.buyer(anew(case)), at=NOON)
        do(actions.arrive, anew(case), by=PLATFORM, at=NOON)
        do(actions.confirm, anew(case), by=market.merchant, at=NOON)
    assert (anew(case).status, anew(case).tab) == ("awaiting_shipment", "to_handle")
    do(actions.ship, anew(case), carrier="中通", number="Z2", by=market.merchant, at=NOON)
    assert (anew(case).resolution, anew(case).sent_no, committed(case)) == (ends, "Z2", 0)
    assert claimed(case)["TEA-1"] == 1


def test_some_refusals_need_evidence_and_all_need_a_reason_of_the_policy(market: Market) -> None:
    case = a_case(market)
    no = {"note": "商品完好", "key": "k1", "by": market.merchant, "at": NOON}
    assert refused(actions.refuse, anew(case), reason_code="NOPE", **no).code == "no_such_reason"
    assert refused(actions.refuse, anew(case), reason_code="GOODS_IN_ORDER", **no).code == "refusal_needs_evidence"
    do(an_exhibit, anew(case), market.merchant)
    do(actions.refuse, anew(case), reason_code="GOODS_IN_ORDER", **no)
    done = anew(case)
    assert (done.status, done.turn, done.refusal_code) == ("refused", "buyer", "GOODS_IN_ORDER")
    other = a_case(market)
    do(actions.refuse, anew(other), reason_code="AMOUNT_TOO_HIGH", **no | {"key": "k2"})
    assert anew(other).status == "refused"


def test_offers_go_back_and_forth_one_at_a_time(market: Market) -> None:
    case = a_case(market)
    buyer = market.buyer(anew(case))
    do(an_offer, anew(case), market.merchant, amount_minor=3_000)
    assert (anew(case).status, anew(case).turn, anew(case).due_at) == ("negotiating", "buyer", NOON + 72 * HOUR)
    assert refused(an_offer, anew(case), market.merchant).code == "transition_not_allowed"
    terms = aftersales.Terms("partial_refund", 9_000)
    do(actions.counter, anew(case), terms, by=buyer, at=NOON + HOUR)
    assert (anew(case).turn, anew(case).due_at) == ("merchant", NOON + 73 * HOUR)
    do(actions.decline_offer, anew(case), by=market.merchant, at=NOON + HOUR)
    negotiation = deadlines.running("aftersale", case.id, "negotiation")
    assert (anew(case).turn, anew(case).due_at) == ("both", negotiation.due_at)
    do(an_offer, anew(case), buyer, NOON + HOUR, amount_minor=7_000)
    do(actions.withdraw_offer, anew(case), by=buyer, at=NOON + HOUR)
    do(an_offer, anew(case), market.merchant, NOON + HOUR, amount_minor=6_000)
    do(actions.accept_offer, anew(case), by=buyer, at=NOON + 2 * HOUR)
    assert (anew(case).status, anew(case).agreed_minor, committed(case)) == ("refund_pending", 6_000, 6_000)
    statuses = session().scalars(select(Offer.status).order_by(Offer.seq)).all()
    assert statuses == ["countered", "declined", "withdrawn", "accepted"]
    do(actions.acknowledge, anew(case), amount_minor=6_000, currency="CNY", by=PLATFORM, at=NOON + DAY)
    assert anew(case).resolution == "partial"


def test_an_offer_must_make_sense(market: Market) -> None:
    case = a_case(market)
    for kind, amount, code in (
        ("refund", 12_001, "offer_above_request"),
        ("refund", -1, "offer_above_request"),
        ("refund", 0, "offer_amount_missing"),
        ("no_refund", 1, "offer_without_amount"),
        ("gift", 1, "no_such_offer"),
    ):
        terms = aftersales.Terms(kind, amount)
        assert refused(actions.offer, anew(case), terms, by=market.merchant, at=NOON).code == code
    assert anew(case).status == "awaiting_merchant"


def test_agreeing_on_no_refund_closes_and_lets_the_items_go(market: Market) -> None:
    case = a_case(market)
    buyer = market.buyer(case)
    assert refused(an_offer, anew(case), market.merchant, kind="no_refund").code == "refuse_instead"
    do(an_offer, anew(case), buyer, amount_minor=11_000)
    do(actions.counter, anew(case), aftersales.Terms("no_refund"), by=market.merchant, at=NOON)
    do(actions.accept_offer, anew(case), by=buyer, at=NOON)
    assert (anew(case).resolution, claimed(case)["TEA-1"]) == ("no_refund", 0)


def test_a_message_moves_nothing_and_stops_no_clock(market: Market) -> None:
    case = a_case(market)
    before = anew(case).due_at
    assert refused(actions.say, anew(case), "  ", key="m1", by=market.merchant, at=NOON).code == "message_empty"
    do(actions.say, anew(case), "请补充照片", key="m2", by=market.merchant, at=NOON + HOUR)
    do(actions.say, anew(case), "已经发了", key="m3", by=market.buyer(anew(case)), at=NOON + HOUR)
    assert (anew(case).status, anew(case).due_at) == ("awaiting_merchant", before)
    assert deadlines.running("aftersale", case.id, "merchant_response") is not None
    assert told(market.shop.id) == ["aftersale.requested", "aftersale.said"]


def test_a_cancelled_case_lets_its_items_go(market: Market) -> None:
    case = a_case(market)
    do(an_offer, anew(case), market.merchant)
    do(actions.cancel, anew(case), by=market.buyer(anew(case)), at=NOON)
    assert (anew(case).resolution, claimed(case)["TEA-1"]) == ("cancelled", 0)
    assert session().scalars(select(Offer.status)).all() == ["withdrawn"]
    assert deadlines.live("aftersale", case.id) == []
    a_case(market, order=session().get_one(Purchase, case.purchase_id))


def test_whatever_is_late_is_refused_even_if_the_sweep_sleeps(market: Market) -> None:
    case, late = a_case(market), NOON + 48 * HOUR
    no = {"reason_code": "AMOUNT_TOO_HIGH", "note": "", "key": "k"}
    assert refused(actions.accept, anew(case), by=market.merchant, at=late).code == "too_late"
    assert refused(actions.refuse, anew(case), **no, by=market.merchant, at=late).code == "too_late"
    assert refused(an_offer, anew(case), market.merchant, late).code == "too_late"
    do(actions.accept, anew(case), by=market.merchant, at=late - timedelta(microseconds=1))


def test_what_is_ruled_is_what_the_case_goes_on_with(market: Market) -> None:
    rulings = (("partial_refund", 4_000, "refund_pending", None), ("no_refund", 0, "closed", "dismissed"))
    for kind, amount, status, ends in rulings:
        case = a_case(market)
        do(an_offer, anew(case), market.merchant)
        do(actions.enter_arbitration, anew(case), by=market.buyer(anew(case)), at=NOON)
        assert (anew(case).status, anew(case).turn, anew(case).offers[0].status) == (
            "in_arbitration", "platform", "withdrawn",
        )  # fmt: skip
        assert deadlines.live("aftersale", case.id) == []
        do(actions.leave_arbitration, anew(case), aftersales.Terms(kind, amount), by=PLATFORM, at=NOON + DAY)
        assert (anew(case).status, anew(case).resolution, committed(case)) == (status, ends, amount)


def test_a_notice_leads_to_its_case(app: Portal, market: Market) -> None:
    case = a_case(market)
    with app.test_request_context():
        lines = messages.latest(messages.to_shop(market.shop), 5)
        assert [(line.category, line.href) for line in lines] == [("aftersale", f"/after-sales/{anew(case).ref}")]
        assert "¥120.00" in lines[0].body
