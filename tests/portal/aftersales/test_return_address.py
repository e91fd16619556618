"""Where goods go back to: the owner says it, the buyer who is to send them reads it unmasked, and nobody else does."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from portal import Portal, accounts, audit
from portal.accounts.models import Person, Shop
from portal.aftersales import actions, as_buyer, whereto
from portal.aftersales.models import AfterSale
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Notice
from tests import make
from tests.aftersales import an_after_sale, an_offer
from tests.buyer_mails import body, mails_to_buyer
from tests.conftest import Clock
from tests.make import NOON
from tests.portal.aftersales.conftest import anew
from tests.portal.aftersales.doing import do
from tests.reading import Visitor

PLACE = "杭州市茶园路 18 号 <b>\n岚山售后 13800138000"
LINE = PLACE.replace("\n", ", ")
PAGE = "/after-sales/return-address"


@dataclass
class Sides:
    """A shop with its owner, and the link of the buyer of its one case."""

    app: Portal
    shop: Shop
    owner: Person
    case: AfterSale
    token: str

    def merchant(self, url: str = "") -> Visitor:
        """The owner before the case, or another page."""
        return Visitor(self.app, self.owner).open(url or f"/after-sales/{self.case.ref}")

    def buyer(self) -> Visitor:
        """The buyer before the case."""
        visitor = Visitor(self.app)
        visitor.client.set_cookie("language", "en")
        return visitor.open(f"/case/{self.token}")

    def accept(self) -> None:
        """The shop agrees to take the goods back."""
        do(actions.accept, anew(self.case), by=make.actor(self.owner, self.shop), at=NOON)


def between(app: Portal, kind: str = "return_refund", **fields: str) -> Sides:
    with unit_of_work():
        shop = make.a_shop(**fields)
        owner = make.a_person("merchant_owner", shop, locale="en")
        case = an_after_sale(shop, kind)
        return Sides(app, shop, owner, case, accounts.links.issue("aftersale", case.ref, "buyer", at=NOON))


@pytest.fixture
def sides(sqlite_app: Portal, now: Clock) -> Sides:
    """A shop that has an address, and a request to send something back."""
    return between(sqlite_app, return_address=PLACE)


@pytest.fixture
def nowhere(sqlite_app: Portal, now: Clock) -> Sides:
    """The same without one."""
    return between(sqlite_app)


def address_of(shop: Shop) -> str | None:
    end_reading()
    return session().scalar(select(Shop.return_address).where(Shop.id == shop.id))


def test_the_owner_says_where_and_the_buyer_reads_it(app: Portal, now: Clock) -> None:
    here = between(app)
    here.merchant().follow("Enter the return address").fill("Return address", f"  {PLACE}\r\n\r\n ").press("Save")
    assert address_of(here.shop) == PLACE
    here.accept()
    assert here.buyer().page.one("p", **{"class": "pre"}).text == " ".join(PLACE.split())
    end_reading()
    [noted] = [event for event in audit.timeline("accounts", ("platform",)) if "return_address" in event.action]
    assert (noted.actor, PLACE in str(noted.data)) == (here.owner.pseudonym, False)


def test_only_who_is_to_send_the_goods_back_is_shown_the_address_and_the_shop_before(sides: Sides) -> None:
    assert "13800138000" in sides.merchant().text
    assert "13800138000" not in sides.buyer().text
    sides.accept()
    assert "13800138000" in sides.merchant().text
    assert "13800138000" in sides.buyer().text
    do(actions.ship_back, anew(sides.case), carrier="顺丰", number="SF1", by=as_buyer(sides.case), at=NOON)
    assert "13800138000" not in sides.buyer().text + sides.merchant().text


def test_a_message_with_the_address_stays_masked(sides: Sides) -> None:
    do(actions.say, anew(sides.case), PLACE, key="a", by=make.actor(sides.owner, sides.shop), at=NOON)
    assert "13800138000" not in sides.buyer().text


def test_a_shop_without_an_address_is_told_and_its_buyer_too(nowhere: Sides) -> None:
    for url in ("", "/"):
        assert nowhere.merchant(url).follow("Enter the return address").page.one("h1").text == "Return address"
    nowhere.accept()
    assert "has not given a return address yet" in nowhere.buyer().text
    with unit_of_work():
        agent = make.a_person("merchant_agent", session().merge(nowhere.shop), locale="en")
    assert "The owner of the shop can enter it" in Visitor(nowhere.app, agent).open("/").text
    do(accounts.actions.set_return_address, session().get_one(Shop, nowhere.shop.id), PLACE, at=NOON)
    assert "no return address" not in nowhere.merchant("/").text


def test_an_offer_that_asks_for_the_goods_shows_the_shop_what_the_buyer_will_see(sides: Sides) -> None:
    plain = between(sides.app, "refund_only", return_address=PLACE)
    assert "13800138000" not in plain.merchant().text
    do(an_offer, anew(plain.case), as_buyer(plain.case), kind="refund_with_return")
    assert "13800138000" in plain.merchant().text
    assert "13800138000" not in plain.buyer().text


def test_what_is_too_long_or_was_changed_meanwhile_is_kept_and_said(sides: Sides) -> None:
    page = sides.merchant(PAGE)
    page.fill("Return address", "长" * 301).press("Save")
    assert (page.status, "300 characters at most; there are 301" in page.page.one(id="errsum").text) == (422, True)
    page.fill("Return address", "新地址")
    do(accounts.actions.set_return_address, session().get_one(Shop, sides.shop.id), "别处", at=NOON)
    page.press("Save")
    assert (page.status, "别处" in page.text, page.field("Return address").text) == (409, True, "新地址")
    assert address_of(sides.shop) == "别处"
    page.press("Save")
    assert address_of(sides.shop) == "新地址"


@pytest.mark.parametrize("given", [PLACE, ""])
def test_the_mail_that_asks_for_the_goods_says_where_to(sqlite_app: Portal, now: Clock, given: str) -> None:
    here = between(sqlite_app, return_address=given)
    here.accept()
    first, asks = mails_to_buyer(sqlite_app)
    assert (f"请寄至：{LINE}" in body(asks)) == bool(given)
    assert ("尚未提供退货地址" in body(asks)) == (not given)
    assert LINE not in body(first)
    assert "<b>" not in body(asks, "html")
    end_reading()
    kept = session().execute(select(Notice.recipient, Notice.params)).all()
    assert {to.partition(":")[0] for to, params in kept if "13800138000" in str(params)} <= {"guest"}


def test_a_notice_from_before_says_what_it_said() -> None:
    assert whereto.added("Please send the goods back.", {"status": "awaiting_return"}) == "Please send the goods back."
