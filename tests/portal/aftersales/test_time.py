"""What time alone does: by the policy, stamped with the due instant, told before, and never twice."""

import itertools
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import Portal, aftersales, audit, deadlines, policies
from portal.aftersales import actions, ahead, lifecycle, onward
from portal.aftersales.models import AfterSale
from portal.cli import invariants
from portal.db import session, unit_of_work
from portal.messages.models import Notice
from portal.text import WORDS
from tests import make
from tests.aftersales import PLATFORM, an_after_sale, an_offer
from tests.buyer_mails import told_buyer
from tests.make import NOON
from tests.portal.aftersales.conftest import Market, anew
from tests.portal.aftersales.doing import DAY, HOUR, a_case, claimed, committed, do, told
from tests.portal.policies.test_contents import ABROAD, DOUYIN, EUROPE

SECONDS = timedelta(seconds=10)
MANY = 40


def let_pass(case: AfterSale) -> datetime:
    """Let the time that the case shows run out; the instant at which it did."""
    due_at = anew(case).due_at
    assert due_at is not None
    session().rollback()
    assert sweep(due_at + SECONDS - timedelta(microseconds=1)).expired == 0
    swept = sweep(due_at + SECONDS)
    assert (swept.expired, swept.set_aside) == (1, 0)
    assert list(invariants.faults()) == []
    assert audit.timeline(case.ref)[0].at == due_at
    return due_at


def refused_case(market: Market) -> AfterSale:
    case = a_case(market)
    no = {"reason_code": "AMOUNT_TOO_HIGH", "note": "", "key": case.ref}
    do(actions.refuse, anew(case), **no, by=market.merchant, at=NOON)
    return case


def returned_case(market: Market, kind: str = "return_refund") -> AfterSale:
    case = a_case(market, kind)
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    do(actions.ship_back, anew(case), carrier="顺丰", number="SF1", by=market.buyer(anew(case)), at=NOON)
    return case


@pytest.mark.parametrize(
    ("kind", "status", "promised"),
    [
        ("refund_only", "refund_pending", 12_000),
        ("return_refund", "awaiting_return", 0),
        ("reship", "awaiting_shipment", 0),
    ],
)
def test_a_silent_merchant_has_agreed_where_the_policy_says_so(
    abroad: Market, kind: str, status: str, promised: int
) -> None:
    case = a_case(abroad, kind)
    let_pass(case)
    assert (anew(case).status, committed(case)) == (status, promised)
    assert "aftersale.merchant_silent" in told(abroad.shop.id)


def test_a_silent_merchant_goes_to_the_platform_where_the_policy_says_so(market: Market) -> None:
    case = a_case(market)
    let_pass(case)
    assert (anew(case).status, committed(case)) == ("in_arbitration", 0)


def test_without_an_arbitration_the_silent_merchants_case_is_set_aside_and_can_be_taken_up(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onward, "REGISTERED", [])
    case = a_case(market)
    due_at = anew(case).due_at
    session().rollback()
    assert due_at is not None
    swept = sweep(due_at + SECONDS)
    assert (swept.expired, swept.set_aside) == (0, 1)
    assert (deadlines.left_aside()[0].set_aside_why or "").startswith("NoArbitrationError: AS-")
    assert (anew(case).status, committed(case)) == ("awaiting_merchant", 0)
    monkeypatch.undo()
    with unit_of_work():
        deadlines.take_up_again(deadlines.left_aside())
    assert sweep(due_at + timedelta(hours=1)).expired == 1
    assert anew(case).status == "in_arbitration"


def test_a_case_that_is_set_aside_keeps_nobody_else_waiting(
    market: Market, abroad: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onward, "REGISTERED", [])
    first, second = a_case(market), a_case(abroad)
    session().rollback()
    swept = sweep(NOON + 3 * DAY)
    assert (swept.expired, swept.set_aside) == (1, 1)
    assert (anew(first).status, anew(second).status) == ("awaiting_merchant", "refund_pending")


def test_an_unanswered_offer_lapses_and_the_negotiation_goes_on(market: Market) -> None:
    case = a_case(market)
    do(an_offer, anew(case), market.merchant)
    let_pass(case)
    assert (anew(case).status, anew(case).turn) == ("negotiating", "both")
    assert anew(case).offers[0].status == "expired"
    negotiation = deadlines.running("aftersale", case.id, "negotiation")
    assert negotiation is not None
    assert anew(case).due_at == negotiation.due_at


def test_no_agreement_counts_as_refused_and_then_closes(market: Market) -> None:
    case = a_case(market)
    do(an_offer, anew(case), market.merchant)
    do(actions.decline_offer, anew(case), by=market.buyer(anew(case)), at=NOON + HOUR)
    do(an_offer, anew(case), market.merchant, NOON + 7 * DAY)
    let_pass(case)
    assert (anew(case).status, anew(case).turn) == ("refused", "buyer")
    assert [offer.status for offer in anew(case).offers] == ["declined", "expired"]
    let_pass(case)
    assert (anew(case).resolution, claimed(case)["TEA-1"]) == ("no_escalation", 0)
    assert deadlines.live("aftersale", case.id) == []


