"""Rulings: each kind with what follows from it, by one person or by two, and on what was asked for."""

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import evidence, review
from portal.arbitration import actions, queries
from portal.arbitration.models import Arbitration
from portal.db import session
from portal.messages.models import Notice
from portal.penalties.models import Penalty
from portal.refusals import Overtaken
from portal.review.models import Decision
from tests import arbitration as make
from tests.make import NOON
from tests.portal.arbitration.conftest import Court
from tests.portal.arbitration.doing import DAY, HOUR, anew, case_of, do, refused, sound

ENDS = {
    "refund_full": ("refund_pending", 12_000),
    "refund_partial": ("refund_pending", 8_000),
    "return_then_refund": ("awaiting_return", 12_000),
    "exchange_or_reship": ("awaiting_shipment", 12_000),
    "claim_rejected": ("closed", None),
    "platform_compensates": ("refund_pending", 12_000),
}


@pytest.mark.parametrize("kind", ENDS)
def test_each_ruling_leads_the_case_where_it_says(court: Court, kind: str) -> None:
    found = do(make.ruled, court.shop, court.merchant, court.reviewer, kind)
    assert anew(found).status == ("decided" if make.a_ruling(kind).losers() else "final")
    sweep(NOON + 9 * DAY)
    assert anew(found).status == "final"
    assert (case_of(found).status, case_of(found).agreed_minor) == ENDS[kind]
    sound()


def test_both_sides_get_the_words_meant_for_them(court: Court) -> None:
    found = do(make.ruled, court.shop, court.merchant, court.reviewer)
    decision = session().scalars(select(Decision).where(Decision.case_type == "arbitration")).one()
    assert decision.texts == {"buyer": make.a_verdict(found).texts["buyer"]}
    assert review.seal_holds(decision)
    assert decision.rules[0]["code"] == "QUALITY_DEFECT"


def test_above_the_policys_amount_two_people_rule(court: Court) -> None:
    found = do(make.under_decision, court.shop, court.merchant)
    dear = make.a_verdict(found, reason_code="J09")
    assert (
        do(actions.decide, found, do(make.a_seat, found, court.reviewer), verdict=dear, by=court.reviewer, at=NOON)
        is None
    )
    seat = review.open_seat_of("arbitration", found.id)
    assert seat is not None
    assert seat.seat == "second"
    assert refused(review.claim, seat, by=court.other, at=NOON) == "seat_for_senior"
    do(actions.decide, anew(found), do(make.a_seat, found, court.senior), verdict=dear, by=court.senior, at=NOON)
    decision = session().scalars(select(Decision)).one()
    assert (decision.decided_by, decision.second_by) == (court.reviewer.person_id, court.senior.person_id)
    sound()


def test_two_people_who_differ_in_the_amounts_call_in_a_third(court: Court) -> None:
    found = do(make.under_decision, court.shop, court.merchant)
    first = make.a_verdict(found, "refund_partial", reason_code="J09")
    do(actions.decide, found, do(make.a_seat, found, court.reviewer), verdict=first, by=court.reviewer, at=NOON)
    other = make.a_ruling("refund_partial", amounts={"merchant": 7_000, "buyer": 5_000})
    second = make.a_verdict(found, "refund_partial", other, reason_code="J09")
    do(actions.decide, anew(found), do(make.a_seat, found, court.senior), verdict=second, by=court.senior, at=NOON)
    seat = review.open_seat_of("arbitration", found.id)
    assert seat is not None
    assert (seat.seat, anew(found).status) == ("tiebreak", "under_decision")
    sound()


def test_nobody_of_the_shop_and_nobody_who_ruled_before_judges(court: Court) -> None:
    found = do(make.ruled, court.shop, court.merchant, court.reviewer, "claim_rejected")
    more = {"ground": "new_fact", "statement": "新的检测报告显示茶叶在签收前已经受潮发霉。", "key": "again"}
    do(actions.ask_again, anew(found), **more, by=make.buyer_of(anew(found)), at=NOON + HOUR)
    second = queries.of_case(case_of(found))[1]
    do(actions.finish, second, by=court.merchant, at=NOON + HOUR)
    seat = review.open_seat_of("arbitration", second.id)
    assert seat is not None
    assert refused(review.claim, seat, by=court.reviewer, at=NOON + HOUR) == "not_independent"
    do(review.claim, seat, by=court.other, at=NOON + HOUR)


