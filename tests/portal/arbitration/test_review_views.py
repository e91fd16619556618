"""The reviewer's page of a dispute, and the ruling: with htmx and without."""

import re
from datetime import timedelta

import pytest

from portal import Portal, review
from portal.arbitration import actions
from portal.arbitration.models import Arbitration
from portal.db import session, unit_of_work
from portal.policies import RULINGS
from tests import arbitration as make
from tests.aftersales import an_exhibit
from tests.conftest import Clock
from tests.make import NOON
from tests.portal.arbitration.conftest import Court
from tests.portal.arbitration.rulings import FINDINGS, TO_BUYER, TO_MERCHANT, a_form
from tests.portal.review.desk import Desk, refs, seat_of

pytestmark = pytest.mark.usefixtures("now")
SAYS = "外盒压坏了，茶饼断成两块"


@pytest.fixture
def case(court: Court) -> Arbitration:
    """A dispute in which both sides handed in a picture and their words."""
    with unit_of_work():
        found = make.an_arbitration(court.shop, court.merchant)
        for by, words in ((court.merchant, "发货前打包录像在附件"), (make.buyer_of(found), SAYS)):
            an_exhibit(found.after_sale, by)
            make.hand_in(found, by, words=words)
            actions.finish(found, by=by, at=NOON)
        for by in (court.merchant, make.buyer_of(found)):
            actions.finish(found, by=by, at=NOON)
        return found


@pytest.fixture
def me(app: Portal) -> Desk:
    """A reviewer."""
    return Desk(app)


def url(case: Arbitration, more: str = "") -> str:
    """The reviewer's page of the case."""
    return f"/review/arbitrations/{case.ref}{more}"


def now_of(case: Arbitration) -> Arbitration:
    """The case as it is now."""
    session().rollback()
    return session().get_one(Arbitration, case.id, populate_existing=True)


def test_both_sides_stand_side_by_side_with_what_they_should_show(case: Arbitration, me: Desk) -> None:
    page = me.get(url(case)).text

    for said in (SAYS, "发货前打包录像在附件", "金额过高", "¥120.00"):
        assert said in page
    assert page.count('id="view-merchant"') == page.count('id="view-buyer"') == 1
    assert page.count("应由此方证明") == 1


def test_htmx_gets_the_row_with_its_panel_and_a_browser_the_page(case: Arbitration, me: Desk) -> None:
    page, part = me.get(url(case)), me.get(url(case), part=True)

    assert "<!DOCTYPE html>" in page.text
    assert part.text.lstrip().startswith('<tbody role="rowgroup"')
    assert refs(page.text) == refs(part.text) == [case.ref]


def test_the_queue_says_which_kind_of_case_it_is(case: Arbitration, me: Desk) -> None:
    page = me.get("/review").text

    assert re.search(rf'仲裁 <span class="mono">{case.ref}', page)
    assert "商品质量" in page or "质量" in page


def test_everything_usual_is_filled_in_and_each_choice_says_what_it_does(case: Arbitration, me: Desk) -> None:
    me.claim(case)
    page = re.sub(r"\s+", " ", me.get(url(case)).text)

    assert page.count('value="120.00"') == 4
    assert page.count('value="60.00"') == 2
    for says in ("支持买家：退款 ¥120.00", "支持商家：¥120.00 不退", "要求商家补充", "要求买家补充", "再走一次程序"):
        assert says in page


@pytest.mark.parametrize("kind", RULINGS)
@pytest.mark.parametrize("part", [False, True])
def test_a_ruling_decides_the_case(case: Arbitration, me: Desk, kind: str, part: bool) -> None:
    me.claim(case)
    answer = me.post(url(case, "/ruling"), part, **a_form(case, kind))
    decision = review.decisions_of("arbitration", now_of(case).id)[0]

    assert answer.status_code == (200 if part else 303)
    assert case.outcome == kind
    assert case.status == ("final" if kind == "platform_compensates" else "decided")
    assert (decision.findings, decision.text_to_party, decision.texts) == (FINDINGS, TO_MERCHANT, {"buyer": TO_BUYER})
    assert (decision.terms or {})["amounts"] == make.SHARES[kind]
    assert [entry["verdict"] for entry in decision.evidence_verdicts] == ["accepted", "accepted"]
    assert review.seal_holds(decision)


def test_a_penalty_comes_along_only_if_it_was_ticked(case: Arbitration, me: Desk) -> None:
    me.claim(case)
    me.post(url(case, "/ruling"), **a_form(case, penalty_refund_full="y"))

    assert (review.decisions_of("arbitration", now_of(case).id)[0].terms or {})["penalty"] is True


