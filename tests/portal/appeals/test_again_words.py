"""Two appeals on their pages, in both languages: whatever is said of chances and of finality is true in each round."""

import re

import pytest

from jobs.sweep import sweep
from portal import Portal
from portal.appeals.models import Appeal
from portal.db import session, unit_of_work
from portal.messages.models import Notice
from tests import make
from tests.conftest import Clock
from tests.portal.appeals.again import DAY, NOON, Market, decide, fresh, penalty_of
from tests.portal.review.desk import Desk
from tests.reading import Visitor

SAID = {
    "en": {
        "more": "2 appeals are left",
        "check": "This is appeal 1 of at most 2 against this penalty.",
        "send": "Once sent, it cannot be changed.",
        "step": "you can appeal again if it is against you",
        "withdraw": "After withdrawing there is no further appeal",
        "open": "You can appeal again until",
        "by": "Appeal again by",
        "last": "This is the last appeal",
        "before": "The appeal before: Appeal not upheld",
        "start": "Appeal again",
        "draft": "The reviewer also has what you sent before.",
        "check last": "This is the last appeal against this penalty.",
        "then": "After this appeal the penalty stood. You appealed again: ",
        "final": "it was the last appeal that the rules allow",
        "used": "This penalty has been appealed as often as the rules allow: ",
        "way": "Another appeal",
        "tick": "I know that I can appeal again only if this appeal is decided against me",
        "tick last": "I know that this is the last appeal against this penalty",
        "accurate": "I have checked everything",
        "button": "Send my appeal",
        "sure": "I know that withdrawing uses up the last chance",
    },
    "zh": {
        "more": "还有 2 次申诉机会",
        "check": "这是对本次处罚的第 1 次申诉，最多 2 次。",
        "send": "提交后不能修改。",
        "step": "结果不利时可以再次申诉",
        "withdraw": "撤回后不能再次申诉",
        "open": "前再次申诉，由没有审过的审核员决定",
        "by": "再次申诉截止",
        "last": "这是最后一次申诉",
        "before": "上一次申诉：申诉不成立",
        "start": "再次申诉",
        "draft": "审核员也能看到您上一次提交的材料",
        "check last": "这是对本次处罚的最后一次申诉。",
        "then": "这次申诉后处罚维持 您已再次申诉：",
        "final": "规则允许的申诉次数已经用完",
        "used": "这个处罚的申诉次数已经用完：",
        "way": "再次申诉",
        "tick": "我知道只有这次申诉的结果对我不利，才能再次申诉",
        "tick last": "我知道这是对这个处罚的最后一次申诉",
        "accurate": "我已核对以上内容",
        "button": "确认提交申诉",
        "sure": "我知道撤回会用掉最后一次机会",
    },
}
ONLY = (
    *("one chance", "only chance", "only appeal", "appealed only once", "no second appeal", "is one appeal"),
    *("唯一", "只有一次机会", "处罚只能申诉一次", "每笔处罚", "这是最终结果，不能再次申诉"),
)
FINAL = ("is final", "结果不能更改", "最终结果", "不可更改")


@pytest.fixture(params=["zh", "en"])
def market(sqlite_app: Portal, now: Clock, request: pytest.FixtureRequest) -> Market:
    market = Market()
    with unit_of_work():
        session().merge(market.owner).locale = request.param
    return market


def shown(page: Visitor, *said: str, never: tuple[str, ...] = ()) -> Visitor:
    """The page, which says all of this and nothing of that."""
    assert page.status == 200
    for words in said:
        assert words in page.text, words
    for words in never:
        assert words not in page.text, words
    return page


def send(page: Visitor, draft: Appeal, said: dict[str, str], tick: str) -> Visitor:
    """From the check page to the receipt."""
    page.open(f"/appeals/{draft.ref}/check").tick(said["accurate"]).tick(said[tick])
    return page.press(said["button"])


