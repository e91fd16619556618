"""Who was faster, who may not see what, and the second pair of eyes."""

from datetime import timedelta

import pytest

from portal import Portal, appeals, evidence, review
from portal.accounts.models import Person, Shop
from portal.appeals.models import Appeal
from portal.appeals.panel import CHOICES
from portal.audit import Actor
from portal.db import session, unit_of_work
from portal.penalties.models import Penalty
from tests import make
from tests.conftest import Clock
from tests.portal.appeals.rulings import FINDINGS, a_ruling
from tests.portal.review.desk import Desk, seat_of
from tests.reading import read

pytestmark = pytest.mark.usefixtures("now")
SECRET = "只有审核员知道的半句话"


class Filed:
    """A shop, its owner and their appeal under review."""

    def __init__(self, **penalty: object) -> None:
        with unit_of_work():
            self.shop: Shop = make.a_shop()
            self.owner: Person = make.a_person(shop=self.shop)
            self.by: Actor = make.actor(self.owner, self.shop)
            self.case: Appeal = make.an_appeal(self.shop, self.by, **penalty)

    @property
    def url(self) -> str:
        """Where a ruling is sent."""
        return f"/review/appeals/{self.case.ref}/ruling"

    def again(self) -> Appeal:
        """The case as it is now."""
        session().rollback()
        return session().get_one(Appeal, self.case.id, populate_existing=True)


def test_who_comes_second_is_told_who_decided_and_when_and_keeps_the_text(app: Portal, now: Clock) -> None:
    filed, me, faster = Filed(), Desk(app), Desk(app, name="陈立")
    me.claim(filed.case)
    mine = a_ruling(filed.case, "upheld", findings=SECRET * 5)
    now.at += review.CLAIM_LEASE
    faster.claim(filed.case)
    faster.post(filed.url, **a_ruling(filed.case))
    now.at += timedelta(seconds=1)

    page, part = me.post(filed.url, **mine), me.post(filed.url, True, **mine)

    for answer in (page, part):
        assert answer.status_code == 409
        assert "这张单已被陈立在 3月2日 12:25 处理，比您早一步。" in answer.text
        assert SECRET * 5 in answer.text
        assert "没有网点章" in answer.text
        assert "data-submits" not in answer.text
    assert part.headers["HX-Retarget"] == "#ruling"
    assert (filed.again().outcome, len(review.decisions_of("appeal", filed.case.id))) == ("rejected", 1)


@pytest.mark.parametrize("theirs", CHOICES)
def test_whatever_was_decided_first_each_choice_comes_back_with_its_text(
    sqlite_app: Portal, now: Clock, theirs: str
) -> None:
    filed, me, faster = Filed(), Desk(sqlite_app), Desk(sqlite_app, name="陈立")
    me.claim(filed.case)
    mine = {choice: partly(filed, a_ruling(filed.case, choice, **{f"words_{choice}": SECRET})) for choice in CHOICES}
    now.at += review.CLAIM_LEASE
    faster.claim(filed.case)
    assert faster.post(filed.url, **partly(filed, a_ruling(filed.case, theirs))).status_code == 303

    answers = {
        (choice, part): me.post(filed.url, part, **form).text for choice, form in mine.items() for part in (False, True)
    }

    for (choice, _part), page in answers.items():
        drawn = read(page)
        assert [e["value"] for e in drawn.all("input", name="outcome") if "checked" in e] == [choice]
        assert drawn.one("textarea", name=f"words_{choice}").text == SECRET
        assert "系统关闭案件的人工复核" not in page
    for part in (False, True):
        assert "缺 11 笔" in answers["needs_evidence", part]
        assert 'value="1,200"' in answers["partially_upheld", part]


def partly(filed: Filed, form: dict[str, object]) -> dict[str, object]:
    """The form with what becomes of each measure."""
    fine, points = session().get_one(Penalty, filed.case.subject_id).measures
    return form | {f"measure_{fine.id}": "reduce", f"note_measure_{fine.id}": "1,200", f"measure_{points.id}": "keep"}


def test_a_case_taken_over_meanwhile_is_not_decided_by_the_first(app: Portal, now: Clock) -> None:
    filed, me = Filed(), Desk(app)
    me.claim(filed.case)
    mine = a_ruling(filed.case)
    now.at += review.CLAIM_LEASE
    Desk(app, name="陈立").claim(filed.case)

    answer = me.post(filed.url, **mine)

    assert (answer.status_code, filed.again().status) == (409, "under_review")
    assert "陈立正在处理这张单，到 3月2日 12:50。" in answer.text