@pytest.mark.parametrize(
    ("kind", "change", "says"),
    [
        ("refund_full", {"outcome": ""}, "请选择决定"),
        ("refund_full", {"outcome": "made_up"}, "请选择决定"),
        ("refund_full", {"reason_refund_full": "J04"}, "请选择原因代码"),
        ("refund_full", {"findings": "太短了"}, "认定的事实至少写 40 个字，现在有 3 个字"),
        ("refund_full", {"words_refund_full": " "}, "请写给商家的说明"),
        ("refund_full", {"words_refund_full_buyer": ""}, "请写给买家的说明"),
        ("refund_full", {"words_refund_full_buyer": "{finding}"}, "请把写给买家的说明里的 {finding} 换成具体内容"),
        ("refund_full", {"liability_refund_full": ""}, "请选择责任方"),
        ("refund_full", {"liability_refund_full": "carrier"}, "责任方必须承担一部分金额"),
        ("refund_full", {"bears_refund_full_merchant": "119.99"}, "各方合计承担 ¥119.99，应等于争议金额 ¥120.00"),
        ("refund_full", {"bears_refund_full_merchant": "120.001"}, "请填写金额，例如 80 或 80.50，最多两位小数。"),
        ("refund_full", {"bears_refund_full_merchant": "1,20"}, "请填写金额，例如 80 或 80.50，最多两位小数。"),
        ("refund_full", {"bears_refund_full_merchant": "很多"}, "请填写金额，例如 80 或 80.50，最多两位小数。"),
        ("refund_full", {"bears_refund_full_merchant": "140", "bears_refund_full_carrier": "-20"}, "不能小于 0"),
        (
            "refund_partial",
            {"bears_refund_partial_buyer": "0", "bears_refund_partial_merchant": "120"},
            "买家承担一部分",
        ),
        ("claim_rejected", {"liability_claim_rejected": "merchant"}, "责任方必须承担一部分金额"),
        (
            "platform_compensates",
            {"penalty_platform_compensates": "y"},
            "只有承担责任的商家才能被处罚",
        ),
        ("ask_merchant", {"note_lack_merchant_2": "左边被裁掉了"}, "请选择问题类型，或清空备注"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    case: Arbitration, me: Desk, kind: str, change: dict[str, str], says: str
) -> None:
    me.claim(case)
    form = a_form(case, kind) | change

    page, part = me.post(url(case, "/ruling"), **form), me.post(url(case, "/ruling"), True, **form)

    for answer in (page, part):
        assert answer.status_code == 422
        assert says in answer.text
        assert str(form["findings"]) in answer.text
        assert all(typed in answer.text for typed in change.values() if typed.strip() not in ("", "y", "made_up"))
        assert "看得清" in answer.text
    assert part.headers["HX-Retarget"] == "#ruling"
    assert now_of(case).status == "under_decision"


def test_an_exhibit_without_a_verdict_is_named(case: Arbitration, me: Desk) -> None:
    me.claim(case)
    form = {key: "" if key.startswith("exhibit_") else value for key, value in a_form(case).items()}

    answer = me.post(url(case, "/ruling"), **form)

    assert answer.status_code == 422
    assert answer.text.count("请对 ") >= 2


@pytest.mark.parametrize("party", ["merchant", "buyer"])
def test_either_side_can_be_asked_for_more(case: Arbitration, me: Desk, party: str) -> None:
    me.claim(case)
    answer = me.post(url(case, "/ruling"), **a_form(case, f"ask_{party}"))
    request = review.latest_request("arbitration", now_of(case).id, party)

    assert answer.status_code == 303
    assert (case.status, case.awaited) == ("more_evidence", party)
    assert request is not None
    assert request.deficiencies == [{"requirement_code": f"{party}_1", "problem": "unreadable", "note": "看不清日期"}]
    page = me.get(url(case)).text
    assert "等待" in page
    assert "看不清日期" in page


def test_asking_needs_to_say_what_is_lacking_and_has_its_rounds(case: Arbitration, me: Desk, now: Clock) -> None:
    now.at += timedelta(minutes=1)
    me.claim(case)
    assert me.post(url(case, "/ruling"), **a_form(case, "ask_buyer", lack_buyer_1="")).status_code == 422
    me.post(url(case, "/ruling"), **a_form(case, "ask_buyer"))
    with unit_of_work():
        asked = session().get_one(Arbitration, case.id)
        actions.finish(asked, by=make.buyer_of(asked), at=now.at)
    me.claim(now_of(case))

    page = me.get(url(case)).text
    assert "要求补充的次数已用完" in page
    assert 'value="ask_buyer"' not in page
    assert me.post(url(case, "/ruling"), **a_form(case, "ask_buyer")).status_code == 422


def test_the_standard_words_of_a_reason_go_to_each_side_and_never_replace_somebodys_own(
    case: Arbitration, me: Desk
) -> None:
    me.claim(case)
    form = a_form(case, words_refund_full="我自己写的。", words_refund_full_buyer="")

    part, page = me.post(url(case, "/words"), True, **form).text, me.post(url(case, "/words"), **form).text

    assert part.lstrip().startswith('<div id="words-refund_full"')
    for answer in (part, page):
        assert "我自己写的。" in answer
        assert "商家没有证明，因此支持您的请求。" in answer
    assert FINDINGS in page
    assert me.post(url(case, "/words"), **(form | {"outcome": ""})).status_code == 400


def test_each_side_is_written_to_in_its_own_language(court: Court, me: Desk) -> None:
    with unit_of_work():
        found = make.under_decision(court.shop, court.merchant)
        found.after_sale.purchase.buyer.locale = "en"
    me.claim(found)
    form = a_form(found, words_refund_full="", words_refund_full_buyer="")

    part = me.post(url(found, "/words"), True, **form).text

    assert "您提交的材料不能证明，因此支持买家的请求。" in part
    assert "The merchant did not, so your request is granted." in part
    assert "用英文" in part


def test_a_kept_draft_is_back_when_the_case_is_opened_again(case: Arbitration, me: Desk, now: Clock) -> None:
    me.claim(case)
    now.at += timedelta(minutes=20)
    form = a_form(case, "refund_partial", findings="写到一半", bears_refund_partial_buyer="33.33")

    answer = me.post(f"/review/seats/{seat_of(case).id}/draft", True, **form)
    page = me.get(url(case)).text

    assert "草稿已保存，12:20。" in answer.text
    assert "写到一半" in page
    assert 'value="33.33"' in page
    assert re.search(r'value="refund_partial"\s+checked', page)