def test_what_the_shop_reads_is_true_in_each_round(sqlite_app: Portal, market: Market, now: Clock) -> None:
    said = SAID[market.owner.locale or ""]
    page = Visitor(sqlite_app, market.owner)
    with unit_of_work():
        first = make.a_draft(make.a_penalty(market.shop), market.merchant)
    of = f"/penalties/{penalty_of(first).ref}"
    shown(page.open(of), said["more"], never=(*ONLY, *FINAL))
    shown(page.open("/"), never=ONLY)
    shown(page.open(f"/appeals/{first.ref}/check"), said["check"], said["send"], said["step"], never=(*ONLY, *FINAL))
    shown(send(page, first, said, "tick"), never=(*ONLY, *FINAL))
    shown(page.open(f"/appeals/{first.ref}/withdrawal"), said["withdraw"], never=ONLY)
    with unit_of_work():
        decide(fresh(first), market.first, "rejected", NOON + DAY)
    now.at = NOON + 2 * DAY
    page = Visitor(sqlite_app, fresh(market.owner))
    shown(page.open(f"/appeals/{first.ref}"), said["open"], said["way"], never=(*ONLY, *FINAL))
    for listed in ("/", "/appeals"):
        shown(page.open(listed), said["before"], said["start"], never=ONLY)
    assert [one["href"] for one in page.page.all("a") if one.text == said["before"]] == [f"/appeals/{first.ref}"]
    stale = Visitor(sqlite_app, fresh(market.owner)).open(of)
    shown(page.open(of), said["by"], said["last"]).press(said["start"])
    second = session().query(Appeal).filter_by(round_no=2).one()
    assert page.url == f"/appeals/{second.ref}/draft"
    shown(page, said["draft"], first.ref)
    with unit_of_work():
        make.a_draft(penalty_of(first), market.merchant, now.at)
    shown(page.open(f"/appeals/{second.ref}/check"), said["check last"], FINAL[market.owner.locale == "zh"], never=ONLY)
    send(page, second, said, "tick last")
    assert said["sure"] in page.open(f"/appeals/{second.ref}/withdrawal").text
    shown(page.open(f"/appeals/{first.ref}"), said["then"] + second.ref, never=(*ONLY, *FINAL))
    with unit_of_work():
        decide(fresh(second), market.other, "rejected", now.at)
    shown(page.open(f"/appeals/{second.ref}"), said["final"], first.ref, never=ONLY)
    shown(stale.press(said["start"]), f"{said['used']}{first.ref}, {second.ref}")
    assert stale.url == f"/appeals/{second.ref}"


def test_the_notice_of_a_penalty_says_that_it_can_be_appealed_again(market: Market) -> None:
    with unit_of_work():
        make.a_penalty(market.shop)
    assert session().query(Notice).one().template == "penalty.issued_again"


def test_when_the_time_is_over_the_decision_is_final_and_the_draft_can_be_read(sqlite_app: Portal, now: Clock) -> None:
    market = Market()
    first = market.decided()
    with unit_of_work():
        session().merge(market.owner).locale = "en"
        draft = make.a_draft(penalty_of(first), market.merchant, NOON + 2 * DAY)
    now.at = NOON + 20 * DAY
    sweep(now.at)
    page = Visitor(sqlite_app, fresh(market.owner)).open(f"/appeals/{first.ref}")
    shown(page, "The time to appeal again ended at", "this result is final", never=("Another appeal",))
    page.open(f"/penalties/{penalty_of(first).ref}")
    shown(page, "Appeal filed", "Appeal not upheld", "Read the draft that was not sent", never=("Appeal again",))
    shown(page.open(f"/appeals/{draft.ref}"), "This draft was never sent.", first.ref)


def test_who_asks_for_a_person_is_told_what_becomes_of_the_other_appeal(sqlite_app: Portal, now: Clock) -> None:
    market = Market()
    first = market.timed_out()
    with unit_of_work():
        session().merge(market.owner).locale = "en"
    now.at = NOON + 6 * DAY
    page = Visitor(sqlite_app, fresh(market.owner)).open(f"/redress/{first.ref}/human-review")
    shown(page, "If you ask for a person first, that waits").tick("I know that this is possible once")
    page.press("Ask for a human review")
    assert "If they decide against you, the time to appeal again starts anew." in page.text


def test_what_the_button_of_the_reviewer_says_is_true_in_each_round(sqlite_app: Portal, now: Clock) -> None:
    market, me = Market(), Desk(sqlite_app)
    with unit_of_work():
        first = make.an_appeal(market.shop, market.merchant)
    me.claim(first)
    page = re.sub(r"\s+", " ", me.get(f"/review/appeals/{first.ref}").text)
    for says in (
        "部分成立：按上面的结果减轻处罚（¥2,400.00），本次申诉结束，商家可以再次申诉",
        "驳回：处罚（¥2,400.00）维持，本次申诉结束，商家可以再次申诉",
        "不予受理：处罚（¥2,400.00）维持，本次申诉结束，商家可以再次申诉",
        "成立：撤销处罚（¥2,400.00），案件结束",
    ):
        assert says in page
    with unit_of_work():
        decide(fresh(first), me.actor, "partially_upheld", NOON + DAY)
    now.at = NOON + 2 * DAY
    second, other = market.again(fresh(first)), Desk(sqlite_app)
    other.claim(second)
    page = re.sub(r"\s+", " ", other.get(f"/review/appeals/{second.ref}").text)
    for says in (
        "驳回：处罚（¥1,200.00）维持，案件结束，商家不能再申诉",
        "部分成立：按上面的结果减轻处罚（¥1,200.00），案件结束",
        "第 1 次申诉，共 2 次",
        make.a_verdict(fresh(first)).findings,
        f"/review/appeals/{first.ref}/evidence/",
    ):
        assert says in page, says
    assert Desk(sqlite_app, person=me.person).claim(second).status_code == 409
