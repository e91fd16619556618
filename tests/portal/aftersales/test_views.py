"""The workbench and the buyer's page as people use them, once without scripts and once as htmx sends it."""

import copy
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import timedelta

import pytest

from portal import Portal, accounts, aftersales
from portal.accounts.models import Person, Shop
from portal.aftersales.models import AfterSale
from portal.aftersales.telling import messages_of
from portal.db import end_reading, session, unit_of_work
from portal.evidence.models import EvidenceItem
from tests import make
from tests.aftersales import PLATFORM, an_after_sale, an_offer
from tests.conftest import Clock
from tests.portal.aftersales.doing import do
from tests.reading import Visitor

ALERT = {"id": "errsum"}


@dataclass
class Two:
    """A shop, its merchant, a buyer with a link, and a case between them."""

    app: Portal
    shop: Shop
    owner: Person
    ref: str
    token: str
    htmx: bool

    @property
    def merchant(self) -> Visitor:
        """The merchant before the case."""
        return Visitor(self.app, self.owner, htmx=self.htmx).open(f"/after-sales/{self.ref}")

    @property
    def buyer(self) -> Visitor:
        """The buyer before it."""
        visitor = Visitor(self.app, htmx=self.htmx)
        visitor.client.set_cookie("language", "en")
        return visitor.open(f"/case/{self.token}")

    @property
    def case(self) -> AfterSale:
        """As it is now."""
        end_reading()
        return session().query(AfterSale).filter_by(ref=self.ref).one()


def between(app: Portal, htmx: bool, kind: str = "refund_only") -> Two:
    with unit_of_work():
        shop = make.a_shop("Lanshan Tea")
        owner = make.a_person("merchant_owner", shop, locale="en")
        case = an_after_sale(shop, kind, statement="It came broken.")
        token = accounts.links.issue("aftersale", case.ref, "buyer", at=make.NOON)
    return Two(app, shop, owner, case.ref, token, htmx)


@pytest.fixture(params=[False, True], ids=["browser", "htmx"])
def two(app: Portal, now: Clock, request: pytest.FixtureRequest) -> Two:
    """A request for a refund of CNY 120."""
    return between(app, request.param)


def offer(visitor: Visitor, kind: str, amount: str = "", words: str = "") -> Visitor:
    visitor.tick(kind).fill("How much", amount)
    return visitor.fill("A word about it", words).press("Send the offer")


def test_an_agreed_refund(two: Two) -> None:
    assert "It came broken." in two.merchant.text
    offer(two.merchant, "Partial refund", "¥60.00", "We are sorry.")
    buyer = two.buyer
    for words in ("Partial refund of CN¥60.00", "We are sorry.", "If the offer is not answered within 72 hours"):
        assert words in buyer.text, words
    offer(buyer, "Partial refund", "100", "At least this.")
    merchant = two.merchant
    assert "At least this." in merchant.text
    merchant.press("Agree: Partial refund of CN¥100.00")
    assert (two.case.status, two.case.agreed_minor) == ("refund_pending", 10_000)
    assert "CN¥100.00 is being paid" in two.buyer.text
    do(aftersales.actions.acknowledge, two.case, amount_minor=10_000, currency="CNY", by=PLATFORM, at=make.NOON)
    assert "There is nothing to do" in two.buyer.text


def test_returned_goods_that_are_damaged(app: Portal, now: Clock) -> None:
    two = between(app, htmx=False, kind="return_refund")
    two.merchant.press("Agree: refund")
    two.buyer.fill("Carrier", "SF").fill("Tracking number", "SF100").press("Save the parcel")
    assert (two.case.status, two.case.return_no) == ("return_in_transit", "SF100")
    two.merchant.press("The parcel is here")
    merchant = two.merchant.tick("damaged").press("Send the report")
    assert merchant.status == 422
    assert "Add at least one file" in merchant.page.one(id="errsum").text
    merchant = two.merchant.upload("Add a file", (make.a_picture(), "crushed.jpg"))
    merchant.tick("damaged").fill("What you found", "Crushed in the parcel.").press("Send the report")
    assert two.case.status == "negotiating"
    buyer = two.buyer
    for words in ("Crushed in the parcel.", "A1 crushed.jpg"):
        assert words in buyer.text, words


