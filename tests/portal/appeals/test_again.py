"""A policy that allows two appeals: the second one, from the first decision to its end."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from jobs.sweep import sweep
from portal import Portal, appeals, audit, deadlines, review
from portal.appeals.actions.again import UsedUp
from portal.appeals.lifecycle import another_round, chance
from portal.appeals.models import OUTCOMES, Appeal
from portal.db import attempt, session, unit_of_work
from portal.refusals import Refused
from tests import make
from tests.make import NOON
from tests.portal.appeals.again import DAY, Market, decide, fresh, penalty_of, sound, told

UNTIL = datetime(2026, 3, 18, 16, tzinfo=UTC)
"""The end of the 15th day after 3 March in Shanghai."""


@pytest.fixture
def market(app: Portal) -> Market:
    return Market()


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize(
    ("policy", "round_no", "allowed"),
    [("douyin", 1, 1), ("eu-platform", 1, 1), ("tiktok-like", 1, 2), ("tiktok-like", 2, 2), ("three", 2, 3)],
)
def test_another_appeal_follows_a_decision_against_the_shop_while_one_is_left(
    policy: str, outcome: str, round_no: int, allowed: int
) -> None:
    against = outcome in ("rejected", "partially_upheld", "inadmissible", "closed_timeout")
    left = (policy, round_no) in (("tiktok-like", 1), ("three", 2))
    assert another_round(outcome, round_no, allowed) == (against and left)
    assert chance(round_no, allowed) == ("only" if allowed == 1 else "more" if left else "last")


@pytest.mark.parametrize("outcome", ["rejected", "partially_upheld", "inadmissible"])
def test_after_a_decision_against_it_the_shop_has_fifteen_days(market: Market, outcome: str) -> None:
    first = market.decided(outcome)
    penalty = fresh(penalty_of(first))
    window = deadlines.running("penalty", penalty.id, "file_again")
    assert (window.party, window.starts_at, window.due_at) == ("merchant", NOON + DAY, UNTIL)
    assert (penalty.appeal_window, penalty.due_at, penalty.appeal_rights_used) == ("open", UNTIL, 1)
    assert appeals.totals(market.shop.id) == {
        "to_appeal": 1, "under_review": 0, "needs_evidence": 0, "completed": 1,
    }  # fmt: skip
    assert told()[-2:] == [f"appeal.{outcome}", "appeal.again"]
    assert audit.timeline(penalty.ref)[0].action == "penalty.window_again"
    assert sound()


def test_the_second_one_is_final_and_a_third_is_refused(market: Market) -> None:
    first = market.decided()
    second = market.again(first)
    assert (second.round_no, second.rounds_allowed, second.status) == (2, 2, "under_review")
    assert fresh(penalty_of(second)).appeal_window == "closed"
    assert deadlines.latest("penalty", second.subject_id, "file_again").state == "met"
    with unit_of_work():
        decide(second, market.other, "rejected", NOON + 3 * DAY)
    penalty = fresh(penalty_of(second))
    assert (penalty.appeal_window, penalty.appeal_rights_used, penalty.status) == ("closed", 2, "active")
    assert deadlines.live("penalty", penalty.id) == []
    assert told().count("appeal.again") == 1
    with pytest.raises(UsedUp) as refused, unit_of_work():
        appeals.actions.start(penalty, by=market.merchant, at=NOON + 4 * DAY)
    assert refused.value.params == {"refs": f"{first.ref}, {second.ref}", "count": 2}
    assert sound()


@pytest.mark.parametrize("round_no", [2, 3])
def test_the_database_refuses_a_third_and_a_twin(market: Market, round_no: int) -> None:
    second = market.again(market.decided())
    with unit_of_work():
        row = {c.name: getattr(second, c.name) for c in Appeal.__table__.columns if c.name not in ("id", "version")}
        with pytest.raises(IntegrityError), attempt():
            session().add(Appeal(**row | {"ref": "AP-2026-OTHER", "round_no": round_no}))
            session().flush()


def test_who_judged_the_first_is_refused_the_second(market: Market) -> None:
    second = market.again(market.decided())
    with pytest.raises(Refused, match="not_independent"), unit_of_work():
        make.a_seat(second, market.first, NOON + 2 * DAY)


def test_neither_of_two_who_judged_the_first_sits_in_either_seat_of_the_second(market: Market) -> None:
    with unit_of_work():
        first = make.an_appeal(market.shop, market.merchant, amount_minor=2_000_000)
        decide(first, market.first, "rejected", NOON)
        decide(first, market.senior, "rejected", NOON + DAY)
    second = market.again(first)
    judged = {market.first.person_id, market.senior.person_id}
    assert judged <= set(review.open_seat_of("appeal", second.id).barred)
    with unit_of_work():
        decide(second, market.other, "rejected", NOON + 2 * DAY)
    assert judged <= set(review.open_seat_of("appeal", second.id).barred)
    with pytest.raises(Refused, match="not_independent"), unit_of_work():
        make.a_seat(second, market.senior, NOON + 2 * DAY)
    with unit_of_work():
        decide(second, market.second_senior, "rejected", NOON + 2 * DAY)
    assert (second.outcome, sound()) == ("rejected", True)


def test_what_the_first_left_is_at_stake_in_the_second_and_lifted_by_it(market: Market) -> None:
    first = market.decided("partially_upheld", amount_minor=240_000)
    second = market.again(first)
    assert (first.amount_minor, second.amount_minor) == (240_000, 120_000)
    with unit_of_work():
        decide(second, market.other, "upheld", NOON + 3 * DAY)
    penalty = fresh(penalty_of(second))
    assert (penalty.status, {one.effect for one in penalty.measures}) == ("overturned", {"lifted"})
    assert sound()


def test_a_second_reduction_goes_further_and_a_rejection_leaves_the_first(market: Market) -> None:
    further, kept = (market.again(market.decided("partially_upheld")) for _ in range(2))
    with unit_of_work():
        decide(further, market.other, "partially_upheld", NOON + 3 * DAY)
        decide(kept, market.other, "rejected", NOON + 3 * DAY)
    fines = [next(m for m in fresh(penalty_of(one)).measures if m.kind == "fine") for one in (further, kept)]
    assert [fine.params["amount_minor"] for fine in fines] == [60_000, 120_000]
    assert [fine.params["was"] for fine in fines] == [{"amount_minor": 240_000}] * 2
    assert sound()


@pytest.mark.parametrize("way", ["upheld", "withdrawn", "lapsed", "moot"])
def test_without_a_decision_against_it_nothing_follows(market: Market, way: str) -> None:
    with unit_of_work():
        draft = make.a_draft(make.a_penalty(market.shop), market.merchant)
        if way != "lapsed":
            make.file_it(draft, market.merchant)
        if way == "upheld":
            decide(draft, market.first, "upheld", NOON + DAY)
        elif way == "withdrawn":
            appeals.actions.withdraw(draft, by=market.merchant, at=NOON + DAY)
        elif way == "moot":
            appeals.actions.revoke(penalty_of(draft), reason="重复开单", by=audit.SYSTEM, at=NOON + DAY)
    sweep(NOON + 40 * DAY)
    assert fresh(draft).outcome == way
    penalty = penalty_of(draft)
    assert (penalty.appeal_window, deadlines.latest("penalty", penalty.id, "file_again")) == ("closed", None)
    with unit_of_work():
        assert appeals.actions.start(penalty, by=market.merchant, at=NOON + DAY).id == draft.id
    assert sound()


@pytest.mark.parametrize("policy", ["douyin", "eu-platform"])
def test_where_one_appeal_is_allowed_its_outcome_is_final(app: Portal, policy: str) -> None:
    market = Market(policy)
    first = market.decided()
    with unit_of_work():
        assert appeals.actions.start(penalty_of(first), by=market.merchant, at=NOON + DAY).id == first.id
    assert (penalty_of(first).appeal_window, told()[-1]) == ("closed", "appeal.rejected")
    assert deadlines.latest("penalty", first.subject_id, "file_again") is None
    assert sound()


def test_the_window_closes_without_a_word_and_a_draft_in_it_lapses(market: Market) -> None:
    silent, begun = market.decided(), market.decided()
    with unit_of_work():
        draft = make.a_draft(penalty_of(begun), market.merchant, NOON + 2 * DAY)
    before = len(told())
    sweep(UNTIL - timedelta(hours=2))
    assert told()[before:] == ["penalty.reminder"] * 2
    sweep(UNTIL + timedelta(seconds=10))
    assert told()[before + 2 :] == ["appeal.lapsed"]
    assert (fresh(draft).outcome, draft.completed_at, draft.round_no) == ("lapsed", UNTIL, 2)
    for first in (silent, begun):
        assert fresh(penalty_of(first)).appeal_window == "closed"
        assert deadlines.latest("penalty", first.subject_id, "file_again").state == "expired"
        assert audit.timeline(penalty_of(first).ref)[0].action == "penalty.window_over"
        with unit_of_work():
            last = appeals.actions.start(penalty_of(first), by=market.merchant, at=UNTIL)
        assert last.status == "completed"
    assert sound()


def test_due_is_too_late_for_the_second_one_too(market: Market) -> None:
    first = market.decided()
    with unit_of_work():
        draft = make.a_draft(penalty_of(first), market.merchant, NOON + 2 * DAY)
    with pytest.raises(Refused, match="window_over"), unit_of_work():
        make.file_it(draft, market.merchant, UNTIL)
    with unit_of_work():
        make.file_it(draft, market.merchant, UNTIL - timedelta(milliseconds=1))
    assert draft.status == "under_review"


def test_a_draft_thrown_away_leaves_the_chance(market: Market) -> None:
    first = market.decided()
    with unit_of_work():
        appeals.actions.discard(
            make.a_draft(penalty_of(first), market.merchant, NOON + 2 * DAY), by=market.merchant, at=NOON + 2 * DAY
        )
    assert market.again(first, NOON + 3 * DAY).round_no == 2
    assert sound()
