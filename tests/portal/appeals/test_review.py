"""The reviewer's page of an appeal, and the ruling: with htmx and without."""

import re
from datetime import timedelta

import pytest
from flask_babel import force_locale

from portal import Portal, review
from portal.appeals import panel
from portal.appeals.models import Appeal
from portal.db import session, unit_of_work
from portal.penalties.models import Penalty
from portal.review.lifecycle import text_faults
from tests import make
from tests.conftest import Clock
from tests.make import NOON
from tests.portal.appeals.rulings import FINDINGS, SAID, a_ruling
from tests.portal.review.desk import Desk, refs

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def case(app: Portal) -> Appeal:
    """An appeal that waits in the queue."""
    with unit_of_work():
        shop = make.a_shop()
        return make.an_appeal(shop, make.actor(make.a_person(shop=shop), shop))


@pytest.fixture
def me(app: Portal) -> Desk:
    """A reviewer."""
    return Desk(app)


def url(appeal: Appeal, more: str = "") -> str:
    """The reviewer's page of the case."""
    return f"/review/appeals/{appeal.ref}{more}"


def rule(me: Desk, appeal: Appeal, choice: str = "rejected", part: bool = False, **fields: object) -> int:
    """Claim and rule; what the answer's status is."""
    me.claim(appeal)
    return me.post(url(appeal, "/ruling"), part, **a_ruling(appeal, choice, **fields)).status_code


def now_of(appeal: Appeal) -> Appeal:
    """The case as it is now."""
    session().rollback()
    return session().get_one(Appeal, appeal.id, populate_existing=True)


def test_both_sides_stand_side_by_side(case: Appeal, me: Desk) -> None:
    page = me.get(url(case)).text

    assert "12 笔订单点击发货后没有揽收记录。" in page
    assert "发货规则第 4.2 条" in page
    assert "12 笔订单的包裹于当天 17:10 由快递网点上门揽收" in page
    assert page.count('alt="A1') + page.count('alt="A2') == 3  # the large picture, and two in the strip


def test_htmx_gets_the_row_with_its_panel_and_a_browser_the_page(case: Appeal, me: Desk) -> None:
    page, part = me.get(url(case)), me.get(url(case), part=True)

    assert "<!DOCTYPE html>" in page.text
    assert part.text.lstrip().startswith('<tbody role="rowgroup"')
    assert refs(page.text) == refs(part.text) == [case.ref]