def test_a_refusal_that_needs_a_file(two: Two) -> None:
    merchant = two.merchant.tick("The goods are in order (needs a file)").fill("Explanation", "It was whole.")
    merchant.press("Refuse: ")
    assert merchant.status == 422
    assert "This reason needs evidence" in merchant.page.one(id="errsum").text
    assert merchant.field("Explanation").text == "It was whole."
    merchant = two.merchant.upload("Add a file", (make.a_picture(), "whole.jpg"))
    merchant.tick("The goods are in order (needs a file)").fill("Explanation", "It was whole.").press("Refuse: ")
    assert (two.case.status, two.case.refusal_code) == ("refused", "GOODS_IN_ORDER")
    assert "whole.jpg" in two.buyer.text


@pytest.mark.parametrize("amount", ["80.123", "eighty", "-5", "", "0", "99999", "8e2", "十二"])
def test_an_amount_that_is_none_is_said_at_its_field(two: Two, amount: str) -> None:
    merchant = offer(two.merchant, "Partial refund", amount, "Sorry")
    assert merchant.status == 422
    assert merchant.page.one(id="errsum").text
    assert merchant.field("How much")["value"] == amount
    assert (two.case.status, two.case.offers) == ("awaiting_merchant", [])


def test_an_answer_to_a_page_that_is_old_changes_nothing_and_keeps_what_was_typed(two: Two) -> None:
    merchant = two.merchant.tick("Partial refund").fill("How much", "60").fill("A word about it", "Kept words")
    do(aftersales.actions.cancel, two.case, by=aftersales.as_buyer(two.case), at=make.NOON)
    merchant.press("Send the offer")
    assert merchant.status == 409
    assert "Somebody else changed this" in merchant.text
    assert "Kept words" in (merchant.field("A word about it").typed if two.htmx else merchant.text)
    assert (two.case.status, two.case.offers) == ("closed", [])


def test_an_offer_that_was_replaced_is_not_accepted(two: Two) -> None:
    buyer = aftersales.as_buyer(two.case)
    do(an_offer, two.case, buyer, amount_minor=5_000)
    merchant = two.merchant
    do(aftersales.actions.withdraw_offer, two.case, by=buyer, at=make.NOON)
    do(an_offer, two.case, buyer, amount_minor=11_000)
    merchant.press("Agree: Partial refund of CN¥50.00")
    assert (merchant.status, two.case.status) == (409, "negotiating")


def test_a_message_takes_its_files_along_and_is_there_once(two: Two) -> None:
    buyer = two.buyer.upload("Add a file", (make.a_picture(), "proof.jpg")).fill("Your message", "See the photo.")
    form = next(form for form in buyer.page.all("form") if form["action"].endswith("/say"))
    fields = buyer.fields(form)
    buyer.press("Send the message")
    again = buyer.client.post(form["action"], data=fields)
    assert again.status_code == 303
    assert [message.body for message in messages_of(two.case)] == ["See the photo."]
    merchant = two.merchant
    assert "See the photo." in merchant.text
    assert "B1 proof.jpg" in merchant.text
    assert [item.state for item in session().query(EvidenceItem)] == ["sealed"]


def test_other_words_in_a_form_that_was_sent_are_not_lost(sqlite_app: Portal, now: Clock) -> None:
    two = between(sqlite_app, htmx=False)
    old = two.buyer
    old.fill("Your message", "First.")
    back = Visitor(sqlite_app)
    back.client, back.page, back.url = old.client, copy.deepcopy(old.page), old.url
    old.press("Send the message")
    back.fill("Your message", "Second.").press("Send the message")
    assert back.status == 422
    assert "with other words" in back.page.one(id="errsum").text
    back.press("Send the message")
    assert [message.body for message in messages_of(two.case)] == ["First.", "Second."]


def test_what_is_not_handed_in_stays_ones_own(two: Two) -> None:
    two.buyer.upload("Add a file", (make.a_picture(), "secret.jpg"))
    item = session().query(EvidenceItem).one()
    assert "secret.jpg" not in two.merchant.text
    assert two.merchant.open(f"/after-sales/{two.ref}/evidence/{item.ref}").status == 404
    with two.buyer.client.get(f"/case/{two.token}/evidence/{item.ref}") as seen:
        assert seen.status_code == 200
    merchant = two.merchant
    token = merchant.page.all("input", name="csrf_token")[0]["value"]
    taken = merchant.client.post(f"/after-sales/{two.ref}/evidence/{item.ref}/removal", data={"csrf_token": token})
    assert taken.status_code == 404


def test_the_buyer_sees_the_shop_and_the_merchant_a_masked_name(two: Two) -> None:
    assert "林**" in two.merchant.text
    pages = two.merchant.page.raw + two.buyer.page.raw
    assert not re.search(r"relay\.example|buyer-\d", pages)


