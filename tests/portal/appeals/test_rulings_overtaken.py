"""What overtakes the appeal of a ruling: its time, a settlement, the buyer; and what it never touches."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import Portal, aftersales, appeals, arbitration, deadlines, review, text
from portal.appeals import casefile
from portal.appeals.actions.filing import AlreadyAppealed
from portal.db import end_reading, session, unit_of_work
from portal.penalties.models import Penalty
from portal.refusals import Refused
from tests import arbitration as dispute
from tests import make, rulings
from tests.make import NOON
from tests.portal.appeals.second_instance import an_appeal, fresh, ruled, sound, told
from tests.portal.arbitration.conftest import Court, court

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
__all__ = ["court"]


def test_a_draft_that_nobody_sent_lapses_and_the_ruling_applies(court: Court) -> None:
    with unit_of_work():
        found = rulings.lost(court.shop, court.merchant, court.reviewer)
        draft = make.a_draft(found, court.merchant)
    due = found.appeal_due_at
    end_reading()
    sweep(due + SECOND * 11)
    case = ruled(fresh(draft))
    assert (draft.outcome, draft.completed_at) == ("lapsed", due)
    assert (case.status, case.ended_at, case.after_sale.status) == ("final", due, "refund_pending")
    assert sound()


def test_an_appeal_is_in_time_until_just_before_the_due_time(court: Court) -> None:
    with unit_of_work():
        found = rulings.lost(court.shop, court.merchant, court.reviewer)
        draft = make.a_draft(found, court.merchant)
    with pytest.raises(Refused, match="window_over"), unit_of_work():
        make.file_it(draft, court.merchant, found.appeal_due_at)
    with unit_of_work():
        make.file_it(draft, court.merchant, found.appeal_due_at - timedelta(milliseconds=1))
    assert fresh(draft).status == "under_review"
    assert sound()


@pytest.mark.parametrize(("kind", "clock"), [("exchange_or_reship", "ship"), ("return_then_refund", "buyer_return")])
def test_a_sweep_that_comes_late_takes_no_time_from_who_acts_next(court: Court, kind: str, clock: str) -> None:
    with unit_of_work():
        appeal = rulings.an_appeal(rulings.lost(court.shop, court.merchant, court.reviewer, kind=kind), court.merchant)
        make.ask_for_evidence(appeal, court.other)
    late = appeal.due_at + 6 * DAY
    end_reading()
    sweep(late)
    (own,) = deadlines.live("aftersale", ruled(fresh(appeal)).after_sale_id)
    assert (appeal.completed_at < own.starts_at, own.kind, own.starts_at) == (True, clock, late)
    assert sound()


@pytest.mark.parametrize("sent", [False, True])
def test_a_re_review_ends_the_appeal_draft_or_sent_and_hears_both(court: Court, sent: bool) -> None:
    with unit_of_work():
        found = rulings.lost(court.shop, court.merchant, court.reviewer, kind="refund_partial")
        draft = make.a_draft(found, court.merchant)
        appeal = make.file_it(draft, court.merchant) if sent else draft
    with unit_of_work():
        second = rulings.ask_again(ruled(appeal), NOON + DAY)
    assert (fresh(appeal).outcome, ruled(appeal).second_via) == ("moot", "re_review")
    assert arbitration.own_clock(second, "merchant") is not None
    assert review.open_seat_of("appeal", appeal.id) is None
    assert "appeal.overtaken" in told()
    assert sound()


def test_settling_ends_the_appeal(court: Court) -> None:
    appeal = an_appeal(court)
    with unit_of_work():
        case = ruled(appeal).after_sale
        terms = aftersales.Terms("partial_refund", 6_000, "各让一步")
        aftersales.actions.offer(case, terms, by=court.merchant, at=NOON + DAY)
        aftersales.actions.accept_offer(case, by=aftersales.as_buyer(case), at=NOON + DAY)
    assert (fresh(appeal).outcome, ruled(appeal).status, ruled(appeal).after_sale.agreed_minor) == (
        "moot",
        "settled",
        6_000,
    )
    assert sound()


def test_if_the_buyer_was_first_the_merchant_has_no_appeal_of_its_own(court: Court) -> None:
    with unit_of_work():
        found = rulings.lost(court.shop, court.merchant, court.reviewer, kind="refund_partial")
        draft = make.a_draft(found, court.merchant)
        rulings.ask_again(found)
    assert fresh(draft).outcome == "moot"
    with pytest.raises(AlreadyAppealed), unit_of_work():
        make.file_it(draft, court.merchant)
    with unit_of_work():
        another = rulings.lost(court.shop, court.merchant, court.reviewer, kind="refund_partial")
        rulings.ask_again(another)
    with pytest.raises(Refused, match="re_review_first"), unit_of_work():
        appeals.actions.start(another, by=court.merchant, at=NOON)
    assert sound()


def test_a_ruling_is_appealed_once_and_whoever_comes_again_is_shown_the_first(court: Court) -> None:
    appeal = an_appeal(court)
    with unit_of_work():
        assert appeals.actions.start(ruled(appeal), by=court.merchant, at=NOON).id == appeal.id
    with pytest.raises(AlreadyAppealed), unit_of_work():
        make.file_it(appeal, court.merchant)


def test_who_lost_nothing_has_nothing_to_appeal(court: Court) -> None:
    with unit_of_work():
        won = rulings.lost(court.shop, court.merchant, court.reviewer, kind="claim_rejected")
    with pytest.raises(Refused, match="ruling_not_appealable"), unit_of_work():
        appeals.actions.start(won, by=court.merchant, at=NOON)


def test_the_appeal_of_a_penalty_that_came_out_of_a_ruling_never_reopens_the_refund(court: Court) -> None:
    with unit_of_work():
        found = dispute.under_decision(court.shop, court.merchant)
        dispute.rule(found, court.reviewer, ruling=dispute.a_ruling(penalty=True))
    end_reading()
    sweep(NOON + 9 * DAY)
    end_reading()
    penalty = session().scalars(select(Penalty)).one()
    case = session().get_one(type(found), found.id)
    before = (case.status, case.version, case.after_sale.status, case.after_sale.agreed_minor)
    at = penalty.notified_at + DAY
    with unit_of_work():
        appeal = make.file_it(make.a_draft(penalty, court.merchant, at), court.merchant, at)
        verdict = make.a_verdict(appeal, "upheld")
        seat = make.a_seat(appeal, court.other, at)
        appeals.actions.decide(appeal, seat, verdict=verdict, by=court.other, at=at)
    assert fresh(appeal).outcome == "upheld"
    case = session().get_one(type(found), found.id)
    assert (case.status, case.version, case.after_sale.status, case.after_sale.agreed_minor) == before
    assert sound()


def test_both_subjects_have_the_same_sentences() -> None:
    assert text.WORDS["appeal.of_penalty"].keys() == text.WORDS["appeal.of_ruling"].keys()


def test_the_case_file_tells_the_dispute_its_ruling_and_then_the_appeal(app: Portal, court: Court) -> None:
    appeal = an_appeal(court)
    with unit_of_work():
        rulings.decide(appeal, court.other, "partially_upheld")
    with app.test_request_context():
        told = casefile.describe(fresh(appeal).ref, "merchant")
    case = ruled(appeal)
    assert [chain for chain, _seen in told.chains] == [case.after_sale.ref, case.ref, appeal.ref]
    assert [part.facts[0][1] for part in told.decisions] == ["支持买家：全额退款", "申诉部分成立"]
    assert ("承担方：商家", "¥50.00") in told.decisions[1].facts
    assert case.after_sale.purchase.buyer.relay_address not in repr(told)
