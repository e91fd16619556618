"""The appeal of a ruling as people meet it: three ways in, one appeal; without scripts, and as htmx sends it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import Portal, accounts, clock
from portal.accounts.models import Person, Shop
from portal.aftersales.models import AfterSale
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.db import end_reading, session, unit_of_work
from tests import make, rulings
from tests.conftest import Clock
from tests.naughty import LETTERS, MARKUP
from tests.reading import Visitor

DAY = timedelta(days=1)
STATEMENT = "The packing video of this very parcel shows that the box was whole when it left us."
PHONE = "13812345678"
FINDINGS = (
    "The packing video shows the parcel number and an undamaged box, so the damage happened on the way to the buyer."
)


@dataclass
class Loss:
    """A shop that lost a dispute about CNY 120, its owner, and two reviewers."""

    app: Portal
    htmx: bool
    shop: Shop
    owner: Person
    judge: Person
    other: Person
    case_ref: str

    def sit(self, who: Person) -> Visitor:
        """This person at a browser."""
        return Visitor(self.app, who, htmx=self.htmx)

    @property
    def appeal(self) -> Appeal | None:
        """The appeal, if it is there."""
        end_reading()
        return session().scalars(select(Appeal)).one_or_none()

    @property
    def case(self) -> AfterSale:
        """The case as it is now."""
        end_reading()
        return session().scalars(select(AfterSale).where(AfterSale.ref == self.case_ref)).one()

    @property
    def ruled(self) -> Arbitration:
        """The first ruling."""
        return session().scalars(select(Arbitration).where(Arbitration.round == 1)).one()


@pytest.fixture(params=[False, True], ids=["browser", "htmx"])
def loss(app: Portal, now: Clock, request: pytest.FixtureRequest) -> Loss:
    """A ruling of today."""
    with unit_of_work():
        shop = make.a_shop("Lanshan Tea")
        owner = make.a_person("merchant_owner", shop, locale="en", name="Lin Lan")
        judge, other = (make.a_person("reviewer", locale="en", name=name) for name in ("Zhou Lan", "Wu Min"))
        found = rulings.lost(shop, make.actor(owner, shop), make.actor(judge), now.at, "refund_partial")
        return Loss(app, request.param, shop, owner, judge, other, found.after_sale.ref)


def from_the_centre(visitor: Visitor, _loss: Loss) -> Visitor:
    return visitor.open("/appeals").follow("Start the appeal")


def from_the_case(visitor: Visitor, loss: Loss) -> Visitor:
    return visitor.open(f"/after-sales/{loss.case_ref}").follow("See the ruling and appeal")


def from_the_notice(visitor: Visitor, _loss: Loss) -> Visitor:
    return visitor.open("/messages").press("See the ruling")


WAYS: dict[str, Callable[[Visitor, Loss], Visitor]] = {
    "appeal_centre": from_the_centre,
    "after_sale": from_the_case,
    "message": from_the_notice,
}


@pytest.mark.parametrize("via", WAYS)
def test_each_way_leads_to_the_ruling_and_all_to_the_same_appeal(loss: Loss, via: str) -> None:
    page = WAYS[via](loss.sit(loss.owner), loss)
    for words in ("Ruling: ", "¥80.00", "There is one chance", "9 March", "What to prepare"):
        assert words in page.text, words
    page.press("Prepare the appeal")
    first = loss.appeal
    assert (first.filed_via, first.status, first.subject_ref) == (via, "draft", loss.case_ref)
    for way in WAYS.values():
        again = loss.sit(loss.owner)
        link = "Continue" if way is from_the_centre else "Go on with the draft"
        shown = again.open("/appeals") if way is from_the_centre else way_to(again, way, loss)
        assert STATEMENT not in shown.follow(link).text
        assert again.url == f"/appeals/{first.ref}/draft"
    assert loss.appeal.id == first.id


def way_to(visitor: Visitor, way: Callable[[Visitor, Loss], Visitor], loss: Loss) -> Visitor:
    """The page that this way shows once there is a draft."""
    if way is from_the_case:
        return visitor.open(f"/after-sales/{loss.case_ref}")
    return visitor.open(f"/appeals/rulings/{loss.case_ref}")


def file_it(loss: Loss) -> Visitor:
    """From the Appeal Centre to the receipt."""
    page = from_the_centre(loss.sit(loss.owner), loss).press("Prepare the appeal")
    page.tick("The ruling got the facts wrong").fill("Your statement", STATEMENT).press("Next: check everything")
    assert "This is the only appeal against this ruling" in page.text
    return page.tick("I have checked").tick("I know that this ruling can be appealed only once").press("Send my appeal")


def test_from_the_draft_to_a_better_ruling(loss: Loss, now: Clock) -> None:
    assert "Your appeal was received" in file_it(loss).text
    ref = loss.appeal.ref
    merchant = loss.sit(loss.owner).open(f"/after-sales/{loss.case_ref}")
    assert "See the appeal" in merchant.text
    queue = loss.sit(loss.other).open(f"/review/appeals/{ref}").press("Claim")
    for words in ("The ruling and the dispute", "The buyer may still answer, until", STATEMENT, "The buyer's words"):
        assert words in queue.text, words
    decide(queue, "partially_upheld", "¥50.00")
    assert (loss.appeal.status, queue.status) == ("under_review", 409)
    heard(loss, now)
    queue = loss.sit(loss.other).open(f"/review/appeals/{ref}")
    decide(queue, "partially_upheld", "50.00", findings=f"{FINDINGS} Their number is {PHONE}.")
    assert loss.appeal.outcome == "partially_upheld"
    assert (loss.case.status, loss.case.agreed_minor) == ("refund_pending", 5_000)
    page = loss.sit(loss.owner).open(f"/appeals/{ref}")
    for words in ("The ruling is changed", "The new ruling", "Partial refund", "¥50.00", "Your part is made out."):
        assert words in page.text, words
    assert "penalty" not in page.page.one("main").text.lower()
    buyer = Visitor(loss.app, htmx=loss.htmx).open(a_link(loss))
    for words in ("商家的部分主张成立，责任重新分配", "A14", "¥50.00", FINDINGS):
        assert words in buyer.text, words
    assert "Your part is made out." not in buyer.text
    assert PHONE not in page.text + buyer.text


def heard(loss: Loss, now: Clock) -> None:
    """The buyer, who lost a part of it too, says that nothing more will come."""
    with unit_of_work():
        rulings.heard(loss.ruled, now.at)


def a_link(loss: Loss) -> str:
    """The buyer's link of the case."""
    with unit_of_work():
        return f"/case/{accounts.links.issue('aftersale', loss.case_ref, 'buyer', at=clock.now())}"


