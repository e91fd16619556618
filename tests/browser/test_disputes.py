"""Disputes in Chromium: merchant, buyer on a phone and reviewers side by side, with scripts and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import House, Open
from tests.browser.disputes import A_DAY, AGAINST, Dispute, a_dispute, call_in, done, fold, hand_in, hear_both, rule
from tests.conftest import NOON, Clock

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


@pytest.mark.parametrize("silent", ["buyer", "merchant"])
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
