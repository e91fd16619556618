"""What was ruled stays ruled, whatever the buyer leaves undone; and goods never stay with the shop for nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import aftersales, arbitration
from portal.aftersales.models import AfterSale
from portal.arbitration.models import Arbitration
from portal.audit import SYSTEM
from portal.cli import invariants
from portal.db import session, unit_of_work
from portal.messages.models import Notice
from portal.refusals import Refused
from tests.aftersales import a_purchase, an_after_sale, an_exhibit
from tests.arbitration import a_ruling, buyer_of, rule, under_decision
from tests.buyer_mails import told_buyer
from tests.make import NOON
from tests.portal.aftersales.conftest import anew
from tests.portal.aftersales.doing import DAY, committed, do, told
from tests.portal.arbitration.conftest import Court

SECONDS = timedelta(seconds=11)
PARCEL = {"carrier": "顺丰", "number": "SF1"}
TEAS = (("TEA-1", 2),)


@pytest.fixture
def to_return(court: Court) -> AfterSale:
    """Both bear something, and what the buyer gets is paid once the goods are back."""
    with unit_of_work():
        order = a_purchase(court.shop)
        hearing = under_decision(court.shop, court.merchant, kind="return_refund", order=order, lines=TEAS)
        amounts = {"merchant": 14_000, "buyer": 10_000}
        ruling = a_ruling("return_then_refund", liability="shared", amounts=amounts)
        case = rule(hearing, court.reviewer, "return_then_refund", ruling=ruling).after_sale
    sweep(NOON + 30 * DAY)
    assert anew(case).status == "awaiting_return"
    return anew(case)


@pytest.mark.parametrize("ends", ["cancelled", "buyer_no_return"])
def test_who_lets_go_of_what_was_ruled_can_not_ask_for_the_same_pieces_again(
    court: Court, to_return: AfterSale, ends: str
) -> None:
    at = NOON + 31 * DAY
    if ends == "cancelled":
        do(aftersales.actions.cancel, to_return, by=aftersales.as_buyer(to_return), at=at)
    sweep(at + 30 * DAY)
    assert (anew(to_return).resolution, committed(to_return)) == (ends, 0)
    with pytest.raises(Refused, match="item_claimed"), unit_of_work():
        an_after_sale(court.shop, order=anew(to_return).purchase, lines=(("TEA-1", 1),))
    assert list(invariants.faults()) == []


@pytest.fixture
def at_the_shop(court: Court) -> AfterSale:
    """Ruled for the shop while the goods were there to be looked at."""
    with unit_of_work():
        case = an_after_sale(court.shop, "return_refund")
        buyer = aftersales.as_buyer(case)
        aftersales.actions.accept(case, by=court.merchant, at=NOON)
        aftersales.actions.ship_back(case, **PARCEL, by=buyer, at=NOON)
        aftersales.actions.arrive(case, by=SYSTEM, at=NOON)
        aftersales.actions.escalate(case, "", key="up", by=court.merchant, at=NOON)
        hearing = arbitration.first_of(case)
        assert isinstance(hearing, Arbitration)
        for side in (court.merchant, buyer_of(hearing)):
            arbitration.actions.finish(hearing, by=side, at=NOON)
        rule(hearing, court.reviewer, "claim_rejected")
    sweep(NOON + 30 * DAY)
    return anew(case)


def test_goods_for_which_nothing_is_paid_go_back_to_the_buyer(court: Court, at_the_shop: AfterSale) -> None:
    assert (at_the_shop.status, at_the_shop.remedy) == ("awaiting_shipment", "none")
    assert "aftersale.ship_due" in told(court.shop.id)
    do(aftersales.actions.ship, at_the_shop, **PARCEL, by=court.merchant, at=NOON + 30 * DAY)
    assert (anew(at_the_shop).resolution, committed(at_the_shop)) == ("dismissed", 0)
    assert told_buyer(at_the_shop.ref)[-1] == "shipped"
    assert list(invariants.faults()) == []


@pytest.mark.parametrize("came", ["nothing", "nobody knows"])
def test_a_shop_that_has_nothing_of_the_buyer_sends_nothing(court: Court, came: str) -> None:
    with unit_of_work():
        case = an_after_sale(court.shop, "return_refund")
        aftersales.actions.accept(case, by=court.merchant, at=NOON)
        aftersales.actions.ship_back(case, **PARCEL, by=aftersales.as_buyer(case), at=NOON)
    if came == "nothing":
        do(aftersales.actions.arrive, anew(case), by=SYSTEM, at=NOON)
        with unit_of_work():
            an_exhibit(anew(case), court.merchant, NOON)
        report = {"finding": "empty", "note": "空包裹", "key": "r", "by": court.merchant, "at": NOON}
        do(aftersales.actions.report, anew(case), **report)
        at = NOON
    else:
        at = anew(case).due_at
        sweep(at + SECONDS)
    with unit_of_work():
        case = session().get_one(AfterSale, case.id)
        aftersales.actions.escalate(case, "", key="up", by=court.merchant, at=at + SECONDS)
        hearing = arbitration.first_of(case)
        assert isinstance(hearing, Arbitration)
        for side in (court.merchant, buyer_of(hearing)):
            arbitration.actions.finish(hearing, by=side, at=at + SECONDS)
        rule(hearing, court.reviewer, "claim_rejected", at + SECONDS)
    sweep(at + 30 * DAY)
    assert (anew(case).status, anew(case).resolution, committed(case)) == ("closed", "dismissed", 0)
    assert list(invariants.faults()) == []


def test_who_keeps_the_goods_pays_for_them(at_the_shop: AfterSale) -> None:
    sweep(NOON + 60 * DAY)
    found = anew(at_the_shop)
    assert (found.status, found.agreed_minor, committed(found)) == ("refund_pending", 12_000, 12_000)
    assert list(invariants.faults()) == []


def test_the_last_word_says_that_goods_go_back_first_also_where_another_ruling_applies(court: Court) -> None:
    with unit_of_work():
        hearing = under_decision(court.shop, court.merchant, kind="exchange")
        rule(hearing, court.reviewer, "refund_full")
        arbitration.actions.appealed(hearing, by=court.merchant, at=NOON)
        arbitration.actions.conclude(hearing, a_ruling("exchange_or_reship"), by=court.other, at=NOON)
    ask = select(Notice.params).where(Notice.template == "arbitration.final")
    said = session().scalars(ask).one()
    assert (said["outcome"], said["goods_first"], anew(hearing.after_sale).status) == (
        "exchange_or_reship",
        True,
        "awaiting_return",
    )
