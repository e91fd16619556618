"""The one appeal of a ruling: each outcome with what it does to the refund, and whatever else can end it."""

from datetime import timedelta

import pytest

from jobs.sweep import sweep
from portal import appeals, arbitration, deadlines, review
from portal.db import end_reading, unit_of_work
from portal.refusals import Refused
from tests import make, rulings
from tests.make import NOON
from tests.portal.appeals.second_instance import an_appeal, fresh, ruled, sound, told
from tests.portal.arbitration.conftest import Court, a_court, court
from tests.rulings import LATER

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
__all__ = ["court"]


def test_filing_opens_the_second_instance_and_gives_the_buyer_time_to_answer(court: Court) -> None:
    appeal = an_appeal(court)
    case = ruled(appeal)
    assert (case.status, case.second_via, case.appeal_window) == ("second_instance", "appeal", "closed")
    assert (case.after_sale.turn, case.after_sale.due_at) == ("platform", appeal.due_at)
    assert [(one.party, one.kind) for one in deadlines.live("arbitration", case.id)] == [("buyer", "rebuttal")]
    assert (appeal.subject_ref, appeal.subject_no) == (case.after_sale.ref, case.order_no)
    assert appeals.totals(court.shop.id)["to_appeal"] == 0
    assert sound()


@pytest.mark.parametrize(
    ("outcome", "status", "refund"),
    [
        ("upheld", "closed", 0),
        ("partially_upheld", "refund_pending", 5_000),
        ("rejected", "refund_pending", 12_000),
        ("inadmissible", "refund_pending", 12_000),
    ],
)
def test_each_outcome_says_what_the_buyer_gets(court: Court, outcome: str, status: str, refund: int) -> None:
    appeal = an_appeal(court)
    with unit_of_work():
        rulings.decide(appeal, court.other, outcome)
    case = ruled(fresh(appeal))
    assert (appeal.outcome, case.status) == (outcome, "final")
    assert (case.after_sale.status, case.after_sale.agreed_minor or 0) == (status, refund)
    assert told()[-1] == f"appeal.ruling_{outcome}"
    assert sound()


def test_withdrawing_lets_the_ruling_stand(court: Court) -> None:
    appeal = an_appeal(court)
    with unit_of_work():
        appeals.actions.withdraw(appeal, by=court.merchant, at=NOON + DAY)
    case = ruled(fresh(appeal))
    assert (appeal.outcome, case.status, case.after_sale.agreed_minor) == ("withdrawn", "final", 12_000)
    assert "appeal.ruling_withdrawn" in told()
    assert sound()


def test_nobody_decides_while_the_buyer_may_still_answer(court: Court) -> None:
    appeal = an_appeal(court)
    with pytest.raises(Refused, match="other_side_not_heard") as why, unit_of_work():
        rulings.decide(appeal, court.other, "rejected", NOON + timedelta(hours=2))
    until = deadlines.running("arbitration", appeal.subject_id, "rebuttal").due_at
    assert why.value.params == {"due_at": until}
    with pytest.raises(Refused, match="other_side_not_heard"), unit_of_work():
        rulings.decide(fresh(appeal), court.other, "rejected", until - SECOND)
    with unit_of_work():
        rulings.decide(fresh(appeal), court.other, "rejected", until)
    assert sound()


def test_once_the_buyer_has_answered_there_is_nothing_to_wait_for(court: Court) -> None:
    appeal = an_appeal(court)
    with unit_of_work():
        rulings.heard(ruled(appeal))
        rulings.decide(appeal, court.other, "upheld", NOON + timedelta(hours=1))
    assert fresh(appeal).outcome == "upheld"
    assert sound()


def test_whoever_ruled_does_not_judge_the_appeal(court: Court) -> None:
    appeal = an_appeal(court)
    with pytest.raises(Refused, match="not_independent"), unit_of_work():
        rulings.decide(appeal, court.reviewer, "rejected")
    assert court.reviewer.person_id in review.open_seat_of("appeal", appeal.id).barred


