"""A buyer is told by mail what others and time did in their case, once, and comes in by the link in it."""

import re
from datetime import timedelta

import pytest

from jobs.sweep import sweep
from portal import Portal, accounts
from portal.accounts.models import CaseLink
from portal.aftersales import actions, buyer_notices
from portal.aftersales.models import AfterSale, Offer
from portal.aftersales.orders import Customer
from portal.audit import SYSTEM
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Delivery, Notice
from portal.text import WORDS
from tests import make
from tests.aftersales import PLATFORM, a_purchase, an_after_sale, an_exhibit, an_offer
from tests.buyer_mails import body, mails_to_buyer, told_buyer
from tests.conftest import Clock
from tests.make import NOON
from tests.portal.aftersales.conftest import Market, a_market, anew
from tests.portal.aftersales.doing import DAY, HOUR, a_case, do

ELSEWHERE = {"in_arbitration", "ruled"}
"""Steps of a case that the arbitration tells of."""
OWN = {"shipped_back", "parcel_corrected"}
"""What only the buyer does, or the marketplace for them."""


@pytest.fixture
def here(sqlite_app: Portal) -> Market:
    """A shop, where what is said does not depend on the database."""
    with unit_of_work():
        return a_market()


def test_a_buyer_is_told_what_others_did_and_not_what_they_did_themselves(market: Market) -> None:
    case = a_case(market, "return_refund")
    buyer = market.buyer(case)
    do(actions.say, anew(case), "请补一张照片", key="a", by=market.merchant, at=NOON)
    do(actions.say, anew(case), "好的", key="b", by=buyer, at=NOON)
    do(an_offer, anew(case), market.merchant)
    do(actions.counter, anew(case), actions.Terms("refund_with_return", 9_000), by=buyer, at=NOON)
    do(actions.accept_offer, anew(case), by=market.merchant, at=NOON)
    do(actions.ship_back, anew(case), carrier="顺丰", number="SF1", by=buyer, at=NOON)
    do(actions.arrive, anew(case), by=SYSTEM, at=NOON)
    do(actions.confirm, anew(case), by=market.merchant, at=NOON)
    do(actions.acknowledge, anew(case), amount_minor=9_000, currency="CNY", by=PLATFORM, at=NOON)
    assert told_buyer(case.ref) == ["requested", "said", "offered", "offer_accepted", "arrived", "confirmed", "paid"]


def test_every_step_of_a_case_is_told_or_told_elsewhere() -> None:
    steps = {event.partition(".")[2] for event in WORDS["event"] if event.startswith("aftersale.") and ":" not in event}
    untold = {step for step in steps if not buyer_notices.of_step(step)}
    assert untold == ELSEWHERE | OWN


def test_who_has_no_address_is_not_written_to_and_nothing_breaks(market: Market) -> None:
    with unit_of_work():
        order = a_purchase(market.shop, customer=Customer("nobody", "林**"))
        case = an_after_sale(market.shop, order=order)
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    assert told_buyer(case.ref) == []
    assert session().query(CaseLink).count() == 0


def test_the_mail_lets_its_reader_in_until_the_link_is_taken_back(app: Portal, market: Market, now: Clock) -> None:
    case = a_case(market, statement="茶饼受潮")
    [mail] = mails_to_buyer(app)
    assert mail["To"] == anew(case).purchase.buyer.relay_address
    [link] = set(re.findall(r"http://127\.0\.0\.1:8000(/case/\S+)", body(mail)))
    assert f'href="http://127.0.0.1:8000{link}"' in body(mail, "html")
    assert "不要转发" in body(mail)
    browser = make.a_browser(app)
    assert case.ref in browser.get(link).text
    kept = [
        str(vars(row)) for row in (*session().query(Notice), *session().query(Delivery), *session().query(CaseLink))
    ]
    assert [row for row in kept if link.rpartition("/")[2] in row] == []
    again = mails_to_buyer(app, NOON + timedelta(minutes=2))[0]
    assert (again["Message-ID"], body(again)) == (mail["Message-ID"], body(mail))
    do(accounts.links.revoke_all, "aftersale", case.ref, "buyer", at=NOON)
    assert browser.get(link).status_code == 410
    do(actions.accept, anew(case), by=market.merchant, at=NOON)
    *_, newest = mails_to_buyer(app, NOON + timedelta(minutes=4))
    [fresh] = set(re.findall(r"http://127\.0\.0\.1:8000(/case/\S+)", body(newest)))
    assert case.ref in browser.get(fresh).text


def test_a_buyer_reads_it_in_their_language_and_the_shops_zone(sqlite_app: Portal, here: Market) -> None:
    with unit_of_work() as current:
        current.merge(here.shop).zone = "Europe/Berlin"
        order = a_purchase(here.shop, customer=Customer("kate", "K**", "kate@relay.example", "en"))
        an_after_sale(here.shop, order=order)
    [mail] = mails_to_buyer(sqlite_app)
    assert (mail["Content-Language"], "Your request about order" in mail["Subject"]) == ("en", True)
    assert "The shop can answer until 4 March 2026 05:00" in body(mail)
    assert "Central European Time" in body(mail)