def test_opening_a_case_closes_the_one_that_was_open(case: Appeal, me: Desk, app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        other = make.an_appeal(shop, make.actor(make.a_person(shop=shop), shop))

    part = me.get(url(case, f"?open={other.ref}"), part=True).text

    assert re.search(rf'id="case-{other.ref}"\s+data-case\s+hx-swap-oob="true"', part)
    assert part.count('class="panel"') == 1


def test_the_form_is_for_who_holds_the_case(case: Appeal, me: Desk, app: Portal) -> None:
    before = me.get(url(case)).text
    me.claim(case)

    assert "data-decides" not in before
    assert "data-decides" in me.get(url(case)).text
    assert "data-decides" not in Desk(app).get(url(case)).text
    assert "data-decides" not in Desk(app, "lead").get(url(case)).text


def test_each_choice_says_what_it_does_before_it_is_sent(case: Appeal, me: Desk) -> None:
    me.claim(case)
    page = re.sub(r"\s+", " ", me.get(url(case)).text)

    for says in (
        "成立：撤销处罚（¥2,400.00），案件结束",
        "部分成立：按上面的结果减轻处罚（¥2,400.00），案件结束",
        "驳回：处罚（¥2,400.00）维持，案件结束，商家不能再申诉",
        "不予受理：处罚（¥2,400.00）维持，案件结束，商家不能再申诉",
        "要求补充：退回商家，3月5日 星期四 24:00 前可以补交",
    ):
        assert says in page


@pytest.mark.parametrize("outcome", ["upheld", "rejected", "inadmissible"])
@pytest.mark.parametrize("part", [False, True])
def test_a_ruling_ends_the_case(case: Appeal, me: Desk, outcome: str, part: bool) -> None:
    status = rule(me, case, outcome, part)
    decision = review.decisions_of("appeal", now_of(case).id)[0]

    assert status == (200 if part else 303)
    assert (case.status, case.outcome) == ("completed", outcome)
    assert (decision.findings, decision.text_to_party, decision.decided_by) == (FINDINGS, SAID, me.person.id)
    assert [entry["verdict"] for entry in decision.evidence_verdicts] == ["rejected", "rejected"]
    assert review.seal_holds(decision)


def test_a_partial_ruling_reduces_what_it_names(case: Appeal, me: Desk) -> None:
    fine, points = session().get_one(Penalty, case.subject_id).measures
    measures = {f"measure_{fine.id}": "reduce", f"note_measure_{fine.id}": "1,200", f"measure_{points.id}": "keep"}

    rule(me, case, "partially_upheld", **measures)

    assert now_of(case).outcome == "partially_upheld"
    assert session().get_one(Penalty, case.subject_id).measures[0].params["amount_minor"] == 120_000


def test_asking_for_evidence_sends_the_case_back_with_what_is_lacking(case: Appeal, me: Desk) -> None:
    rule(me, case, "needs_evidence")
    request = review.latest_request("appeal", now_of(case).id)

    assert case.status == "needs_evidence"
    assert request is not None
    assert request.deficiencies == [
        {"requirement_code": "carrier_receipt", "problem": "incomplete", "note": "缺 11 笔"}
    ]
    assert "等待商家补充材料" in me.get(url(case)).text


def test_evidence_is_not_offered_when_its_rounds_are_used_up(app: Portal, me: Desk) -> None:
    with unit_of_work():
        shop = make.a_shop()
        by = make.actor(make.a_person(shop=shop), shop)
        case = make.supplement(make.ask_for_evidence(make.an_appeal(shop, by), me.actor), by)

    me.claim(case)
    page = me.get(url(case)).text

    assert "补充次数已用完" in page
    assert 'value="needs_evidence"' not in page
    assert "第 1 次要求补充" in page
    assert rule(me, case, "needs_evidence") == 422


def test_after_a_ruling_the_next_case_opens_in_its_place(app: Portal, case: Appeal, me: Desk) -> None:
    with unit_of_work():
        shop = make.a_shop()
        other = make.an_appeal(shop, make.actor(make.a_person(shop=shop), shop), make.NOON + timedelta(days=1))
    me.claim(case)

    answer = me.post(url(case, "/ruling"), True, **a_ruling(case))
    part = me.get(answer.location, part=True)

    assert (answer.status_code, answer.location) == (303, url(other, f"?done={case.ref}"))
    assert re.search(rf'id="case-{other.ref}"\s+hx-swap-oob="delete"', part.text)
    assert part.text.count('class="panel"') == 1
    assert re.search(r'id="count-all"\s+hx-swap-oob="true">1<', part.text)
    assert re.search(r'id="done-today"\s+hx-swap-oob="true">\D*1\D*<', part.text)
    assert "say" in part.headers["HX-Trigger"]


def test_without_scripts_the_next_case_is_a_page(app: Portal, case: Appeal, me: Desk) -> None:
    with unit_of_work():
        shop = make.a_shop()
        other = make.an_appeal(shop, make.actor(make.a_person(shop=shop), shop))
    me.claim(case)

    answer = me.post(url(case, "/ruling"), follow=True, **a_ruling(case))

    assert answer.request.path == url(other)
    assert f"{case.ref} 已作出决定。" in answer.text


def test_when_nothing_is_left_the_queue_says_so(case: Appeal, me: Desk) -> None:
    me.claim(case)

    answer = me.post(url(case, "/ruling"), True, **a_ruling(case))

    assert answer.headers["HX-Redirect"] == "/review"
    assert "队列已清空" in me.get("/review").text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"outcome": ""}, "请选择决定"),
        ({"reason_rejected": "A01"}, "请选择原因代码"),
        ({"findings": "太短了"}, "认定的事实至少写 40 个字，现在有 3 个字"),
        ({"words_rejected": "  "}, "请写给商家的说明"),
        ({"findings": "\u200b" * 60}, "认定的事实至少写 40 个字，现在有 0 个字"),
        ({"words_rejected": "\u2060"}, "请写给商家的说明"),
        ({"findings": "多" * 4001}, "最多 4000 字，现有 4001 字"),
        ({"words_rejected": "没有回应：{issue}。"}, "请把写给商家的说明里的 {issue} 换成具体内容"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    case: Appeal, me: Desk, change: dict[str, str], says: str
) -> None:
    me.claim(case)
    form = a_ruling(case) | change

    page, part = me.post(url(case, "/ruling"), **form), me.post(url(case, "/ruling"), True, **form)

    for answer in (page, part):
        assert answer.status_code == 422
        assert says in answer.text
        assert str(form["findings"]) in answer.text
        assert "没有网点章" in answer.text
    assert part.headers["HX-Retarget"] == "#ruling"
    assert now_of(case).status == "under_review"


