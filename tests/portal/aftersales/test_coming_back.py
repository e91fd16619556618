"""Goods on their way back: who says that they are there, what is said if nobody does, and a parcel put right."""

import pytest
from sqlalchemy import text

from jobs.sweep import sweep
from portal import Portal, accounts, aftersales, audit
from portal.accounts.models import Person
from portal.aftersales import actions, telling
from portal.aftersales.models import AfterSale
from portal.cli import invariants
from portal.db import end_reading, session, unit_of_work
from portal.policies import body as policy_of
from portal.reader import reading_as
from tests import make
from tests.aftersales import PLATFORM, an_after_sale
from tests.buyer_mails import body, mails_to_buyer, told_buyer
from tests.conftest import Clock
from tests.make import NOON
from tests.portal.aftersales.conftest import Market, a_market, anew
from tests.portal.aftersales.doing import DAY, HOUR, a_case, do, refused, told
from tests.reading import Visitor

PARCEL = {"carrier": "顺丰", "number": "SF1"}


@pytest.fixture
def here(sqlite_app: Portal) -> Market:
    """A shop, where what is said does not depend on the database."""
    with unit_of_work():
        return a_market()


def sent_back(market: Market) -> AfterSale:
    """A case whose goods are on their way back since noon."""
    case = a_case(market, "return_refund")
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    do(actions.ship_back, anew(case), **PARCEL, by=market.buyer(anew(case)), at=NOON)
    return anew(case)


def titles(case: AfterSale, party: str) -> list[str]:
    """What a side reads of the case, the newest first."""
    found = anew(case)
    with reading_as("en", "Asia/Shanghai"):
        return [one.title for one in telling.told(found, party, policy_of(found.policy_version_id).catalogue)]


def test_the_shop_says_that_the_parcel_is_there_and_has_its_time_to_look(market: Market) -> None:
    case = sent_back(market)
    do(actions.arrive, case, by=market.merchant, at=NOON + DAY)
    found = anew(case)
    assert (found.status, found.turn, found.due_at) == ("awaiting_inspection", "merchant", NOON + 3 * DAY)
    assert "aftersale.arrived" not in told(market.shop.id), "its own doing"
    assert told_buyer(case.ref)[-1] == "arrived"
    assert titles(case, "buyer")[0] == "The merchant noted that the parcel is there"
    assert refused(actions.arrive, found, by=market.merchant, at=NOON + DAY).code == "transition_not_allowed"


def test_what_nobody_knows_is_not_said(sqlite_app: Portal, here: Market) -> None:
    case = sent_back(here)
    over = case.due_at
    assert over is not None
    end_reading()
    sweep(over + HOUR / 60)
    found = anew(case)
    assert (found.status, audit.timeline(case.ref)[0].action) == ("awaiting_inspection", "aftersale.watch_over")
    assert (told(here.shop.id)[-1], told_buyer(case.ref)[-1]) == ("aftersale.watch_over", "watch_over")
    assert "arrived" not in {*told(here.shop.id), *told_buyer(case.ref)}
    assert "came back" not in titles(case, "merchant")[0]
    last = mails_to_buyer(sqlite_app, over + DAY)[-1]
    assert ("承运商尚未报告送达" in body(last), "已送达" in body(last)) == (True, False)
    assert list(invariants.faults()) == []


def test_a_parcel_is_put_right_and_its_time_runs_on(market: Market) -> None:
    case = sent_back(market)
    buyer, over = market.buyer(case), case.due_at
    given = {"by": buyer, "at": NOON + DAY}
    assert refused(actions.ship_back, anew(case), **PARCEL, **given).code == "parcel_unchanged"
    do(actions.ship_back, anew(case), carrier="中通", number="ZT2", **given)
    found = anew(case)
    assert (found.status, found.return_carrier, found.return_no, found.due_at) == (
        "return_in_transit", "中通", "ZT2", over,
    )  # fmt: skip
    assert told(market.shop.id)[-2:] == ["aftersale.shipped_back", "aftersale.parcel_corrected"]
    assert [row.ref for row in aftersales.found(market.shop.id, "ZT2")] == [case.ref]
    assert titles(case, "merchant")[0] == "The buyer corrected the return parcel"
    assert list(invariants.faults()) == []
    assert over is not None
    assert refused(actions.ship_back, found, **PARCEL, by=buyer, at=over).code == "too_late"
    do(actions.arrive, anew(case), by=PLATFORM, at=NOON + DAY)
    assert refused(actions.ship_back, anew(case), **PARCEL, **given).code == "transition_not_allowed"


def test_a_row_with_the_parcel_of_before_is_named(here: Market) -> None:
    case = sent_back(here)
    do(actions.ship_back, anew(case), carrier="中通", number="ZT2", by=here.buyer(case), at=NOON)
    with unit_of_work():
        session().execute(text("UPDATE after_sale SET return_no = 'SF1', return_carrier = '顺丰'"))
    assert [fault for fault in invariants.faults() if case.ref in fault]


def seen(case: AfterSale, owner: Person, app: Portal) -> Visitor:
    """The merchant's list of what is to come back."""
    return Visitor(app, owner, htmx=True).open(f"/after-sales?tab={anew(case).tab}")


def test_the_parcel_is_put_right_and_taken_in_on_the_pages(sqlite_app: Portal, now: Clock) -> None:
    with unit_of_work():
        shop = make.a_shop()
        owner = make.a_person("merchant_owner", shop, locale="en")
        case = an_after_sale(shop, "return_refund")
        actions.accept(case, by=make.actor(owner, shop), at=NOON)
        actions.ship_back(case, **PARCEL, by=aftersales.as_buyer(case), at=NOON)
        token = accounts.links.issue("aftersale", case.ref, "buyer", at=NOON)
    buyer = Visitor(sqlite_app)
    buyer.client.set_cookie("language", "en")
    buyer.open(f"/case/{token}")
    assert "Correct the parcel" in buyer.text
    assert (buyer.field("Carrier")["value"], buyer.field("Tracking number")["value"]) == ("顺丰", "SF1")
    buyer.press("Save the parcel")
    assert (buyer.status, "stand there already" in buyer.page.one(id="errsum").text) == (422, True)
    buyer.fill("Tracking number", "SF2").press("Save the parcel")
    assert anew(case).return_no == "SF2"
    merchant = seen(case, owner, sqlite_app).follow("Has it come?").press("The parcel is here")
    assert anew(case).status == "awaiting_inspection"
    merchant = seen(case, owner, sqlite_app).follow("Answer")
    assert "empty parcel, or nothing came" in merchant.text
    assert [b.text for b in merchant.page.all("button") if "as they should" in b.text]