@pytest.mark.parametrize(
    ("outcome", "terms", "code"),
    [
        ("upheld", None, "ruling_missing"),
        ("upheld", ("nonsense", "buyer", {"buyer": 12_000}), "ruling_missing"),
        ("upheld", ("refund_partial", "shared", {"merchant": 1, "buyer": 11_999}), "upheld_bears"),
        ("upheld", ("claim_rejected", "buyer", {"buyer": 11_999}), "amounts_dont_sum"),
        ("upheld", ("claim_rejected", "nobody", {"buyer": 12_000}), "liability_missing"),
        ("partially_upheld", ("claim_rejected", "buyer", {"buyer": 12_000}), "partly_bears_nothing"),
        ("partially_upheld", ("refund_full", "merchant", {"merchant": 12_000}), "ruling_no_better"),
    ],
)
def test_a_new_ruling_must_be_whole_and_better_for_the_shop(court: Court, outcome, terms, code) -> None:
    appeal = an_appeal(court)
    given = arbitration.Ruling(*terms).to_dict() if terms else None
    with pytest.raises(Refused, match=code), unit_of_work():
        rulings.decide(appeal, court.other, outcome, terms=given)
    assert fresh(appeal).status == "under_review"
    assert sound()


def test_where_two_people_must_agree_they_must_agree_on_the_new_ruling_too(court: Court) -> None:
    appeal = an_appeal(court)
    first = rulings.a_verdict(appeal, "partially_upheld")
    amounts = {"merchant": 4_000, "buyer": 8_000}
    second = rulings.a_verdict(appeal, "partially_upheld", terms=first.terms | {"amounts": amounts})
    with unit_of_work():
        appeal.amount_minor = 2_000_000
        seat = make.a_seat(appeal, court.other, LATER)
        assert appeals.actions.decide(appeal, seat, verdict=first, by=court.other, at=LATER) is None
        seat = make.a_seat(appeal, court.senior, LATER)
        assert appeals.actions.decide(appeal, seat, verdict=second, by=court.senior, at=LATER) is None
    assert review.open_seat_of("appeal", appeal.id).seat == "tiebreak"
    assert fresh(appeal).status == "under_review"


def test_evidence_can_be_asked_for_and_the_lists_show_whose_turn_it_is(court: Court) -> None:
    appeal = an_appeal(court)
    with unit_of_work():
        make.ask_for_evidence(appeal, court.other, NOON + DAY)
    case = ruled(appeal)
    assert (case.after_sale.turn, case.after_sale.due_at) == ("merchant", appeal.due_at)
    with unit_of_work():
        make.supplement(appeal, court.merchant, NOON + 2 * DAY)
    assert (case.after_sale.turn, case.after_sale.due_at) == ("platform", appeal.due_at)
    assert sound()


def test_evidence_that_never_comes_lets_the_ruling_stand(court: Court) -> None:
    appeal = an_appeal(court)
    with unit_of_work():
        make.ask_for_evidence(appeal, court.other, NOON + DAY)
    due = appeal.due_at
    end_reading()
    sweep(due + DAY)
    case = ruled(fresh(appeal))
    assert (appeal.outcome, appeal.completed_at) == ("closed_timeout", due)
    assert (case.status, case.ended_at, case.after_sale.agreed_minor) == ("final", due, 12_000)
    decision = review.decisions_of("appeal", appeal.id)[0]
    assert (decision.automated, decision.reason_code) == ("full", "T11")
    assert "商家的申诉由系统关闭" in decision.texts["buyer"]
    assert "appeal.ruling_closed_timeout" in told()
    assert sound()


def test_under_the_eu_policy_a_person_decides_on_what_is_there(court: Court) -> None:
    with unit_of_work():
        other = a_court("eu-platform")
    appeal = an_appeal(other)
    with unit_of_work():
        make.ask_for_evidence(appeal, other.other, NOON + DAY)
    due = appeal.due_at
    end_reading()
    sweep(due + SECOND * 30)
    assert (fresh(appeal).status, ruled(appeal).after_sale.turn) == ("under_review", "platform")
    assert sound()
