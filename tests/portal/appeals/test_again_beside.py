"""Two appeals beside what else may follow a decision: a timeout, a human review, an order from above; and the file."""

from datetime import timedelta

import pytest

from jobs.sweep import sweep
from portal import Portal, appeals, deadlines, review
from portal.appeals.models import Appeal
from portal.db import session, unit_of_work
from portal.redress import actions as above
from portal.redress import cases, ways
from portal.redress.cases import Matter
from portal.refusals import Refused
from tests import make, redress
from tests.portal.appeals.again import DAY, NOON, Market, decide, fresh, penalty_of, sound, told


@pytest.fixture
def market(app: Portal) -> Market:
    return Market()


def running(first: Appeal) -> deadlines.models.Deadline | None:
    """The time to appeal again, if it runs."""
    return deadlines.running("penalty", first.subject_id, "file_again")


def looked_at(first: Appeal, market: Market, outcome: str, at) -> None:
    """A person decides what the system had closed."""
    with unit_of_work():
        seat = review.claim(review.open_seat_of("appeal", first.id), by=market.other, at=at)
        appeals.actions.decide_again(first, seat, verdict=make.a_verdict(first, outcome), by=market.other, at=at)


def test_what_the_system_closed_can_be_appealed_again_or_looked_at_by_a_person(market: Market) -> None:
    first = market.timed_out()
    right = deadlines.running("appeal", first.id, "human_review")
    assert (right.state, running(first).state) == ("running", "running")
    assert told()[-2:] == ["appeal.closed_timeout", "appeal.again"]
    second = market.again(first, NOON + 6 * DAY)
    assert (second.round_no, fresh(right).state) == (2, "cancelled")
    with pytest.raises(Refused, match="too_late"), unit_of_work():
        appeals.actions.ask_human(fresh(first), by=market.merchant, at=NOON + 6 * DAY)
    state, until = ways.human_review_of(matter(first), NOON + 7 * DAY)
    assert (state, until, sound()) == ("over", NOON + 6 * DAY, True)


def test_after_a_late_sweep_the_time_to_appeal_again_begins_with_it(market: Market) -> None:
    with unit_of_work():
        first = make.ask_for_evidence(make.an_appeal(market.shop, market.merchant), market.first)
    late = NOON + 9 * DAY
    sweep(late)
    assert fresh(first).completed_at < late - DAY
    assert running(first).starts_at == late
    assert sound()


def test_while_a_person_looks_at_it_the_other_appeal_waits_and_its_time_starts_anew(market: Market) -> None:
    first = market.timed_out()
    at = NOON + 10 * DAY
    was = running(first)
    with unit_of_work():
        appeals.actions.ask_human(first, by=market.merchant, at=at)
    assert (fresh(was).state, fresh(penalty_of(first)).appeal_window) == ("cancelled", "closed")
    with unit_of_work():
        assert appeals.actions.start(penalty_of(first), by=market.merchant, at=at).id == first.id
    assert sound()
    looked_at(first, market, "rejected", at + DAY)
    assert running(first).starts_at == at + DAY
    second = market.again(first, at + 2 * DAY)
    assert market.other.person_id in review.open_seat_of("appeal", second.id).barred
    assert sound()


def test_upheld_by_the_person_there_is_nothing_left_to_appeal(market: Market) -> None:
    first = market.timed_out()
    with unit_of_work():
        appeals.actions.ask_human(first, by=market.merchant, at=NOON + 6 * DAY)
    looked_at(first, market, "upheld", NOON + 7 * DAY)
    assert (running(first), fresh(penalty_of(first)).appeal_window) == (None, "closed")
    assert sound()


def test_time_that_ran_out_before_the_review_does_not_come_back(market: Market) -> None:
    first = market.timed_out()
    sweep(NOON + 25 * DAY)
    with unit_of_work():
        appeals.actions.ask_human(fresh(first), by=market.merchant, at=NOON + 25 * DAY)
    looked_at(first, market, "rejected", NOON + 26 * DAY)
    assert (running(first), told()[-1]) == (None, "appeal.human_review_decided")
    assert sound()