def decide(queue: Visitor, choice: str, merchant: str, **more: str) -> Visitor:
    """Fill the form in and send it."""
    page = queue.page
    said = {
        f"reason_{choice}": "A14" if choice == "partially_upheld" else "A11",
        f"words_{choice}": "Your part is made out.",
        "findings": FINDINGS,
        f"kind_{choice}": "refund_partial",
        f"liability_{choice}": "shared",
        f"amount_merchant_{choice}": merchant,
        f"amount_buyer_{choice}": "70",
    } | more
    for radio in page.all("input", type="radio", name="outcome"):
        radio.typed = radio["value"] if radio["value"] == choice else False
    for name, value in said.items():
        page.one(name=name).typed = value
    button = next(b for b in page.all("button") if b.text.startswith("Uphold"))
    return queue.press(button.text[:12])


@pytest.mark.parametrize(
    ("choice", "more", "says"),
    [
        ("partially_upheld", {"amount_merchant_partially_upheld": "fifty"}, "Write an amount such as"),
        ("partially_upheld", {"amount_merchant_partially_upheld": "50.001"}, "Write an amount such as"),
        ("partially_upheld", {"amount_merchant_partially_upheld": "40"}, "120.00 in dispute"),
        ("partially_upheld", {"kind_partially_upheld": ""}, "Say what is ruled in place"),
        ("partially_upheld", {"liability_partially_upheld": ""}, "Say who is liable"),
        ("upheld", {}, "the merchant bears nothing"),
        ("partially_upheld", {"words_partially_upheld_buyer": " "}, "Text to the buyer: nothing is written there yet"),
    ],
)
def test_a_ruling_that_is_not_whole_is_said_and_what_was_typed_stays(
    loss: Loss, now: Clock, choice: str, more: dict[str, str], says: str
) -> None:
    file_it(loss)
    now.at += 3 * DAY
    queue = loss.sit(loss.other).open(f"/review/appeals/{loss.appeal.ref}").press("Claim")
    decide(queue, choice, "50", **more)
    assert queue.status == 422
    assert says in queue.text
    assert FINDINGS in queue.text
    assert loss.appeal.status == "under_review"


