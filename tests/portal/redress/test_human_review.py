"""The one look of a person at what a machine closed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jobs.sweep import sweep
from portal import appeals, audit, deadlines, review
from portal.appeals.models import Appeal
from portal.db import session, unit_of_work
from portal.penalties.models import Penalty
from portal.refusals import Refused
from tests import make, redress
from tests.make import NOON
from tests.portal.redress.conftest import House
from tests.portal.redress.test_complaints import notices, whole
from tests.redress import again

DAY = timedelta(days=1)


@pytest.fixture
def closed(house: House) -> Appeal:
    """An appeal that the sweep closed."""
    return redress.closed_by_machine(house.shop, house.merchant, house.reviewer)


def seat_of(appeal: Appeal, by: make.Actor, at):
    """The open seat, claimed."""
    seat = review.open_seat_of("appeal", appeal.id)
    assert seat is not None
    return review.claim(seat, by=by, at=at)


def test_the_right_begins_when_a_late_sweep_closes_it_and_lasts_as_long_as_the_policy_says(
    house: House, closed: Appeal
) -> None:
    right, swept = deadlines.running("appeal", closed.id, "human_review"), NOON + 5 * DAY
    assert closed.completed_at < swept
    assert (right.party, right.starts_at) == ("merchant", swept)
    assert right.due_at - swept >= timedelta(days=30)
    assert whole()
    sweep(right.due_at + DAY)
    with pytest.raises(Refused, match="too_late"), unit_of_work():
        appeals.actions.ask_human(again(closed), by=house.merchant, at=right.due_at + DAY)
    assert again(right).state == "expired"
    assert whole()


def test_a_person_decides_on_the_file_as_it_is_and_the_penalty_follows(house: House, closed: Appeal) -> None:
    at = closed.completed_at + DAY
    with unit_of_work():
        appeals.actions.ask_human(closed, by=house.merchant, at=at)
    assert deadlines.latest("appeal", closed.id, "human_review").state == "met"
    assert whole()
    with pytest.raises(Refused, match="too_late"), unit_of_work():
        appeals.actions.ask_human(again(closed), by=house.merchant, at=at)
    with unit_of_work():
        seat = seat_of(closed, house.other, at)
        verdict = make.a_verdict(closed, "upheld")
        appeals.actions.decide_again(closed, seat, verdict=verdict, by=house.other, at=at)
    rounds = [(one.round, one.outcome, one.automated) for one in review.decisions_of("appeal", closed.id)]
    assert rounds == [(2, "upheld", "none"), (1, "closed_timeout", "full")]
    assert (again(closed).outcome, session().get_one(Penalty, closed.subject_id).status) == (
        "closed_timeout",
        "overturned",
    )
    assert notices()[-1] == "appeal.human_review_decided"
    assert whole()


def test_above_the_policys_amount_two_people_look(house: House) -> None:
    closed = redress.closed_by_machine(house.shop, house.merchant, house.reviewer, amount_minor=2_000_000)
    at = closed.completed_at + DAY
    with unit_of_work():
        appeals.actions.ask_human(closed, by=house.merchant, at=at)
        verdict = make.a_verdict(closed, "rejected")
        first = seat_of(closed, house.other, at)
        assert appeals.actions.decide_again(closed, first, verdict=verdict, by=house.other, at=at) is None
    assert whole()
    with unit_of_work():
        second = seat_of(closed, house.senior, at)
        decision = appeals.actions.decide_again(closed, second, verdict=verdict, by=house.senior, at=at)
    assert (decision.round, decision.decided_by, decision.second_by) == (
        2,
        house.other.person_id,
        house.senior.person_id,
    )
    assert whole()


def test_nothing_more_can_be_asked_and_only_three_outcomes_are_there(house: House, closed: Appeal) -> None:
    at = closed.completed_at + DAY
    with unit_of_work():
        appeals.actions.ask_human(closed, by=house.merchant, at=at)
    with unit_of_work():
        seat = seat_of(closed, house.other, at)
    for outcome in ("inadmissible", "closed_timeout"):
        verdict = replace(make.a_verdict(closed), outcome=outcome)
        with pytest.raises(Refused, match="transition_not_allowed"), unit_of_work():
            appeals.actions.decide_again(closed, seat, verdict=verdict, by=house.other, at=at)
    with pytest.raises(Refused, match="transition_not_allowed"), unit_of_work():
        appeals.actions.decide(closed, seat, verdict=make.a_verdict(closed), by=house.other, at=at)


def test_a_late_human_review_is_told_and_the_row_stays(house: House, closed: Appeal) -> None:
    at = closed.completed_at + DAY
    with unit_of_work():
        seat = appeals.actions.ask_human(closed, by=house.merchant, at=at)
        due = seat.due_at
    sweep(due + DAY)
    assert notices().count("appeal.overdue") == 1
    assert notices().count("review.overdue") == 2
    assert audit.timeline(closed.ref)[0].action == "appeal.overdue"
    assert not again(closed).overdue
    assert whole()


def test_where_people_decide_anyway_there_is_no_such_right(house: House) -> None:
    with unit_of_work():
        shop = make.a_shop(policy_code="eu-platform")
        merchant = make.actor(make.a_person("merchant_owner", shop), shop)
        passed = make.ask_for_evidence(make.an_appeal(shop, merchant), house.reviewer)
        rejected = redress.a_rejected_appeal(house.shop, house.merchant, house.reviewer)
    sweep(NOON + 20 * DAY)
    for appeal in (passed, rejected):
        assert deadlines.latest("appeal", appeal.id, "human_review") is None
        with pytest.raises(Refused, match="too_late"), unit_of_work():
            appeals.actions.ask_human(again(appeal), by=house.merchant, at=NOON + 20 * DAY)
    assert whole()
