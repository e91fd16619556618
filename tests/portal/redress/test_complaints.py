"""Complaints: who can file one, when, who answers, and that nothing of the outcome changes by it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import Portal, audit, deadlines
from portal.cli import invariants
from portal.db import session, unit_of_work
from portal.messages.models import Notice
from portal.redress import actions
from portal.refusals import Refused
from tests import arbitration as disputes
from tests import make, redress, rulings
from tests.buyer_mails import mails_to_buyer, told_buyer
from tests.make import NOON
from tests.portal.redress.conftest import House
from tests.redress import ANSWER, STATEMENT, again

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def notices() -> list[str]:
    """Which notices were written, in order."""
    return list(session().scalars(select(Notice.template).order_by(Notice.id)))


def whole() -> bool:
    """Whether every invariant holds, every history too."""
    return list(invariants.faults()) == [] == list(audit.faults())


def test_a_complaint_is_filed_and_answered_and_the_outcome_stays(house: House) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
    with unit_of_work():
        complaint = redress.a_complaint(appeal, house.merchant, NOON + DAY)
        assert complaint.due_at == deadlines.running("complaint", complaint.id, "answer").due_at
    assert whole()
    with unit_of_work():
        actions.answer(complaint, outcome="justified", words=ANSWER, by=house.lead, at=NOON + 2 * DAY)
    now = again(complaint)
    assert (now.status, now.outcome, now.answered_by, now.due_at) == (
        "answered",
        "justified",
        house.lead.person_id,
        None,
    )
    assert [event.action for event in audit.timeline(complaint.ref)] == ["complaint.answered", "complaint.filed"]
    assert again(appeal).outcome == "rejected"
    assert deadlines.live("complaint", complaint.id) == []
    assert notices()[-2:] == ["complaint.filed.appeal", "complaint.answered.appeal"]
    assert whole()


def test_both_sides_of_a_dispute_complain_each_for_itself(house: House) -> None:
    ruled = redress.a_final_ruling(house.shop, house.merchant, house.reviewer)
    at, buyer = ruled.ended_at + DAY, disputes.buyer_of(ruled)
    with unit_of_work():
        ours = redress.a_complaint(ruled, house.merchant, at)
        theirs = redress.a_complaint(ruled, buyer, at)
    assert {ours.party, theirs.party} == {"merchant", "buyer"}
    assert "complaint.filed.aftersale" in notices()
    with unit_of_work():
        actions.answer(theirs, outcome="partly", words=ANSWER, by=house.lead, at=at)
    assert notices().count("complaint.answered.aftersale") == 0
    assert told_buyer(ruled.after_sale.ref)[-1:] == ["complaint_answered"]
    assert whole()


def test_a_buyer_is_written_to_when_their_answer_is_late_and_when_it_comes(house: House, app: Portal) -> None:
    ruled = redress.a_final_ruling(house.shop, house.merchant, house.reviewer)
    buyer = disputes.buyer_of(ruled)
    with unit_of_work():
        complaint = redress.a_complaint(ruled, buyer, ruled.ended_at)
        request = redress.a_request(ruled, buyer, ruled.ended_at)
    sweep(ruled.ended_at + 20 * DAY)
    at = ruled.ended_at + 21 * DAY
    complaint, request = again(complaint), again(request)
    with unit_of_work():
        actions.answer(complaint, outcome="partly", words=ANSWER, by=house.lead, at=at)
        actions.disclose(request, outcome="refused", reason=redress.REASON, exhibits=(), by=house.lead, at=at)
    told = ["complaint_overdue", "disclosure_overdue", "complaint_answered", "disclosure_answered"]
    assert told_buyer(ruled.after_sale.ref)[-4:] == told
    said = [str(mail["Subject"]) for mail in mails_to_buyer(app, at)]
    assert any("部分成立" in subject and ruled.order_no in subject for subject in said), said
    assert whole()


def test_one_at_a_time_and_another_after_the_answer(house: House) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
        first = redress.a_complaint(appeal, house.merchant)
    with pytest.raises(Refused, match="complaint_open"), unit_of_work():
        redress.a_complaint(appeal, house.merchant)
    with unit_of_work():
        actions.answer(first, outcome="unjustified", words=ANSWER, by=house.lead, at=NOON)
        assert redress.a_complaint(appeal, house.merchant).ref != first.ref


def test_the_same_form_twice_is_one_complaint(house: House) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
        matter = redress.matter_of(appeal)
        filed = [actions.complain(matter, STATEMENT, key="k", by=house.merchant, at=NOON).ref for _ in range(2)]
    assert filed[0] == filed[1]


@pytest.mark.parametrize("words", ["", "太短", " " * 50, "长" * 2001])
def test_too_little_or_too_much_is_refused(house: House, words: str) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
    with pytest.raises(Refused, match="statement_length"), unit_of_work():
        redress.a_complaint(appeal, house.merchant, words=words)


def test_it_is_possible_from_the_last_word_until_just_before_the_end_of_the_window(house: House) -> None:
    with unit_of_work():
        running = make.an_appeal(house.shop, house.merchant)
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
    until = actions.filing_until(redress.matter_of(appeal), "merchant")
    assert timedelta(days=30) <= until - NOON <= timedelta(days=31)
    with pytest.raises(Refused, match="not_over_yet"), unit_of_work():
        redress.a_complaint(running, house.merchant)
    with pytest.raises(Refused, match="complaint_late"), unit_of_work():
        redress.a_complaint(appeal, house.merchant, until)
    with unit_of_work():
        redress.a_complaint(appeal, house.merchant, until - timedelta(microseconds=1))


def test_nobody_but_a_lead_without_a_part_in_the_case_answers(house: House) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
        complaint = redress.a_complaint(appeal, house.merchant)
        former = make.a_person("lead", email="both@people.example")
        former.memberships.append(make.Membership(shop_id=house.shop.id, role="merchant_viewer", valid_from=NOON))
    for by, code in ((house.other, "transition_not_allowed"), (house.merchant, "transition_not_allowed"),
                     (replace(make.actor(former), role="lead"), "had_a_part")):  # fmt: skip
        with pytest.raises(Refused, match=code), unit_of_work():
            actions.answer(complaint, outcome="partly", words=ANSWER, by=by, at=NOON)
    for outcome, words, code in (("maybe", ANSWER, "no_such_outcome"), ("partly", "太短", "statement_length")):
        with pytest.raises(Refused, match=code), unit_of_work():
            actions.answer(complaint, outcome=outcome, words=words, by=house.lead, at=NOON)
    assert again(complaint).status == "open"
    assert whole()


def test_a_late_answer_is_shown_wakes_the_leads_and_can_still_come(house: House) -> None:
    with unit_of_work():
        appeal = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
        complaint = redress.a_complaint(appeal, house.merchant)
        due = complaint.due_at
    sweep(due + 9 * SECOND)
    assert not again(complaint).overdue
    sweep(due + DAY)
    late = again(complaint)
    assert (late.status, late.overdue, late.due_at) == ("open", True, due)
    assert audit.timeline(late.ref)[0].at == due
    assert notices().count("complaint.overdue.appeal") == 1
    assert notices().count("complaint.overdue_lead") == 2
    assert whole()
    with unit_of_work():
        actions.answer(late, outcome="justified", words=ANSWER, by=house.lead, at=due + 2 * DAY)
    assert whole()


def test_nobody_who_judged_the_dispute_its_re_review_or_the_appeal_answers(house: House) -> None:
    with unit_of_work():
        appealed = rulings.lost(house.shop, house.merchant, house.reviewer)
        appeal = rulings.an_appeal(appealed, house.merchant)
        rulings.decide(appeal, house.other, "rejected")
        again_ruled = rulings.lost(house.shop, house.merchant, house.reviewer, kind="claim_rejected")
        second = rulings.ask_again(again_ruled)
        disputes.actions.finish(second, by=house.merchant, at=NOON)
        disputes.rule(second, house.senior, "claim_rejected")
    at = rulings.LATER + DAY
    with unit_of_work():
        filed = [
            (redress.a_complaint(appeal, house.merchant, at), (house.reviewer, house.other)),
            (redress.a_complaint(appealed, disputes.buyer_of(appealed), at), (house.reviewer, house.other)),
            (redress.a_complaint(again_ruled, house.merchant, at), (house.reviewer, house.senior)),
        ]
    for complaint, judges in filed:
        for judge in judges:
            with pytest.raises(Refused, match="had_a_part"), unit_of_work():
                actions.answer(complaint, outcome="partly", words=ANSWER, by=replace(judge, role="lead"), at=at)
    with unit_of_work():
        for complaint, _judges in filed:
            actions.answer(complaint, outcome="partly", words=ANSWER, by=house.lead, at=at)
    assert whole()


def test_who_asked_for_more_in_the_case_had_a_part_in_it(house: House) -> None:
    closed = redress.closed_by_machine(house.shop, house.merchant, house.reviewer)
    with unit_of_work():
        complaint = redress.a_complaint(closed, house.merchant, closed.completed_at)
    with pytest.raises(Refused, match="had_a_part"), unit_of_work():
        asker = replace(house.reviewer, role="lead")
        actions.answer(complaint, outcome="partly", words=ANSWER, by=asker, at=closed.completed_at)
