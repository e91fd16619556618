"""After a ruling: the one second instance, settling, and calling off."""

import pytest

from jobs.sweep import sweep
from portal import aftersales
from portal.aftersales import actions as case_actions
from portal.aftersales import facts
from portal.arbitration import actions, queries
from portal.arbitration.models import Arbitration
from tests import arbitration as make
from tests.aftersales import PLATFORM, an_offer
from tests.make import NOON
from tests.portal.arbitration.conftest import Court
from tests.portal.arbitration.doing import DAY, HOUR, anew, case_of, do, refused, sound

FACT = "新的检测报告显示茶叶在签收之前已经受潮发霉，见附件。"


def ask_again(found: Arbitration, key: str = "again", **fields: object) -> Arbitration:
    """The buyer asks for the re-review."""
    given = {"ground": "new_fact", "statement": FACT, "key": key, "at": NOON + HOUR, "by": make.buyer_of(anew(found))}
    return actions.ask_again(anew(found), **given | fields)


@pytest.fixture
def lost(court: Court) -> Arbitration:
    """Ruled against the buyer."""
    ruled: Arbitration = do(make.ruled, court.shop, court.merchant, court.reviewer, "claim_rejected")
    return ruled


def test_the_re_review_hears_the_other_side_and_is_final(court: Court, lost: Arbitration) -> None:
    second = do(ask_again, lost)
    assert (anew(lost).status, anew(lost).second_via, anew(second).status) == (
        "second_instance",
        "re_review",
        "rebuttal",
    )
    do(make.hand_in, anew(second), court.merchant, NOON + 2 * HOUR)
    do(make.rule, anew(second), court.other, "refund_full", at=NOON + 3 * HOUR)
    assert (anew(lost).status, anew(second).status, anew(lost).replaced) == ("final", "final", True)
    assert (case_of(lost).status, case_of(lost).agreed_minor) == ("refund_pending", 12_000)
    sound()


def test_a_re_review_that_confirms_leaves_the_ruling_as_it_is(court: Court, lost: Arbitration) -> None:
    second = do(ask_again, lost)
    sweep(NOON + 3 * DAY)
    do(make.rule, anew(second), court.other, "claim_rejected", at=NOON + 3 * DAY)
    assert (anew(lost).replaced, case_of(lost).status, case_of(lost).resolution) == (False, "closed", "dismissed")
    sound()


def test_there_is_one_re_review_however_often_it_is_asked_for(court: Court, lost: Arbitration) -> None:
    first = do(ask_again, lost)
    assert do(ask_again, lost).id == first.id
    assert refused(ask_again, lost, "another key") == "transition_not_allowed"
    assert len(queries.of_case(case_of(lost))) == 2


def test_what_a_re_review_needs_is_said(court: Court, lost: Arbitration) -> None:
    assert refused(ask_again, lost, statement="太短") == "statement_length"
    assert refused(ask_again, lost, statement="长" * 2001) == "statement_length"
    assert refused(ask_again, lost, ground="because") == "no_such_ground"
    assert refused(ask_again, lost, by=court.merchant) == "other_way"
    assert refused(ask_again, lost, at=NOON + 8 * DAY) == "too_late"
    assert anew(lost).status == "decided"


def test_whoever_lost_nothing_can_not_go_on(court: Court) -> None:
    found = do(make.ruled, court.shop, court.merchant, court.reviewer, "refund_full")
    assert refused(ask_again, found) == "too_late"
    assert queries.own_clock(anew(found), "buyer") is None


def test_when_one_loser_goes_on_the_other_is_in_it_too(court: Court) -> None:
    found = do(make.ruled, court.shop, court.merchant, court.reviewer, "refund_partial")
    assert anew(found).appeal_window == "open"
    second = do(ask_again, found)
    assert anew(found).appeal_window == "closed"
    own = queries.own_clock(anew(second), "merchant")
    assert own is not None
    assert own.kind == "rebuttal"
    sound()


def test_an_appeal_lets_the_buyer_answer_before_anything_is_decided(court: Court) -> None:
    found = do(make.ruled, court.shop, court.merchant, court.reviewer, "refund_full")
    do(actions.appealed, anew(found), by=court.merchant, at=NOON + HOUR)
    buyer = make.buyer_of(anew(found))
    assert (anew(found).status, anew(found).second_via) == ("second_instance", "appeal")
    do(make.hand_in, anew(found), buyer, NOON + 2 * HOUR, "商家说的和照片不符")
    assert refused(make.hand_in, anew(found), buyer, NOON + 2 * HOUR) == "too_late"
    do(actions.conclude, anew(found), make.a_ruling("claim_rejected"), by=court.other, at=NOON + 3 * HOUR)
    assert (anew(found).replaced, case_of(found).resolution) == (True, "dismissed")
    sound()


