"""Who was faster, who may not judge, and the second pair of eyes, in a dispute."""

from datetime import timedelta

import pytest

from portal import Portal, aftersales, evidence, policies, review
from portal.accounts.models import Person
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import session, unit_of_work
from tests import arbitration as make
from tests.aftersales import Line, a_purchase, an_exhibit
from tests.conftest import Clock
from tests.make import NOON
from tests.portal.arbitration.conftest import Court
from tests.portal.arbitration.rulings import FINDINGS, a_form
from tests.portal.review.desk import Desk, seat_of
from tests.reading import read

pytestmark = pytest.mark.usefixtures("now")
SECRET = "只有审核员知道的半句话"


@pytest.fixture
def case(court: Court) -> Arbitration:
    """A dispute that waits in the queue."""
    with unit_of_work():
        return make.under_decision(court.shop, court.merchant)


def url(case: Arbitration, more: str = "/ruling") -> str:
    """Where a ruling is sent."""
    return f"/review/arbitrations/{case.ref}{more}"


def again(case: Arbitration) -> Arbitration:
    """The case as it is now."""
    session().rollback()
    return session().get_one(Arbitration, case.id, populate_existing=True)


def dear(court: Court) -> Arbitration:
    """A dispute above the limit of one pair of eyes."""
    with unit_of_work():
        lines = (Line("TEA-1", "老班章整箱", 1, 1_000_100),)
        order = a_purchase(court.shop, paid_minor=1_000_100, lines=lines)
        return make.under_decision(court.shop, court.merchant, order=order)


def of_dear(case: Arbitration, kind: str = "refund_full", **fields: object) -> dict[str, object]:
    """The form about it, with the shares of its amount."""
    bearer = {"refund_full": "merchant", "platform_compensates": "platform"}[kind]
    return a_form(case, kind, **{f"bears_{kind}_{bearer}": "10,001.00"}, **fields)


def rule(desk: Desk, case: Arbitration, **form: object) -> int:
    """Claim and send; what the answer's status is."""
    desk.claim(again(case))
    return desk.post(url(case), **(form | {"version": seat_of(case).version})).status_code


def test_who_comes_second_is_told_who_decided_and_when_and_keeps_the_text(
    app: Portal, case: Arbitration, now: Clock
) -> None:
    me, faster = Desk(app), Desk(app, name="陈立")
    me.claim(case)
    mine = a_form(case, "refund_partial", findings=SECRET * 5, bears_refund_partial_buyer="33.33")
    now.at += review.CLAIM_LEASE
    faster.claim(case)
    faster.post(url(case), **a_form(case))
    now.at += timedelta(seconds=1)

    page, part = me.post(url(case), **mine), me.post(url(case), True, **mine)

    for answer in (page, part):
        assert answer.status_code == 409
        assert "这张单已被陈立在 3月2日 12:25 处理，比您早一步。" in answer.text
        assert SECRET * 5 in answer.text
        assert 'value="33.33"' in answer.text
        assert "data-submits" not in answer.text
    assert part.headers["HX-Retarget"] == "#ruling"
    assert (again(case).outcome, len(review.decisions_of("arbitration", case.id))) == ("refund_full", 1)


def test_what_one_wanted_to_ask_comes_back_when_no_round_to_ask_is_left(
    app: Portal, court: Court, case: Arbitration, now: Clock
) -> None:
    me, faster, rounds = Desk(app), Desk(app, name="陈立"), policies.body(case.policy_version_id).arbitration
    with unit_of_work():
        session().merge(case).supplement_rounds = rounds.max_supplement_rounds - 1
    me.claim(case)
    mine = a_form(case, "ask_buyer", words_ask_buyer_buyer=SECRET)
    now.at += review.CLAIM_LEASE
    faster.claim(case)
    assert faster.post(url(case), **a_form(case, "ask_merchant")).status_code == 303

    for part in (False, True):
        page = read(me.post(url(case), part, **mine).text)
        assert [e["value"] for e in page.all("input", name="outcome") if "checked" in e] == ["ask_buyer"]
        assert page.one("textarea", name="words_ask_buyer_buyer").text == SECRET
        assert page.one("input", name="note_lack_buyer_1")["value"] == "看不清日期"


