"""Disputes in Chromium: merchant, buyer on a phone and reviewers side by side, with scripts and without."""

import pytest
from playwright.sync_api import Page, expect

from tests import samples
from tests.browser.conftest import House, Open, press
from tests.browser.disputes import A_DAY, AGAINST, Dispute, a_dispute, call_in, done, fold, hand_in, hear_both, rule
from tests.browser.test_stories import confirm
from tests.conftest import NOON, Clock

OUR_WORDS = "出库录像第 3 分钟拍到了这一单的面单和完好的茶饼，请重新认定。"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "without"])


def lost_by_the_buyer_then_heard_again(dispute: Dispute) -> None:
    """Ruled for the merchant; the buyer brings something new; another reviewer rules for the buyer."""
    merchant, buyer = dispute.merchant(), dispute.buyer()
    call_in(buyer)
    hear_both(dispute, merchant, buyer)
    rule(dispute.desk(), "claim_rejected", "J04", AGAINST)
    assert dispute.hearing.status == "decided"
    buyer.reload()
    expect(buyer.get_by_text(AGAINST)).to_be_visible()
    fold(buyer, "申请重新仲裁")
    buyer.get_by_label("有新的事实或证据").check()
    buyer.get_by_label("具体是什么事实，或哪里有误").fill("补充带快递面单的开箱照片，可以看到是同一件商品。")
    buyer.get_by_role("button", name="提交重新仲裁申请").click()
    expect(buyer.get_by_text("判定将由另一位审核员重新审理").first).to_be_visible()
    merchant.reload()
    expect(merchant.get_by_text("补充带快递面单的开箱照片").first).to_be_visible()
    done(merchant)
    rule(dispute.desk(1), "refund_full", "J02")
    assert dispute.hearing.replaced
    assert (dispute.case.status, dispute.case.agreed_minor) == ("refund_pending", 12_000)
    merchant.reload()
    expect(merchant.get_by_text("该判定后来已改判")).to_be_visible()


def settled_while_the_platform_hears(dispute: Dispute) -> None:
    """The merchant offers, the buyer agrees, and the hearing ends."""
    merchant, buyer = dispute.merchant(), dispute.buyer()
    call_in(buyer)
    merchant.reload()
    fold(merchant, "提出方案")
    merchant.get_by_label("部分退款").check()
    merchant.get_by_role("textbox", name="金额").fill("90")
    merchant.get_by_role("button", name="发送方案").click()
    expect(merchant.get_by_text("方案已发送").first).to_be_visible()
    buyer.reload()
    buyer.get_by_role("button", name="同意：部分退款 ¥90.00").click()
    expect(buyer.get_by_role("heading", name="正在退款")).to_be_visible()
    assert (dispute.hearing.status, dispute.case.agreed_minor) == ("settled", 9_000)
    merchant.reload()
    expect(merchant.get_by_text("双方达成一致").first).to_be_visible()


@SCRIPTS
def test_lost_by_the_buyer_then_a_re_review(sqlite_portal: House, window: Open, now: Clock, scripts: bool) -> None:
    lost_by_the_buyer_then_heard_again(a_dispute(sqlite_portal, window, now, scripts=scripts))


@SCRIPTS
def test_settled_during_arbitration(sqlite_portal: House, window: Open, now: Clock, scripts: bool) -> None:
    settled_while_the_platform_hears(a_dispute(sqlite_portal, window, now, scripts=scripts))


# Each side once and each database once: tests/portal/arbitration/test_hearing.py has both sides on both.
@pytest.mark.parametrize(("app", "silent"), [("sqlite", "buyer"), ("postgresql", "merchant")], indirect=["app"])
def test_a_silent_side_blocks_nothing(portal: House, window: Open, now: Clock, silent: str) -> None:
    dispute = a_dispute(portal, window, now, scripts=True)
    merchant, buyer = dispute.merchant(), dispute.buyer()
    call_in(buyer)
    speaks = merchant if silent == "buyer" else buyer
    speaks.reload()
    hand_in(speaks, "材料如附件。", scripts=True)
    dispute.pass_time(NOON + 3 * A_DAY)
    dispute.pass_time(NOON + 6 * A_DAY)
    assert dispute.hearing.status == "under_decision"
    rule(dispute.desk(), *(("claim_rejected", "J04", AGAINST) if silent == "buyer" else ("refund_full", "J01")))
    speaks = dispute.merchant() if silent == "buyer" else dispute.buyer()
    words = "买家到时没有提交材料" if silent == "buyer" else "商家到时没有提交材料"
    expect(speaks.get_by_text(words).first).to_be_visible()
    dispute.pass_time(dispute.now.at + 10 * A_DAY)
    assert dispute.case.status == ("closed" if silent == "buyer" else "refund_pending")


@SCRIPTS
def test_lost_by_the_merchant_then_the_appeal_upheld(
    sqlite_portal: House, window: Open, now: Clock, scripts: bool
) -> None:
    dispute = a_dispute(sqlite_portal, window, now, scripts=scripts)
    merchant, buyer = dispute.merchant(), dispute.buyer()
    call_in(buyer)
    hear_both(dispute, merchant, buyer)
    rule(dispute.desk(), "refund_full", "J02")
    appeal_it(dispute, merchant)
    buyer.reload()
    expect(buyer.get_by_text("商家对判定提出了申诉")).to_be_visible()
    expect(buyer.get_by_text(OUR_WORDS)).to_be_visible()
    hand_in(buyer, "商家的录像没有拍到这一单的面单。", scripts=scripts, file=samples.DRAWING)
    uphold(dispute.desk(1))
    assert dispute.hearing.replaced
    assert (dispute.case.status, dispute.case.resolution) == ("closed", "dismissed")
    buyer.reload()
    expect(buyer.get_by_text(AGAINST)).to_be_visible()
    merchant.goto(f"{dispute.house.url}/appeals?tab=completed")
    merchant.get_by_role("link", name="查看结果").first.click()
    expect(merchant.get_by_role("heading", level=1)).to_have_text("申诉成立")


def appeal_it(dispute: Dispute, merchant: Page) -> None:
    """From the page of the case: the ruling, the draft, the check, the one submit."""
    merchant.reload()
    merchant.get_by_role("link", name="查看判定并申诉").click()
    merchant.get_by_role("button", name="准备申诉").click()
    merchant.get_by_label("原判定认定的事实有误").check()
    merchant.get_by_label("申诉说明").fill(OUR_WORDS)
    press(merchant, "下一步", scripts=dispute.scripts)
    confirm(merchant)
    assert dispute.hearing.status == "second_instance"


def uphold(desk: Page) -> None:
    """Another reviewer decides for the merchant, with a ruling in the place of the first."""
    desk.locator("table.q button").first.click()
    expect(desk.locator("#ruling-title")).to_be_visible()
    place = desk.locator("input[name=outcome][value=upheld]").get_attribute("id")
    desk.locator(f"label[for={place}]").click()
    desk.locator("select[name=reason_upheld]").select_option("A12")
    desk.locator("select[name=kind_upheld]").select_option("claim_rejected")
    desk.locator("select[name=liability_upheld]").select_option("buyer")
    desk.locator("input[name=amount_buyer_upheld]").fill("120")
    expect(desk.locator("textarea[name=words_upheld]")).not_to_have_value("")
    for select in desk.locator("select[name^=exhibit_]").all():
        select.select_option("accepted")
    desk.get_by_label("认定的事实和理由").fill(AGAINST)
    desk.locator("form.ruling button.pri:visible").click()
    expect(desk.locator(".note.good").first).to_be_visible()
