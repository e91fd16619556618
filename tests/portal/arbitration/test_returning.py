"""Goods that come back after the platform has spoken: what was ruled is not undone by silence."""

import pytest

from jobs.sweep import sweep
from portal import aftersales, arbitration
from portal.aftersales import facts, lifecycle
from portal.aftersales.models import AfterSale
from portal.arbitration.models import Arbitration
from portal.audit import SYSTEM
from portal.db import end_reading, session, unit_of_work
from tests.aftersales import an_after_sale, an_exhibit, an_offer
from tests.arbitration import buyer_of, rule, ruled
from tests.make import NOON
from tests.portal.aftersales.doing import DAY, HOUR, committed, do, told
from tests.portal.arbitration.conftest import Court

PARCEL = {"carrier": "顺丰", "number": "SF1"}


def anew(case: AfterSale) -> AfterSale:
    """The case as the database has it."""
    end_reading()
    return session().get_one(AfterSale, case.id)


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


@pytest.mark.parametrize(("heard", "to"), [(False, "refused"), (True, "refund_pending")])
def test_where_a_negotiation_leads_that_comes_to_nothing(heard: bool, to: str) -> None:
    assert lifecycle.without_agreement(heard_before=heard) == to
    assert to in lifecycle.MOVES["negotiation_over"].targets