def test_a_dispute_settled_meanwhile_tells_the_reviewer_who_still_writes(
    app: Portal, court: Court, case: Arbitration
) -> None:
    me = Desk(app)
    me.claim(case)
    mine = a_form(case)
    with unit_of_work():
        found = session().get_one(Arbitration, case.id).after_sale
        aftersales.actions.cancel(found, by=aftersales.as_buyer(found), at=NOON)

    answer = me.post(url(case), **mine)

    assert answer.status_code == 409
    assert "离开了审核" in answer.text
    assert FINDINGS in answer.text
    assert again(case).status == "withdrawn"


def test_above_the_limit_a_ruling_is_a_recommendation_that_the_second_person_does_not_see(
    app: Portal, court: Court
) -> None:
    case, first, second = dear(court), Desk(app), Desk(app, "senior_reviewer")
    first.claim(case)
    assert "建议支持买家" in first.get(url(case, "")).text
    first.post(url(case), **of_dear(case, findings=SECRET * 5))
    assert (again(case).status, seat_of(case).seat) == ("under_decision", "second")
    second.claim(case)
    page = second.get(url(case, "")).text

    assert "复核意见" in page
    assert SECRET not in page
    second.post(url(case), **of_dear(case))
    decision = review.decisions_of("arbitration", again(case).id)[0]
    assert {decision.decided_by, decision.second_by} == {first.person.id, second.person.id}


def test_two_who_differ_leave_it_to_a_third(app: Portal, court: Court) -> None:
    case, first = dear(court), Desk(app, "senior_reviewer")
    second, third = Desk(app, "senior_reviewer"), Desk(app, "senior_reviewer")
    rule(first, case, **of_dear(case))
    rule(second, case, **of_dear(case, "platform_compensates"))

    assert (again(case).status, seat_of(case).seat) == ("under_decision", "tiebreak")
    assert [desk.claim(case).status_code for desk in (first, second, third)] == [409, 409, 303]
    third.post(url(case), **of_dear(case, "platform_compensates"))
    assert again(case).outcome == "platform_compensates"


def test_a_grave_reason_needs_two_people(app: Portal, case: Arbitration) -> None:
    rule(Desk(app), case, **a_form(case, reason_refund_full="J09"))

    assert (again(case).status, seat_of(case).seat) == ("under_decision", "second")


def test_who_is_involved_or_judged_before_does_not_judge(app: Portal, court: Court, case: Arbitration) -> None:
    judge = Desk(app)
    rule(judge, case, **a_form(case, "claim_rejected"))
    with unit_of_work():
        second = make.looked_at_again(session().get_one(Arbitration, case.id))
        make.actions.finish(second, by=court.merchant, at=NOON)

    assert judge.claim(second).status_code == 409
    page = judge.get(url(second, "")).text
    assert "复审，申请方：买家" in page
    assert "复审理由：有新的事实" in page
    assert FINDINGS in page
    other = Desk(app)
    assert rule(other, second, **a_form(second)) == 303
    assert (again(second).status, again(case).status) == ("final", "final")


def test_a_lead_reads_and_merchants_do_not(app: Portal, court: Court, case: Arbitration) -> None:
    lead = Desk(app, "lead")
    owner = Desk(app, person=session().get_one(Person, court.merchant.person_id))

    assert lead.status(url(case, "")) == 200
    assert lead.claim(case).status_code == 403
    assert lead.post(url(case), **a_form(case)).status_code == 403
    assert owner.status(url(case, "")) == 403


def test_reviewers_see_what_was_handed_in_by_either_side_and_nothing_else(
    app: Portal, court: Court, case: Arbitration
) -> None:
    me = Desk(app)
    with unit_of_work():
        asked = make.ask(session().get_one(Arbitration, case.id), me.actor, "buyer", NOON + timedelta(minutes=1))
        other = make.an_arbitration(court.shop, court.merchant)
        buyer: Actor = make.buyer_of(asked)
        for by in (buyer, court.merchant):
            an_exhibit(other.after_sale, by)
            make.hand_in(other, by)
        an_exhibit(asked.after_sale, buyer)
    staged = evidence.items_of("aftersale", asked.after_sale_id, state="staged")[0]
    sealed = evidence.items_of("aftersale", other.after_sale_id, state="sealed")

    assert me.status(url(asked, f"/evidence/{staged.ref}")) == 404
    assert [me.status(url(other, f"/evidence/{item.ref}?preview=1")) for item in sealed] == [200, 200]
    assert me.status(url(asked, f"/evidence/{sealed[0].ref}")) == 404
    assert me.status("/review/arbitrations/AR-2026-NOTTHERE") == 404
    assert me.status(url(other, "")) == 404  # nobody is to decide there yet