def test_a_link_that_is_altered_old_or_taken_back_opens_nothing(two: Two, now: Clock) -> None:
    altered = two.token[:-2] + ("AA" if not two.token.endswith("AA") else "BB")
    other = re.sub(r"^\d+", "9", two.token)
    twin = two.token[:-1] + chr(ord(two.token[-1]) + 1)  # the same bytes, to whoever decodes them loosely
    for token in (altered, other, twin, "1", "x.y"):
        seen = two.buyer.open(f"/case/{token}")
        assert (seen.status, "not complete or was changed" in seen.text) == (404, True), token
    buyer = two.buyer.fill("Your message", "Too late")
    now.at += accounts.links.LASTS
    buyer.press("Send the message")
    assert (buyer.status, "has expired" in buyer.text) == (410, True)
    now.at -= timedelta(days=1)
    with unit_of_work():
        assert accounts.links.revoke_all("aftersale", two.ref, "buyer", at=now.at) == 2, "this, and the mailed one"
    seen = two.buyer.open(f"/case/{two.token}")
    assert (seen.status, "was taken back" in seen.text) == (410, True)
    assert list(messages_of(two.case)) == []


def test_a_link_of_a_closed_case_shows_how_it_ended_and_changes_nothing(two: Two) -> None:
    buyer = two.buyer.fill("Your message", "Anyone there?")
    two.buyer.press("Call it off")
    assert two.case.resolution == "cancelled"
    buyer.press("Send the message")
    assert (buyer.status, "the case has moved on" in buyer.text) == (409, True)
    assert "Anyone there?" in (buyer.field("Your message").typed if two.htmx else buyer.text)
    assert "Called off by the buyer" in two.buyer.text
    assert "nothing you can do" in two.buyer.text


def test_a_buyer_can_do_only_what_is_a_buyers(two: Two) -> None:
    buyer = two.buyer
    token = buyer.page.all("input", name="csrf_token")[0]["value"]
    for verb in ("accept", "refuse", "arrive", "confirm", "ship", "acknowledge", "leave_arbitration", "nonsense"):
        got = buyer.client.post(f"/case/{two.token}/answers/{verb}", data={"csrf_token": token})
        assert got.status_code == 404, verb
    assert two.case.status == "awaiting_merchant"


def test_a_row_of_the_list_is_answered_in_its_place(app: Portal, now: Clock) -> None:
    two = between(app, htmx=True)
    visitor = Visitor(app, two.owner, htmx=True).open("/after-sales").follow("Answer")
    offer(visitor, "Partial refund", "5000")
    assert visitor.status == 422
    assert visitor.page.all("table")
    offer(visitor, "Partial refund", "50")
    assert two.case.status == "negotiating"
    assert "Your offer was sent" in visitor.text
    assert visitor.page.one("h1").text == "After-sales workbench"


def test_a_number_is_found_in_whatever_tab(two: Two) -> None:
    two.merchant.press("Agree: refund")
    for number in (two.ref.lower(), two.case.order_no):
        found = two.merchant.open(f"/after-sales?q={number}")
        assert two.ref in found.text
    assert "No case has this number" in two.merchant.open("/after-sales?q=AS-0").text


def test_each_side_takes_its_own_case_file_home(two: Two) -> None:
    two.buyer.upload("Add a file", (make.a_picture(), "proof.jpg")).fill("Your message", "See the photo.").press(
        "Send the message"
    )
    for visitor, party in ((two.merchant, "merchant"), (two.buyer, "buyer")):
        form = next(form for form in visitor.page.all("form") if form["action"].endswith("/case-file"))
        with visitor.client.post(form["action"], data=visitor.fields(form) | {"lang": "en"}) as taken:
            assert (taken.status_code, taken.mimetype) == (200, "application/zip")
            whole = zipfile.ZipFile(io.BytesIO(taken.get_data()))
        assert any(name.endswith(".jpg") for name in whole.namelist())
        assert f"{two.ref}-{party}-en" in taken.headers["Content-Disposition"]


def test_a_buyer_sees_the_clock_of_the_shop(app: Portal, now: Clock) -> None:
    with unit_of_work():
        case = an_after_sale(make.a_shop(zone="Europe/Berlin"))
        token = accounts.links.issue("aftersale", case.ref, "buyer", at=make.NOON)
    seen = Visitor(app).open(f"/case/{token}")
    assert "Europe/Berlin" in seen.text
    assert "05:00" in seen.text