@pytest.mark.parametrize(
    ("kind", "amount", "says"),
    [("replacement", 0, "换货"), ("no_refund", 0, "不退款"), ("partial_refund", 5_000, "¥50.00")],
)
def test_an_offer_says_what_is_due_and_never_an_amount_of_nothing(
    sqlite_app: Portal, here: Market, kind: str, amount: int, says: str
) -> None:
    case = a_case(here, "exchange")
    do(an_offer, anew(case), here.buyer(case), amount_minor=11_000)
    do(actions.counter, anew(case), actions.Terms(kind, amount), by=here.merchant, at=NOON)
    do(actions.accept_offer, anew(case), by=here.buyer(case), at=NOON)
    offered = next(mail for mail in mails_to_buyer(sqlite_app) if "提出了一个方案" in mail["Subject"])
    assert says in body(offered)
    assert "0.00" not in re.sub(r"50\.00", "", body(offered))


def test_goods_instead_of_money_are_announced_as_goods(sqlite_app: Portal, here: Market) -> None:
    case = a_case(here, "reship")
    do(actions.accept, anew(case), by=here.merchant, at=NOON)
    *_, agreed = mails_to_buyer(sqlite_app)
    assert "不退款" in body(agreed)
    assert "¥" not in body(agreed)


def test_hostile_words_of_an_order_are_just_words(sqlite_app: Portal, here: Market) -> None:
    with unit_of_work():
        order = a_purchase(here.shop, external_id="1\r\nBcc: x@y.example <script>", placed_at=NOON)
        an_after_sale(here.shop, order=order)
    [mail] = mails_to_buyer(sqlite_app)
    assert (mail["Bcc"], "<script>" in body(mail, "html"), "&lt;script&gt;" in body(mail, "html")) == (
        None,
        False,
        True,
    )


def reminded(case: AfterSale, due: timedelta, now: Clock) -> list[str]:
    """What a sweep says a day and three hours before the end, and what a second one adds, which is nothing."""
    before = len(told_buyer(case.ref))
    for ahead in (25 * HOUR, DAY, 4 * HOUR, 3 * HOUR, 3 * HOUR):
        end_reading()
        sweep(NOON + due - ahead)
    return told_buyer(case.ref)[before:]


def test_a_buyer_is_reminded_to_answer_an_offer(sqlite_app: Portal, here: Market, now: Clock) -> None:
    case = a_case(here)
    do(an_offer, anew(case), here.merchant)
    due = session().query(Offer).one() and anew(case).due_at - NOON  # type: ignore[operator]
    assert reminded(case, due, now) == ["reminder"] * 2
    assert "等您答复" in body(mails_to_buyer(sqlite_app, NOON + 30 * DAY)[-1])


def test_a_buyer_is_reminded_that_they_can_call_in_the_platform(sqlite_app: Portal, here: Market, now: Clock) -> None:
    case = a_case(here)
    no = {"reason_code": "AMOUNT_TOO_HIGH", "note": "", "key": "no"}
    do(actions.refuse, anew(case), **no, by=here.merchant, at=NOON)
    assert reminded(case, anew(case).due_at - NOON, now) == ["reminder"] * 2  # type: ignore[operator]
    refused, *_rest, last = mails_to_buyer(sqlite_app, NOON + 30 * DAY)[1:]
    assert "金额" in body(refused)
    assert "平台介入" in body(last)


def test_a_buyer_is_reminded_to_send_the_goods_back(here: Market, now: Clock) -> None:
    case = a_case(here, "return_refund")
    do(actions.accept, anew(case), by=here.merchant, at=NOON)
    assert reminded(case, anew(case).due_at - NOON, now) == ["reminder"] * 2  # type: ignore[operator]


def test_a_report_about_the_goods_is_told_with_what_it_says(sqlite_app: Portal, here: Market) -> None:
    case = a_case(here, "return_refund")
    do(actions.accept, anew(case), by=here.merchant, at=NOON)
    do(actions.ship_back, anew(case), carrier="顺丰", number="SF1", by=here.buyer(case), at=NOON)
    do(actions.arrive, anew(case), by=SYSTEM, at=NOON)
    do(an_exhibit, anew(case), here.merchant)
    do(actions.report, anew(case), finding="damaged", note="13800000000 请联系", key="r", by=here.merchant, at=NOON)
    *_, last = mails_to_buyer(sqlite_app)
    assert "验货结果：破损" in body(last)
    assert "13800000000" not in body(last)


@pytest.mark.parametrize("path", ["/messages", "/after-sales", "/"])
def test_no_page_of_the_shop_shows_where_its_buyers_are_written_to(
    sqlite_app: Portal, here: Market, now: Clock, path: str
) -> None:
    with unit_of_work() as current:
        owner = current.get_one(accounts.models.Person, here.merchant.person_id)
        order = a_purchase(here.shop, customer=Customer("canary-buyer", "林**", "canary@relay.example"))
        case = an_after_sale(here.shop, order=order)
    do(an_offer, anew(case), here.buyer(case))
    seen = make.a_browser(sqlite_app, owner).get(path)
    assert (seen.status_code, case.order_no in seen.text or case.ref in seen.text) == (200, True)
    assert not re.search(r"canary|buyer\.|guest:|/case/", seen.text)