def test_a_draft_of_the_second_and_a_human_review_are_not_begun_together(market: Market) -> None:
    first = market.timed_out()
    with unit_of_work():
        draft = make.a_draft(penalty_of(first), market.merchant, NOON + 6 * DAY)
    with pytest.raises(Refused, match="next_appeal_begun") as refused, unit_of_work():
        appeals.actions.ask_human(fresh(first), by=market.merchant, at=NOON + 6 * DAY)
    assert refused.value.params == {"ref": draft.ref}
    assert deadlines.running("appeal", first.id, "human_review") is not None


def matter(appeal: Appeal) -> Matter:
    """The case as what comes after it sees it, as it is now."""
    return cases.of_appeal(fresh(appeal))


def test_an_order_from_above_waits_for_the_second_and_ends_what_could_be_begun(market: Market) -> None:
    paper, open_one, running_one = redress.a_document(), market.decided(), market.decided()
    with unit_of_work():
        draft = make.a_draft(penalty_of(open_one), market.merchant, NOON + 2 * DAY)
    second = market.again(running_one)
    with pytest.raises(Refused, match="not_over_yet"), unit_of_work():
        redress.an_override(running_one, paper, market.senior, NOON + 3 * DAY)
    with unit_of_work():
        record = redress.an_override(open_one, paper, market.senior, NOON + 3 * DAY, change="lift")
        above.confirm(record, by=market.second_senior, at=NOON + 3 * DAY)
    assert (fresh(draft).outcome, running(open_one), penalty_of(open_one).status) == ("lapsed", None, "overturned")
    with unit_of_work():
        decide(second, market.other, "rejected", NOON + 4 * DAY)
    judges = {market.first.person_id, market.other.person_id}
    assert cases.judges(matter(running_one)) == cases.judges(matter(second)) == judges
    assert sound()


def test_what_the_policy_suspends_rests_again_in_the_second(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appeals.subjects.penalty.policies.Policy, "suspends", lambda _policy, kind: kind == "fine")
    held, reduced = market.decided(), market.decided("partially_upheld")
    assert penalty_of(held).status == "active"
    seconds = [market.again(one) for one in (held, reduced)]
    assert [penalty_of(one).status for one in seconds] == ["held", "reduced"]
    with unit_of_work():
        for one in seconds:
            decide(one, market.other, "rejected", NOON + 3 * DAY)
    assert [fresh(penalty_of(one)).status for one in seconds] == ["active", "reduced"]
    assert sound()


def test_the_case_file_of_either_tells_both(market: Market) -> None:
    first = market.decided()
    with unit_of_work():
        draft = make.a_draft(penalty_of(first), market.merchant, NOON + 2 * DAY)
    alone = appeals.casefile.describe(first.ref, "merchant")
    assert [chain for chain, _seen in alone.chains] == [penalty_of(first).ref, first.ref]
    with unit_of_work():
        make.file_it(draft, market.merchant, NOON + 2 * DAY)
        decide(draft, market.other, "partially_upheld", NOON + 3 * DAY)
    files = [appeals.casefile.describe(one.ref, "merchant") for one in (first, draft)]
    for file in files:
        assert [chain for chain, _seen in file.chains] == [penalty_of(first).ref, first.ref, draft.ref]
        assert len(file.submissions) == len(file.decisions) == 2
        assert {one.path for one in file.exhibits} == {one.path for one in files[0].exhibits}
        assert len({one.path for one in file.exhibits}) == len(file.exhibits) == 2 * len(alone.exhibits)
        assert sum("再次申诉期限" in clock.title or "again" in clock.title for clock in file.clocks) == 1
        assert file.as_of == NOON + 3 * DAY
    assert files[0].submissions[0].title != files[0].submissions[1].title
    assert session().query(Appeal).count() == 2


def test_the_right_to_a_person_lasts_as_long_as_before_where_nobody_appeals_again(market: Market) -> None:
    first = market.timed_out()
    right = deadlines.running("appeal", first.id, "human_review")
    assert right.due_at - first.completed_at >= timedelta(days=30)
    assert ways.human_review_of(matter(first), NOON + 6 * DAY) == ("available", right.due_at)
