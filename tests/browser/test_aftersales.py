"""A refund in Chromium, merchant and buyer in browsers of their own: with scripts on both databases, and without."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from portal import accounts, aftersales
from portal.accounts.models import Person
from portal.aftersales.models import AfterSale
from portal.db import end_reading, session, unit_of_work
from tests import make, samples
from tests.aftersales import PLATFORM, an_after_sale
from tests.browser.conftest import House, Open
from tests.conftest import NOON

WRONG = ("status of 422", "Error Code 422")
"""What the browser says of an amount with three decimals."""
FILE = "#slot-files input[type=file]"


@dataclass
class Deal:
    """A shop, its owner, and the link of the buyer of its one case."""

    house: House
    owner: Person
    ref: str
    token: str

    @property
    def case(self) -> AfterSale:
        """As it is now."""
        end_reading()
        return session().query(AfterSale).one()


def a_deal(house: House, kind: str) -> Deal:
    """Make them."""
    with unit_of_work():
        shop = make.a_shop(return_address="杭州市茶园路 18 号")
        owner = make.a_person("merchant_owner", shop, name="林岚")
        case = an_after_sale(shop, kind, statement="收到的茶饼裂开了，外盒也压扁了。")
        token = accounts.links.issue("aftersale", case.ref, "buyer", at=NOON)
    return Deal(house, owner, case.ref, token)


def fold(page: Page, words: str) -> None:
    """Open what is folded away under these words."""
    page.locator("summary", has_text=words).click()


def agree_on_a_refund(deal: Deal, merchant: Page, buyer: Page) -> None:
    """Offer, counter-offer with a photograph, agreement, payment."""
    merchant.get_by_role("link", name="去处理").first.click()
    fold(merchant, "提出方案")
    merchant.get_by_label("部分退款").check()
    merchant.get_by_role("textbox", name="金额").fill("60")
    merchant.get_by_label("说明", exact=True).fill("非常抱歉，我们愿意退 60 元。")
    merchant.get_by_role("button", name="发送方案").click()
    expect(merchant.get_by_text("方案已发送")).to_be_visible()
    buyer.reload()
    expect(buyer.get_by_text("非常抱歉，我们愿意退 60 元。").first).to_be_visible()
    fold(buyer, "提出其他方案")
    buyer.get_by_label("部分退款").check()
    buyer.get_by_role("textbox", name="金额").fill("100.999")
    buyer.get_by_role("button", name="发送方案").click()
    expect(buyer.get_by_role("link", name="最多两位小数")).to_be_visible()
    buyer.get_by_role("textbox", name="金额").fill("¥100")
    buyer.get_by_role("button", name="发送方案").click()
    expect(buyer.get_by_text("方案已发送")).to_be_visible()
    merchant.goto(f"{deal.house.url}/after-sales/{deal.ref}")
    merchant.get_by_role("button", name="同意：部分退款 ¥100.00").click()
    expect(merchant.get_by_text("已接受方案")).to_be_visible()
    expect(merchant.get_by_role("heading", name="正在退款")).to_be_visible()
    with unit_of_work():
        aftersales.actions.acknowledge(
            session().query(AfterSale).one(), amount_minor=10_000, currency="CNY", by=PLATFORM, at=NOON
        )
    buyer.reload()
    expect(buyer.get_by_text("本单已关闭，无需处理。")).to_be_visible()
    assert deal.case.resolution == "partial"


def send_back_what_was_damaged(deal: Deal, merchant: Page, buyer: Page, *, scripts: bool) -> None:
    """Return, arrival, a report with a photograph, and the negotiation that begins with it."""
    merchant.goto(f"{deal.house.url}/after-sales/{deal.ref}")
    merchant.get_by_role("button", name="同意退货").click()
    expect(merchant.get_by_text("已同意买家的申请")).to_be_visible()
    buyer.reload()
    expect(buyer.get_by_text("茶园路 18 号")).to_be_visible()
    buyer.get_by_label("承运方").fill("顺捷速运")
    buyer.get_by_label("运单号").fill("SJ7740018826")
    buyer.get_by_role("button", name="保存包裹信息").click()
    expect(buyer.get_by_text("已登记寄回信息")).to_be_visible()
    merchant.goto(f"{deal.house.url}/after-sales?tab=to_return")
    merchant.get_by_role("link", name="到货了吗").first.click()
    merchant.get_by_role("button", name="已收到退货").click()
    expect(merchant.get_by_text("已登记收到退货")).to_be_visible()
    merchant.goto(f"{deal.house.url}/after-sales?tab=to_inspect")
    merchant.locator("table a.strong").first.click()
    merchant.locator(FILE).set_input_files(samples.PHOTOGRAPH)
    if not scripts:
        merchant.locator("#slot-files form.drop button").click()
    expect(merchant.locator("#slot-files .files a")).to_have_count(1)
    fold(merchant, "商品有问题")
    merchant.get_by_label("破损").check()
    merchant.get_by_label("验货说明").fill("茶饼断成三块。")
    merchant.get_by_role("button", name="提交验货问题").click()
    expect(merchant.get_by_text("验货问题已提交")).to_be_visible()
    buyer.reload()
    expect(buyer.get_by_text("茶饼断成三块。").first).to_be_visible()
    expect(buyer.locator(".thumbs img")).to_have_count(1)
    assert (deal.case.status, deal.case.inspection) == ("negotiating", "damaged")


# Each kind once and each database once: tests/portal/aftersales has the verbs and the pages of both on both.
@pytest.mark.parametrize(
    ("app", "kind"), [("sqlite", "refund_only"), ("postgresql", "return_refund")], indirect=["app"]
)
def test_a_refund_with_scripts(portal: House, window: Open, kind: str) -> None:
    deal = a_deal(portal, kind)
    merchant = window(portal, deal.owner).open("/after-sales")
    phone = window(portal, widths=(390,))
    phone.expected = WRONG
    buyer = phone.open(f"/case/{deal.token}")
    if kind == "refund_only":
        agree_on_a_refund(deal, merchant, buyer)
    else:
        send_back_what_was_damaged(deal, merchant, buyer, scripts=True)


@pytest.mark.parametrize("kind", ["refund_only", "return_refund"])
def test_a_refund_without_scripts(sqlite_portal: House, window: Open, kind: str) -> None:
    deal = a_deal(sqlite_portal, kind)
    merchant = window(sqlite_portal, deal.owner, java_script_enabled=False).open("/after-sales")
    phone = window(sqlite_portal, widths=(390,), java_script_enabled=False)
    phone.expected = WRONG
    buyer = phone.open(f"/case/{deal.token}")
    if kind == "refund_only":
        agree_on_a_refund(deal, merchant, buyer)
    else:
        send_back_what_was_damaged(deal, merchant, buyer, scripts=False)