def test_if_the_buyer_was_first_the_page_says_so_and_leads_to_the_case(loss: Loss) -> None:
    page = from_the_case(loss.sit(loss.owner), loss)
    with unit_of_work():
        rulings.ask_again(loss.ruled)
    page.press("Prepare the appeal")
    assert loss.appeal is None
    shown = loss.sit(loss.owner).open(f"/appeals/rulings/{loss.case_ref}")
    assert "The buyer asked for a re-review of this ruling first." in shown.text
    assert shown.follow("Open the case").url == f"/after-sales/{loss.case_ref}"


def test_withdrawing_says_that_the_ruling_stands(loss: Loss, now: Clock) -> None:
    file_it(loss)
    heard(loss, now)
    page = loss.sit(loss.owner).open(f"/appeals/{loss.appeal.ref}/withdrawal")
    assert "the ruling stands (you bear CN¥80.00)" in page.text
    assert "What you typed" not in page.press("Withdraw the appeal").page.one(id="errsum").text
    page.tick("I know that withdrawing").press("Withdraw the appeal")
    assert loss.appeal.outcome == "withdrawn"
    assert "The ruling stands." in loss.sit(loss.owner).open(f"/appeals/{loss.appeal.ref}").text
    assert loss.case.agreed_minor == 8_000


def test_the_list_finds_it_by_case_and_order_and_shows_it_once(loss: Loss) -> None:
    visitor = loss.sit(loss.owner)
    number = loss.case.order_no
    for ask, there in (("", 1), (f"?q={number}", 1), (f"?q={loss.case_ref}", 1), ("?q=none", 0), ("?due=1", 0)):
        assert visitor.open(f"/appeals{ask}").text.count(number) == there, ask
    assert "1 in total" in visitor.open("/appeals").text


def test_rulings_stand_among_the_penalties_of_the_first_page_alone(loss: Loss, now: Clock) -> None:
    with unit_of_work():
        for number in range(25):
            make.a_penalty(loss.shop, now.at - DAY, external_id=f"FIRST-{number:02}")
        make.a_penalty(loss.shop, now.at + timedelta(hours=40), external_id="LAST")
    visitor = loss.sit(loss.owner).open("/appeals")
    number = loss.case.order_no
    assert visitor.text.count(number) == 1
    assert "27 in total" in visitor.text
    after = next(link["href"] for link in visitor.page.all("a") if "at=a" in link["href"])
    second = visitor.open(after)
    assert number not in second.text
    assert "LAST" in second.text
    before = next(link["href"] for link in visitor.page.all("a") if "at=b" in link["href"])
    assert visitor.open(before).text.count(number) == 1


@pytest.mark.parametrize("text", [*MARKUP[:6], *LETTERS[:3]])
def test_hostile_words_are_words_on_every_page_of_it(loss: Loss, now: Clock, text: str) -> None:
    page = from_the_centre(loss.sit(loss.owner), loss).press("Prepare the appeal")
    page.tick("The ruling got the facts wrong").fill("Your statement", f"{STATEMENT} {text}")
    page.press("Next: check everything").tick("I have checked").tick("I know that this ruling").press("Send my appeal")
    ref = loss.appeal.ref
    for who, url in ((loss.owner, f"/appeals/{ref}"), (loss.other, f"/review/appeals/{ref}")):
        shown = loss.sit(who).open(url)
        assert shown.status == 200
        assert [e for e in shown.page.all("script", "img", "svg", "style") if "alert" in str(e.attributes)] == []
        assert " ".join(text.split()) in " ".join(shown.text.split())


def test_a_ruling_of_another_shop_or_none_is_not_there(loss: Loss) -> None:
    with unit_of_work():
        shop = make.a_shop()
        stranger = make.a_person("merchant_owner", shop, locale="en")
    assert loss.sit(stranger).open(f"/appeals/rulings/{loss.case_ref}").status == 404
    assert loss.sit(loss.owner).open("/appeals/rulings/AS-2026-NOTHERE").status == 404