@pytest.mark.parametrize("party", ["merchant", "buyer"])
def test_one_side_is_asked_for_more_and_the_other_answers_it(court: Court, party: str) -> None:
    found = do(make.under_decision, court.shop, court.merchant)
    ask(court, found, party)
    assert (anew(found).status, anew(found).awaited) == ("more_evidence", party)
    here, there = sides(court, found, party)
    assert refused(make.hand_in, anew(found), there, NOON + HOUR) == "too_late"
    do(make.hand_in, anew(found), here, NOON + HOUR)
    assert anew(found).status == "rebuttal"
    assert queries.own_clock(anew(found), party) is None
    do(make.hand_in, anew(found), there, NOON + 2 * HOUR)
    assert anew(found).status == "under_decision"
    answers = [one for one in evidence.submissions_of("aftersale", found.after_sale_id) if one.answers_request_id]
    assert [one.party for one in answers] == [party]
    sound()


def test_whoever_does_not_answer_blocks_nothing_and_the_platforms_time_goes_on(court: Court) -> None:
    found = do(make.under_decision, court.shop, court.merchant)
    due = anew(found).due_at
    ask(court, found, "merchant")
    sweep(NOON + 4 * DAY)
    assert anew(found).status == "under_decision"
    assert anew(found).due_at is not None
    assert due is not None
    assert anew(found).due_at > due
    sound()


def test_what_can_be_asked_is_named_and_asked_once(court: Court) -> None:
    found = do(make.under_decision, court.shop, court.merchant)
    seat = do(make.a_seat, found, court.reviewer)
    asked = {"party": "buyer", "reason_code": "N01", "text_to_party": "请补充。", "by": court.reviewer, "at": NOON}
    lack = {"requirement_code": "merchant_1", "problem": "missing", "note": ""}
    assert refused(actions.ask_for_evidence, anew(found), seat, deficiencies=[], **asked) == "no_deficiency"
    assert refused(actions.ask_for_evidence, anew(found), seat, deficiencies=[lack], **asked) == "no_such_requirement"
    ask(court, found, "buyer")
    sweep(NOON + 4 * DAY)
    seat = do(make.a_seat, anew(found), court.reviewer, NOON + 4 * DAY)
    again = asked | {"at": NOON + 4 * DAY}
    more = {**lack, "requirement_code": "buyer_1"}
    assert refused(actions.ask_for_evidence, anew(found), seat, deficiencies=[more], **again) == "no_more_rounds"


def test_a_late_ruling_is_shown_and_told_but_never_given_by_time(court: Court) -> None:
    found = do(make.under_decision, court.shop, court.merchant)
    sweep(NOON + 30 * DAY)
    assert (anew(found).status, anew(found).overdue) == ("under_decision", True)
    told = session().scalars(select(Notice.template).where(Notice.template.like("arbitration.overdue%"))).all()
    assert sorted(told) == ["arbitration.overdue", "arbitration.overdue_lead"]
    do(make.rule, anew(found), court.reviewer, at=NOON + 30 * DAY)
    sound()


def test_a_ruling_may_bring_a_penalty_whose_appeal_leaves_the_refund_alone(court: Court) -> None:
    found = do(make.under_decision, court.shop, court.merchant)
    found_out = "买家林兰，电话 13812345678，照片上外盒压痕清楚，商家没有打包录像，责任在商家。"
    do(make.rule, found, court.reviewer, ruling=make.a_ruling(penalty=True), findings=found_out)
    assert session().scalars(select(Penalty)).all() == []
    sweep(NOON + 20 * DAY)
    penalty = session().scalars(select(Penalty)).one()
    assert (penalty.external_id, penalty.rule_code, penalty.order_no) == (
        found.ref, "REFUSED_AFTER_SALE", case_of(found).order_no,
    )  # fmt: skip
    assert ("责任在商家" in penalty.facts, "13812345678" in penalty.facts) == (True, False)
    assert penalty.notified_at == NOON + 20 * DAY  # the sweep was late: the shop was told then, and not before
    assert case_of(found).status == "refund_pending"
    sound()


def test_of_two_who_rule_at_once_the_second_is_told(court: Court) -> None:
    found = do(make.under_decision, court.shop, court.merchant)
    seat = do(make.a_seat, found, court.reviewer)
    do(actions.decide, found, seat, verdict=make.a_verdict(found), by=court.reviewer, at=NOON)
    with pytest.raises(Overtaken) as why:
        do(review.hold, seat, by=court.other, at=NOON, version=seat.version)
    assert why.value.code == "already_decided"


def ask(court: Court, found: Arbitration, party: str) -> None:
    """Ask one side for the first thing on its list."""
    lack = {"requirement_code": f"{party}_1", "problem": "missing", "note": "请补拍"}
    seat = do(make.a_seat, anew(found), court.reviewer)
    do(
        actions.ask_for_evidence, anew(found), seat, party=party, reason_code="N01",
        text_to_party="请补充一张清晰的照片。", deficiencies=[lack], by=court.reviewer, at=NOON,
    )  # fmt: skip


def sides(court: Court, found: Arbitration, party: str) -> tuple[make.Actor, make.Actor]:
    """This side and the other."""
    both = (court.merchant, make.buyer_of(anew(found)))
    return both if party == "merchant" else (both[1], both[0])