def test_a_refusal_that_nobody_takes_further_closes_the_case(market: Market) -> None:
    case = refused_case(market)
    closed_at = let_pass(case)
    assert (anew(case).resolution, anew(case).closed_at) == ("no_escalation", closed_at)


def test_goods_that_never_come_back_close_the_case(market: Market) -> None:
    case = a_case(market, "return_refund")
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    let_pass(case)
    assert (anew(case).resolution, committed(case)) == ("buyer_no_return", 0)


@pytest.mark.parametrize(("kind", "status"), [("return_refund", "refund_pending"), ("exchange", "awaiting_shipment")])
def test_goods_that_nobody_looks_at_count_as_they_should_be(market: Market, kind: str, status: str) -> None:
    case = returned_case(market, kind)
    let_pass(case)
    assert anew(case).status == "awaiting_inspection"
    let_pass(case)
    assert (anew(case).status, anew(case).inspection) == (status, "ok")


def test_who_does_not_send_the_goods_pays_or_answers_to_the_platform(abroad: Market, market: Market) -> None:
    for here, status, promised in ((abroad, "refund_pending", 12_000), (market, "in_arbitration", 0)):
        case = a_case(here, "reship")
        do(actions.accept, anew(case), by=here.merchant, at=NOON)
        let_pass(case)
        assert (anew(case).status, committed(case)) == (status, promised)


def test_what_the_page_foretells_is_what_the_sweep_does(abroad: Market) -> None:
    case = anew(a_case(abroad, "return_refund"))
    policy = policies.aftersales(case.policy_version_id)
    standing = aftersales.Standing(case.status, case.kind, case.remedy)
    assert case.due_at is not None
    (told_before,) = aftersales.defaults(standing, {"merchant_response": case.due_at}, policy)
    assert "48" in aftersales.foretold(told_before)
    let_pass(case)
    assert anew(case).status == told_before.outcome


def test_every_default_has_a_sentence() -> None:
    said = WORDS["aftersale.ahead"]
    for policy in (DOUYIN.aftersales, EUROPE.aftersales, ABROAD.aftersales):
        assert policy is not None
        for status, kind, heard in itertools.product(lifecycle.CLOCKS, lifecycle.KINDS, (False, True)):
            standing = aftersales.Standing(status, kind, lifecycle.remedy_of(kind), "buyer", heard)
            for clock in lifecycle.clocks(status, "buyer"):
                assert f"{clock}:{ahead.outcome(standing, clock, policy)}" in said


def test_a_shop_is_reminded_of_its_turn_and_of_nothing_else(market: Market) -> None:
    case, other = a_case(market), a_case(market)
    do(an_offer, anew(other), market.merchant)
    session().rollback()
    for hours in (24, 3):
        sweep(NOON + 48 * HOUR - hours * HOUR)
    assert told(market.shop.id).count("aftersale.reminder") == 2
    assert anew(case).status == "awaiting_merchant"


def test_a_sweep_that_slept_gives_the_next_party_its_full_time(market: Market) -> None:
    case = a_case(market, "return_refund")
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    do(actions.ship_back, anew(case), carrier="顺丰", number="SF1", by=market.buyer(anew(case)), at=NOON)
    woke = NOON + 30 * DAY
    session().rollback()
    assert sweep(woke).expired == 1
    assert (anew(case).status, anew(case).due_at) == ("awaiting_inspection", woke + 48 * HOUR)


def test_many_cases_run_out_in_one_sweep(app: Portal, abroad: Market) -> None:
    with unit_of_work():
        cases = [an_after_sale(abroad.shop).id for _ in range(MANY)]
    swept = sweep(NOON + 3 * DAY)
    assert (swept.expired, swept.set_aside) == (MANY, 0)
    session().rollback()
    assert {session().get_one(AfterSale, key).status for key in cases} == {"refund_pending"}
    assert list(invariants.faults()) == []


def test_a_refund_that_nobody_confirms_wakes_the_leads(market: Market) -> None:
    with unit_of_work():
        lead = make.a_person("lead")
    case = a_case(market)
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    assert let_pass(case) == NOON + DAY
    assert (anew(case).status, anew(case).due_at) == ("refund_pending", None)
    session().rollback()
    assert sweep(NOON + 9 * DAY).expired == 0
    waking = select(Notice.template).where(Notice.recipient == f"person:{lead.id}")
    assert list(session().scalars(waking)) == ["aftersale.not_paid"]
    do(actions.acknowledge, anew(case), amount_minor=12_000, currency="CNY", by=PLATFORM, at=NOON + 3 * DAY)
    assert anew(case).resolution == "refunded"
    assert "aftersale.not_paid" not in told(market.shop.id)
    assert told(market.shop.id).count("aftersale.refund_late") == 1
    assert told_buyer(case.ref)[-2:] == ["not_paid", "paid"]