def test_an_appeal_that_fails_lets_the_ruling_apply(court: Court) -> None:
    found = do(make.ruled, court.shop, court.merchant, court.reviewer, "refund_full")
    do(actions.appealed, anew(found), by=court.merchant, at=NOON + HOUR)
    assert refused(actions.appealed, anew(found), by=court.merchant, at=NOON + HOUR) == "transition_not_allowed"
    do(actions.conclude, anew(found), None, by=court.other, at=NOON + 3 * HOUR)
    assert (anew(found).status, case_of(found).agreed_minor) == ("final", 12_000)
    sound()


@pytest.mark.parametrize("stage", ["collecting", "under_decision", "decided", "second_instance"])
def test_both_sides_can_settle_until_the_ruling_is_final(court: Court, stage: str) -> None:
    found = at_stage(court, stage)
    do(an_offer, case_of(found), court.merchant, NOON + 2 * HOUR)
    assert (case_of(found).status, anew(found).status) == ("in_arbitration", stage)
    do(case_actions.accept_offer, case_of(found), by=make.buyer_of(anew(found)), at=NOON + 3 * HOUR)
    assert (anew(found).status, case_of(found).status, case_of(found).agreed_minor) == (
        "settled", "refund_pending", 5_000,
    )  # fmt: skip
    assert all(one.ended_at for one in queries.of_case(case_of(found)))
    sound()


@pytest.mark.parametrize("stage", ["collecting", "under_decision"])
def test_the_buyer_can_call_it_off_until_the_platform_has_ruled(court: Court, stage: str) -> None:
    found = at_stage(court, stage)
    do(case_actions.cancel, case_of(found), by=make.buyer_of(anew(found)), at=NOON + 3 * HOUR)
    assert (anew(found).status, case_of(found).resolution) == ("withdrawn", "cancelled")
    sound()


@pytest.mark.parametrize("stage", ["decided", "second_instance"])
def test_what_was_ruled_is_not_undone_by_calling_off_or_asking_anew(court: Court, stage: str) -> None:
    found = at_stage(court, stage)
    buyer = make.buyer_of(anew(found))
    assert refused(case_actions.cancel, case_of(found), by=buyer, at=NOON + 3 * HOUR) == "ruled_already"
    assert "cancel" not in facts.offered(case_of(found), "buyer", None)


def test_what_was_ruled_against_a_buyer_cannot_be_claimed_again(court: Court, lost: Arbitration) -> None:
    sweep(NOON + 9 * DAY)
    case = case_of(lost)
    assert (case.status, case.resolution) == ("closed", "dismissed")
    assert sum(item.claimed_qty for item in case.purchase.items) == sum(line.qty for line in case.items)
    sound()


def test_an_offer_nobody_answers_lapses_and_the_hearing_goes_on(court: Court) -> None:
    found = do(make.an_arbitration, court.shop, court.merchant)
    do(an_offer, case_of(found), court.merchant, NOON)
    sweep(NOON + 3 * DAY + HOUR)
    assert [offer.status for offer in case_of(found).offers] == ["expired"]
    assert case_of(found).status == "in_arbitration"
    sound()


def test_a_case_goes_to_the_platform_once(court: Court) -> None:
    found = do(make.ruled, court.shop, court.merchant, court.reviewer, "return_then_refund")
    sweep(NOON + 9 * DAY)
    case = case_of(found)
    assert case.status == "awaiting_return"
    buyer = aftersales.as_buyer(case)
    do(case_actions.ship_back, case, carrier="顺丰", number="SF1", by=buyer, at=NOON + 10 * DAY)
    do(case_actions.arrive, case_of(found), by=PLATFORM, at=NOON + 11 * DAY)
    act = refused(case_actions.escalate, case_of(found), "", key="k", by=buyer, at=NOON + 11 * DAY)
    assert act == "heard_before"


def at_stage(court: Court, stage: str) -> Arbitration:
    """An arbitration that has come so far."""
    if stage == "collecting":
        return do(make.an_arbitration, court.shop, court.merchant)  # type: ignore[no-any-return]
    if stage == "under_decision":
        return do(make.under_decision, court.shop, court.merchant)  # type: ignore[no-any-return]
    found = do(make.ruled, court.shop, court.merchant, court.reviewer, "refund_partial")
    if stage == "second_instance":
        do(ask_again, found)
    return anew(found)
