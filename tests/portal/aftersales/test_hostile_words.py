"""Whatever a side writes is shown to the other as what it is, or refused; it never adds an element to a page."""

import re

import pytest

from portal import Portal, accounts
from portal.accounts.models import Person
from portal.aftersales.models import AfterSale
from portal.aftersales.telling import messages_of
from portal.db import end_reading, session, unit_of_work
from tests import make
from tests.aftersales import an_after_sale
from tests.conftest import NOON, Clock
from tests.naughty import CONTROLS, DATABASE, LETTERS, MARKUP, SHEETS, to_try
from tests.reading import Visitor

HOSTILE = [*MARKUP, *DATABASE[:4], *SHEETS[:2], *LETTERS]


@pytest.fixture
def sides(app: Portal, now: Clock) -> tuple[Visitor, Visitor, str]:
    """A merchant and a buyer before their case, and where the merchant sees it."""
    with unit_of_work():
        shop = make.a_shop()
        owner: Person = make.a_person("merchant_owner", shop, locale="en")
        case = an_after_sale(shop)
        token = accounts.links.issue("aftersale", case.ref, "buyer", at=NOON)
    buyer = Visitor(app)
    buyer.client.set_cookie("language", "en")
    here = f"/after-sales/{case.ref}"
    return Visitor(app, owner).open(here), buyer.open(f"/case/{token}"), here


def shape(visitor: Visitor) -> list[str]:
    return [element.tag for element in visitor.page]


def test_messages_are_just_text_to_the_other_side(sides: tuple[Visitor, Visitor, str]) -> None:
    merchant, buyer, here = sides
    tried = to_try(HOSTILE)
    for number, text in enumerate(tried):
        buyer.fill("Your message", text).press("Send the message")
        assert buyer.status == 200, text
        before = shape(merchant.open(here))
        assert len([said for said in merchant.page.all("div") if said["class"].startswith("said")]) == number + 1
        plain = re.sub(r"\s+", " ", text).strip()
        assert plain in re.sub(r"\s+", " ", merchant.page.raw), text
        assert before.count("script") == shape(merchant.open("/after-sales")).count("script")
    end_reading()
    kept = [message.body for message in messages_of(session().query(AfterSale).one())]
    assert [re.sub(r"\r\n|\r", "\n", body) for body in kept] == [re.sub(r"\r\n|\r", "\n", text) for text in tried]


@pytest.mark.parametrize("text", ["\0", *CONTROLS[:2]])
def test_what_cannot_be_kept_is_refused_or_kept_as_it_is(sides: tuple[Visitor, Visitor, str], text: str) -> None:
    merchant, _buyer, _here = sides
    merchant.tick("Partial refund").fill("How much", text).fill("A word about it", text).press("Send the offer")
    assert merchant.status in (400, 422)
    end_reading()
    assert session().query(AfterSale).one().offers == []


def test_words_beyond_the_policys_length_are_said_at_their_field(sides: tuple[Visitor, Visitor, str]) -> None:
    merchant, buyer, _here = sides
    buyer.fill("Your message", "长" * 501).press("Send the message")
    assert buyer.status == 422
    assert "500 characters at most; there are 501" in buyer.page.one(id="errsum").text
    merchant.tick("Partial refund").fill("How much", "5").fill("A word about it", "长" * 501).press("Send the offer")
    assert merchant.status == 422
    assert "500 characters at most" in merchant.page.one(id="errsum").text
    buyer.fill("Your message", "长" * 500).press("Send the message")
    assert buyer.status == 200