def test_who_never_claimed_or_claimed_anew_must_look_again(app: Portal) -> None:
    filed, me = Filed(), Desk(app)
    unclaimed = me.post(filed.url, **a_ruling(filed.case))
    me.claim(filed.case)
    old = a_ruling(filed.case)
    me.post(f"/review/seats/{seat_of(filed.case).id}/release")
    me.claim(filed.case)
    anew = me.post(filed.url, **old)

    assert (unclaimed.status_code, anew.status_code) == (409, 409)
    assert "请重新领取，您写的内容都还在。" in unclaimed.text
    assert "您重新领取过这张单" in anew.text
    assert me.post(filed.url, **a_ruling(filed.case)).status_code == 303


def test_a_withdrawn_case_tells_the_reviewer_who_still_writes(app: Portal, now: Clock) -> None:
    filed, me = Filed(), Desk(app)
    me.claim(filed.case)
    mine = a_ruling(filed.case)
    owner = make.a_browser(app, filed.owner)
    with unit_of_work():
        from_db = session().get_one(Appeal, filed.case.id)
        appeals.actions.withdraw(from_db, by=filed.by, at=now.at)

    answer = me.post(filed.url, **mine)

    assert owner.get("/appeals").status_code == 200
    assert answer.status_code == 409
    assert "离开了审核" in answer.text


def four_eyes(app: Portal) -> tuple[Filed, Desk]:
    """A case above the limit on which the first verdict, a rejection, was given; and who gave it."""
    filed, first = Filed(amount_minor=2_000_000), Desk(app, "senior_reviewer", name="周岚")
    first.claim(filed.case)
    first.post(filed.url, **a_ruling(filed.case, findings=SECRET * 5, words_rejected=SECRET))
    return filed, first


def test_above_the_limit_a_verdict_is_a_recommendation_and_says_so(app: Portal) -> None:
    filed, first = Filed(amount_minor=2_000_000), Desk(app)
    first.claim(filed.case)

    page = first.get(f"/review/appeals/{filed.case.ref}").text
    answer = first.post(filed.url, follow=True, **a_ruling(filed.case))

    assert "建议驳回：维持处罚（¥20,000.00）；先由资深审核员复核" in page
    assert "已转给另一位同事给出意见" in answer.text
    assert (filed.again().status, seat_of(filed.case).seat) == ("under_review", "second")


def test_the_second_person_sees_the_case_but_not_the_first_verdict(app: Portal) -> None:
    filed, first = four_eyes(app)
    second = Desk(app, "senior_reviewer")
    second.claim(filed.case)

    page = second.get(f"/review/appeals/{filed.case.ref}").text

    assert "data-decides" in page
    assert "复核意见：不成立；两人一致即生效，不一致则由第三人决定" in page
    assert SECRET not in page
    assert SECRET not in first.get(f"/review/appeals/{filed.case.ref}").text


@pytest.mark.parametrize("faster", ["周岚", "陈立"])
def test_who_wrote_the_first_verdict_too_late_is_told_who_gave_it_and_not_to_claim_the_second(
    sqlite_app: Portal, now: Clock, faster: str
) -> None:
    filed, me = Filed(amount_minor=2_000_000), Desk(sqlite_app, name="周岚")
    me.claim(filed.case)
    page = read(me.get(f"/review/appeals/{filed.case.ref}").text)
    seen = {name: page.one("input", name=name)["value"] for name in ("seat", "version")}
    late = a_ruling(filed.case, "upheld", words_upheld=FINDINGS) | seen
    now.at += review.CLAIM_LEASE
    first = me if faster == "周岚" else Desk(sqlite_app, name=faster)
    first.claim(filed.case)
    first.post(filed.url, **a_ruling(filed.case, findings=SECRET * 5, words_rejected=SECRET))
    now.at += timedelta(minutes=1)

    answer = me.post(filed.url, **late)

    assert answer.status_code == 409
    assert f"这张单已被{faster}在 3月2日 12:25 处理，比您早一步。" in answer.text
    assert FINDINGS in answer.text
    assert SECRET not in answer.text


def test_a_seat_of_another_case_is_none(sqlite_app: Portal) -> None:
    filed, other, me = Filed(), Filed(), Desk(sqlite_app)
    me.claim(filed.case)
    form = a_ruling(filed.case)

    assert me.post(filed.url, **form | {"seat": seat_of(other.case).id}).status_code == 303
    assert (filed.again().status, other.again().status) == ("completed", "under_review")


