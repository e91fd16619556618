"""Goods that come back after the platform has spoken: what was ruled is not undone by silence."""

from datetime import datetime

import pytest

from jobs.sweep import sweep
from portal import aftersales, arbitration
from portal.aftersales import facts, lifecycle
from portal.aftersales.models import AfterSale
from portal.arbitration.models import Arbitration
from portal.audit import SYSTEM
from portal.db import end_reading, unit_of_work
from tests.aftersales import an_after_sale, an_exhibit, an_offer
from tests.arbitration import a_ruling, buyer_of, rule, ruled, under_decision
from tests.make import NOON
from tests.portal.aftersales.conftest import anew
from tests.portal.aftersales.doing import DAY, HOUR, committed, do, told
from tests.portal.arbitration.conftest import Court

PARCEL = {"carrier": "顺丰", "number": "SF1"}


@pytest.fixture
def damaged(court: Court) -> AfterSale:
    """Ruled to be returned and then refunded; what came back is damaged, says the shop."""
    with unit_of_work():
        case = ruled(court.shop, court.merchant, court.reviewer, "return_then_refund").after_sale
    at = NOON + 30 * DAY
    sweep(at)
    assert anew(case).status == "awaiting_return"
    do(aftersales.actions.ship_back, anew(case), **PARCEL, by=aftersales.as_buyer(case), at=at)
    do(aftersales.actions.arrive, anew(case), by=SYSTEM, at=at)
    with unit_of_work():
        an_exhibit(anew(case), court.merchant, at)
    report = {"finding": "damaged", "note": "盒子压破", "key": "r", "by": court.merchant, "at": at}
    do(aftersales.actions.report, anew(case), **report)
    return anew(case)


def test_without_an_agreement_what_was_ruled_stands_and_is_paid(damaged: AfterSale, court: Court) -> None:
    assert (damaged.status, damaged.agreed_minor, committed(damaged)) == ("negotiating", 12_000, 0)
    (foretold,) = facts.coming(damaged, None)
    end_reading()
    sweep(foretold["due_at"] + HOUR)
    found = anew(damaged)
    assert (found.status, found.agreed_minor, committed(found)) == ("refund_pending", 12_000, 12_000)
    assert ("按平台判定" in foretold["then"], told(court.shop.id).count("aftersale.ruling_stands")) == (True, 1)


def test_what_both_agree_on_instead_counts(damaged: AfterSale, court: Court) -> None:
    at = NOON + 31 * DAY
    do(an_offer, damaged, court.merchant, at, amount_minor=5_000)
    do(aftersales.actions.accept_offer, anew(damaged), by=aftersales.as_buyer(damaged), at=at)
    assert (anew(damaged).status, anew(damaged).agreed_minor) == ("refund_pending", 5_000)


def test_goods_that_wait_at_the_shop_need_not_be_sent_back_again(court: Court) -> None:
    with unit_of_work():
        case = an_after_sale(court.shop, "return_refund")
        aftersales.actions.accept(case, by=court.merchant, at=NOON)
        aftersales.actions.ship_back(case, **PARCEL, by=aftersales.as_buyer(case), at=NOON)
        aftersales.actions.arrive(case, by=SYSTEM, at=NOON)
        aftersales.actions.escalate(case, "", key="up", by=court.merchant, at=NOON)
        hearing = arbitration.first_of(case)
        assert isinstance(hearing, Arbitration)
        for side in (court.merchant, buyer_of(hearing)):
            arbitration.actions.finish(hearing, by=side, at=NOON)
        rule(hearing, court.reviewer, "return_then_refund")
    sweep(NOON + 30 * DAY)
    assert anew(case).status == "refund_pending"


@pytest.mark.parametrize(
    ("heard", "remedy", "to"),
    [
        (False, "goods", "refused"),
        (False, "refund", "refused"),
        (True, "refund", "refund_pending"),
        (True, "goods", "awaiting_shipment"),
    ],
)
def test_where_a_negotiation_leads_that_comes_to_nothing(heard: bool, remedy: str, to: str) -> None:
    assert lifecycle.without_agreement(remedy, heard_before=heard) == to
    assert to in lifecycle.MOVES["negotiation_over"].targets


@pytest.fixture
def exchanged(court: Court) -> AfterSale:
    """Ruled to be exchanged, the buyer bearing a third of it; nothing was sent yet."""
    with unit_of_work():
        hearing = under_decision(court.shop, court.merchant, kind="exchange")
        ruling = a_ruling("exchange_or_reship", liability="shared", amounts={"merchant": 8_000, "buyer": 4_000})
        case = rule(hearing, court.reviewer, "exchange_or_reship", ruling=ruling).after_sale
    sweep(NOON + 30 * DAY)
    return anew(case)


def came_back(case: AfterSale, at: datetime) -> None:
    do(aftersales.actions.ship_back, anew(case), **PARCEL, by=aftersales.as_buyer(case), at=at)
    do(aftersales.actions.arrive, anew(case), by=SYSTEM, at=at)


def test_goods_that_were_ruled_are_sent_once_the_old_ones_are_back(exchanged: AfterSale, court: Court) -> None:
    at = NOON + 30 * DAY
    assert (exchanged.status, exchanged.remedy, committed(exchanged)) == ("awaiting_return", "goods", 0)
    came_back(exchanged, at)
    do(aftersales.actions.confirm, anew(exchanged), by=court.merchant, at=at)
    assert anew(exchanged).status == "awaiting_shipment"
    do(aftersales.actions.ship, anew(exchanged), **PARCEL, by=court.merchant, at=at)
    assert (anew(exchanged).resolution, committed(exchanged)) == ("exchanged", 0)


def test_nothing_is_sent_for_goods_that_never_came_back(exchanged: AfterSale) -> None:
    sweep(NOON + 60 * DAY)
    assert (anew(exchanged).resolution, committed(exchanged)) == ("buyer_no_return", 0)


def test_whoever_does_not_send_what_was_ruled_pays_the_share_that_was_ruled(exchanged: AfterSale, court: Court) -> None:
    came_back(exchanged, NOON + 30 * DAY)
    sweep(NOON + 40 * DAY)  # nobody looked at what came back
    assert anew(exchanged).status == "awaiting_shipment"
    sweep(NOON + 60 * DAY)
    found = anew(exchanged)
    assert (found.status, found.remedy, found.agreed_minor, committed(found)) == (
        "refund_pending",
        "refund",
        8_000,
        8_000,
    )


def test_damage_to_what_came_back_does_not_undo_an_exchange_that_was_ruled(exchanged: AfterSale, court: Court) -> None:
    at = NOON + 30 * DAY
    came_back(exchanged, at)
    with unit_of_work():
        an_exhibit(anew(exchanged), court.merchant, at)
    report = {"finding": "damaged", "note": "盒子压破", "key": "r", "by": court.merchant, "at": at}
    do(aftersales.actions.report, anew(exchanged), **report)
    (foretold,) = facts.coming(anew(exchanged), None)
    end_reading()
    sweep(foretold["due_at"] + HOUR)
    assert (anew(exchanged).status, told(court.shop.id).count("aftersale.ship_after_all")) == ("awaiting_shipment", 1)
    assert "发货" in foretold["then"]