def test_an_exhibit_without_a_verdict_is_named(case: Appeal, me: Desk) -> None:
    me.claim(case)
    form = {key: "" if key.startswith("exhibit_") else value for key, value in a_ruling(case).items()}

    answer = me.post(url(case, "/ruling"), **form)

    assert answer.status_code == 422
    assert "请对 A1 " in answer.text


def test_evidence_can_not_be_asked_for_without_saying_which(case: Appeal, me: Desk) -> None:
    me.claim(case)
    nothing = {"lack_carrier_receipt": "", "note_lack_carrier_receipt": ""}
    answer = me.post(url(case, "/ruling"), **a_ruling(case, "needs_evidence", **nothing))
    assert (answer.status_code, "请至少指出一项缺少的材料" in answer.text) == (422, True)
    assert now_of(case).status == "under_review"


def test_a_note_or_a_figure_that_would_come_to_nothing_is_asked_about(case: Appeal, me: Desk) -> None:
    fine, points = session().get_one(Penalty, case.subject_id).measures
    kept = {f"measure_{fine.id}": "keep", f"note_measure_{fine.id}": "1,200", f"measure_{points.id}": "lift"}
    asks = {"note_lack_tracking_trace": "左边被裁掉了"}
    for choice, typed, says in (
        ("partially_upheld", kept, "只有选择“减轻”才需要新数值"),
        ("needs_evidence", asks, "请选择问题类型，或清空备注"),
    ):
        me.claim(case)
        answer = me.post(url(case, "/ruling"), **a_ruling(case, choice, **typed))
        assert (answer.status_code, says in answer.text) == (422, True)
    assert now_of(case).status == "under_review"


def test_what_is_inadmissible_is_said_without_a_day_for_an_appeal_too_late_is_never_taken_in(
    case: Appeal, me: Desk
) -> None:
    with force_locale("zh_Hans_CN"):
        matter = panel.matter(case, NOON)
        said = {reason.code: matter.words(reason) for reason in matter.reasons("inadmissible")}
    assert {code: text_faults(words) for code, words in said.items()} == {"R04": []}
    assert not any("期限" in words for words in said.values())
    me.claim(case)
    form = a_ruling(case, "inadmissible", reason_inadmissible="R04", words_inadmissible=said["R04"])
    assert me.post(url(case, "/ruling"), **form).status_code == 303


def test_the_standard_words_of_a_reason_never_replace_somebodys_own(case: Appeal, me: Desk) -> None:
    me.claim(case)
    form = a_ruling(case, reason_rejected="R03", words_rejected="")

    fresh = me.post(url(case, "/words"), True, **form).text
    changed = me.post(url(case, "/words"), True, **form | {"words_rejected": "我自己写的。"}).text
    page = me.post(url(case, "/words"), **form).text

    assert fresh.lstrip().startswith('<div id="words-rejected"')
    assert "您提供的材料显示违规情形确实发生：{查明的情况}" in fresh
    assert "我自己写的。" in changed
    assert "您提供的材料显示违规情形确实发生：{查明的情况}" in page
    assert FINDINGS in page


def test_a_kept_draft_is_back_when_the_case_is_opened_again(case: Appeal, me: Desk, now: Clock) -> None:
    me.claim(case)
    now.at += timedelta(minutes=20)
    seat = review.open_seat_of("appeal", case.id)
    assert seat is not None
    form = {key: value for key, value in a_ruling(case, findings="写到一半").items() if key != "csrf_token"}

    answer = me.post(f"/review/seats/{seat.id}/draft", True, **form)
    page = me.get(url(case)).text

    assert "草稿已保存，12:20。" in answer.text
    assert "由您处理到 12:45" in answer.text
    assert "写到一半" in page
    assert re.search(r'value="rejected"\s+checked', page)