@pytest.mark.parametrize("role", ["reviewer", "lead"])
def test_the_second_seat_is_not_for_others(app: Portal, role: str) -> None:
    filed, _first = four_eyes(app)

    assert Desk(app, role).claim(filed.case).status_code in (403, 409)


def test_the_first_can_not_be_the_second(app: Portal) -> None:
    filed, first = four_eyes(app)

    assert first.claim(filed.case).status_code == 409
    assert "/claim" not in first.get("/review").text


def test_two_who_agree_decide_and_both_stand_in_the_decision(app: Portal) -> None:
    filed, first = four_eyes(app)
    second = Desk(app, "senior_reviewer")
    second.claim(filed.case)
    second.post(filed.url, **a_ruling(filed.case))
    decision = review.decisions_of("appeal", filed.again().id)[0]

    assert filed.case.outcome == "rejected"
    assert {decision.decided_by, decision.second_by} == {first.person.id, second.person.id}


def test_two_who_differ_leave_it_to_a_third(app: Portal) -> None:
    filed, first = four_eyes(app)
    second, third = Desk(app, "senior_reviewer"), Desk(app, "senior_reviewer")
    second.claim(filed.case)
    second.post(filed.url, **a_ruling(filed.case, "upheld"))

    assert (filed.again().status, seat_of(filed.case).seat) == ("under_review", "tiebreak")
    assert [desk.claim(filed.case).status_code for desk in (first, second, third)] == [409, 409, 303]
    third.post(filed.url, **a_ruling(filed.case, "upheld"))
    assert filed.again().outcome == "upheld"


def test_a_reason_that_asks_for_two_people_needs_it_from_both(app: Portal) -> None:
    filed, first, second = Filed(), Desk(app), Desk(app, "senior_reviewer")
    first.claim(filed.case)
    first.post(filed.url, **a_ruling(filed.case, reason_rejected="R05"))
    assert (filed.again().status, seat_of(filed.case).seat) == ("under_review", "second")
    second.claim(filed.case)
    second.post(filed.url, **a_ruling(filed.case, reason_rejected="R01"))

    assert (filed.again().status, seat_of(filed.case).seat) == ("under_review", "tiebreak")


def test_merchants_never_see_drafts_first_verdicts_or_claims(app: Portal) -> None:
    filed, _first = four_eyes(app)
    second = Desk(app, "senior_reviewer", name="吴桐")
    second.claim(filed.case)
    second.post(f"/review/seats/{seat_of(filed.case).id}/draft", findings=SECRET)
    owner = make.a_browser(app, filed.owner)

    for url in ("/appeals?tab=under_review", f"/appeals/{filed.case.ref}"):
        page = owner.get(url).text
        assert filed.case.ref in page
        assert not any(hidden in page for hidden in (SECRET, FINDINGS, "吴桐", "周岚"))
    for url in ("/review", f"/review/appeals/{filed.case.ref}"):
        assert owner.get(url).status_code == 403


def test_a_draft_and_what_is_not_handed_in_stay_the_shops_own(app: Portal) -> None:
    me = Desk(app)
    with unit_of_work():
        shop = make.a_shop()
        by = make.actor(make.a_person(shop=shop), shop)
        draft = make.a_draft(make.a_penalty(shop), by)
    filed = Filed()
    with unit_of_work():
        asked = make.ask_for_evidence(filed.again(), me.actor)
        file = evidence.bring(make.a_picture((1, 2, 3)), "未提交.jpg")
        appeals.actions.attach(asked, file, requirement="carrier_receipt", by=filed.by, at=make.NOON)
    items = evidence.items_of("appeal", filed.case.id)
    answers = {item.state: me.status(f"/review/appeals/{filed.case.ref}/evidence/{item.ref}") for item in items}

    assert me.get(f"/review/appeals/{draft.ref}").status_code == 404
    assert answers == {"sealed": 200, "staged": 404}
    assert "未提交.jpg" not in me.get(f"/review/appeals/{filed.case.ref}").text


def test_an_exhibit_is_only_served_under_its_own_case(app: Portal) -> None:
    first, second, me = Filed(), Filed(), Desk(app)
    item = evidence.items_of("appeal", second.case.id)[0]

    assert me.status(f"/review/appeals/{second.case.ref}/evidence/{item.ref}?preview=1") == 200
    assert me.status(f"/review/appeals/{first.case.ref}/evidence/{item.ref}") == 404
    assert me.get("/review/appeals/AP-2026-NOTTHERE").status_code == 404
