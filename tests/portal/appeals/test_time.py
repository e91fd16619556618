"""What time alone does to an appeal: lapse, close, pass on, be late, remind."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import Portal, accounts, appeals, audit, deadlines, evidence, review
from portal.appeals.models import Appeal
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Notice
from portal.penalties.models import Penalty
from portal.refusals import Refused
from tests import make
from tests.make import NOON

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
pytestmark = pytest.mark.usefixtures("app")


class Cast:
    """A shop with its merchant, and a reviewer."""

    def __init__(self, policy: str = "douyin") -> None:
        with unit_of_work():
            self.shop = make.a_shop(policy_code=policy)
            self.merchant = make.actor(make.a_person("merchant_owner", self.shop), self.shop)
            self.reviewer = make.actor(make.a_person("reviewer"))
            self.lead = make.a_person("lead")

    def an_appeal(self, *, asked: bool = False) -> Appeal:
        """One under review, or one that evidence is asked for."""
        with unit_of_work():
            appeal = make.an_appeal(self.shop, self.merchant)
            return make.ask_for_evidence(appeal, self.reviewer) if asked else appeal


def told() -> list[str]:
    """Which notices were written, in order."""
    return list(session().scalars(select(Notice.template).order_by(Notice.id)))


def swept(at, *rows) -> None:
    """Sweep as of `at`, and see the rows as they are afterwards."""
    end_reading()
    sweep(at)
    end_reading()
    for row in rows:
        session().refresh(row)


def test_a_draft_nobody_sent_lapses_and_stays_readable(app: Portal) -> None:
    cast = Cast()
    with unit_of_work():
        penalty = make.a_penalty(cast.shop)
        draft = make.a_draft(penalty, cast.merchant)
    due = penalty.due_at
    swept(due + 11 * SECOND, draft, penalty)
    assert (draft.status, draft.outcome, draft.completed_at) == ("completed", "lapsed", due)
    assert penalty.appeal_window == "closed"
    assert draft.statement
    assert told().count("appeal.lapsed") == 1
    assert appeals.totals(cast.shop.id) == {"to_appeal": 0, "under_review": 0, "needs_evidence": 0, "completed": 1}


def test_a_supplement_that_never_comes_closes_the_case_stamped_with_the_due_time() -> None:
    appeal = Cast().an_appeal(asked=True)
    due = appeal.due_at
    swept(due + 2 * DAY, appeal)
    assert (appeal.outcome, appeal.completed_at) == ("closed_timeout", due)
    decision = review.decisions_of("appeal", appeal.id)[0]
    assert (decision.automated, decision.decided_at, decision.decided_by) == ("full", due, None)
    assert audit.timeline(appeal.ref)[0].at == due
    assert told().count("appeal.closed_timeout") == 1


def test_the_sweep_leaves_ten_seconds_to_whoever_is_in_time() -> None:
    appeal = Cast().an_appeal(asked=True)
    due = appeal.due_at
    swept(due + 9 * SECOND, appeal)
    assert appeal.status == "needs_evidence"
    swept(due + 10 * SECOND, appeal)
    assert appeal.status == "completed"


@pytest.mark.parametrize("late", [timedelta(0), SECOND])
def test_a_supplement_prepared_in_time_and_sent_at_the_due_time_or_later_is_refused(late: timedelta) -> None:
    cast = Cast()
    appeal = cast.an_appeal(asked=True)
    key, due = appeal.id, appeal.due_at
    with unit_of_work():
        make.prepare_supplement(appeal, cast.merchant, due - SECOND)
    with pytest.raises(Refused, match="supplement_over"), unit_of_work():
        make.send_supplement(appeal, cast.merchant, due + late)
    end_reading()
    assert session().get_one(Appeal, key).status == "needs_evidence"
    assert [submission.kind for submission in evidence.submissions_of("appeal", key)] == ["initial"]
    assert len(evidence.items_of("appeal", key, state="staged")) == 1
    assert deadlines.running("appeal", key, "supplement") is not None
    assert "appeal.supplemented" not in told()


@pytest.mark.parametrize("left", [SECOND, timedelta(microseconds=1)])
def test_a_supplement_sent_before_the_due_time_is_taken(left: timedelta) -> None:
    cast = Cast()
    appeal = cast.an_appeal(asked=True)
    key, due = appeal.id, appeal.due_at
    with unit_of_work():
        make.prepare_supplement(appeal, cast.merchant)
    with unit_of_work():
        make.send_supplement(appeal, cast.merchant, due - left)
    assert session().get_one(Appeal, key).status == "under_review"
    sealed = evidence.submissions_of("appeal", key)[-1]
    assert (sealed.kind, sealed.sealed_at) == ("supplement", due - left)
    assert deadlines.latest("appeal", key, "supplement").state == "met"


def test_nothing_is_attached_to_a_supplement_from_the_due_time_on() -> None:
    cast = Cast()
    appeal = cast.an_appeal(asked=True)
    with pytest.raises(Refused, match="supplement_over"), unit_of_work():
        make.prepare_supplement(appeal, cast.merchant, appeal.due_at)


def test_sweeping_twice_does_nothing_twice() -> None:
    appeal = Cast().an_appeal(asked=True)
    at = appeal.due_at + DAY
    swept(at, appeal)
    before = told()
    swept(at + DAY, appeal)
    assert told() == before
    assert list(audit.faults()) == []


def test_a_late_review_is_shown_to_both_sides_and_never_decided_by_time() -> None:
    cast = Cast()
    appeal = cast.an_appeal()
    swept(appeal.due_at + 30 * DAY, appeal)
    assert (appeal.status, appeal.overdue) == ("under_review", True)
    assert {"appeal.overdue", "review.overdue"} <= set(told())
    with unit_of_work():
        at = appeal.due_at + 31 * DAY
        seat = make.a_seat(appeal, cast.reviewer, at)
        appeals.actions.decide(appeal, seat, verdict=make.a_verdict(appeal, "upheld"), by=cast.reviewer, at=at)
    assert appeal.outcome == "upheld"


def test_reminders_come_24_and_3_hours_before_the_end_each_once() -> None:
    appeal = Cast().an_appeal(asked=True)
    due, hour = appeal.due_at, timedelta(hours=1)
    for at in (due - 25 * hour, due - 24 * hour, due - 23 * hour, due - 3 * hour, due - hour):
        swept(at)
    assert told().count("appeal.supplement_reminder") == 2


def test_under_the_eu_policy_a_person_decides_on_what_is_there() -> None:
    cast = Cast("eu-platform")
    appeal = cast.an_appeal(asked=True)
    swept(appeal.due_at + DAY, appeal)
    assert (appeal.status, appeal.attempt) == ("under_review", 2)
    assert review.open_seat_of("appeal", appeal.id) is not None
    assert "appeal.passed_on" in told()
    assert "appeal.evidence_requested.by_person" in told()


def test_under_the_eu_policy_the_review_clock_pauses_and_never_comes_earlier() -> None:
    cast = Cast("eu-platform")
    appeal = cast.an_appeal()
    first = appeal.due_at
    with unit_of_work():
        make.ask_for_evidence(appeal, cast.reviewer, NOON + 2 * DAY)
    with unit_of_work():
        make.supplement(appeal, cast.merchant, NOON + 4 * DAY)
    assert appeal.due_at > first
    clocks = [d for d in deadlines.live("appeal", appeal.id) if d.kind == "review"]
    assert [extension.cause for extension in deadlines.extensions(clocks[0])] == ["pause"]


def test_the_case_its_seat_and_its_deadline_show_the_same_instant() -> None:
    cast = Cast()
    appeal = cast.an_appeal()
    seat = review.open_seat_of("appeal", appeal.id)
    assert {appeal.due_at, seat.due_at} == {d.due_at for d in deadlines.live("appeal", appeal.id)}


def test_taking_a_penalty_back_ends_its_appeal_as_moot() -> None:
    cast = Cast()
    appeal = cast.an_appeal()
    with unit_of_work():
        penalty = session().get_one(Penalty, appeal.subject_id)
        appeals.actions.revoke(penalty, reason="处罚依据的轨迹数据有误", by=audit.SYSTEM, at=NOON + DAY)
    assert (appeal.outcome, penalty.status) == ("moot", "revoked")
    assert {measure.effect for measure in penalty.measures} == {"lifted"}
    assert review.open_seat_of("appeal", appeal.id) is None
    assert accounts.people_with("lead") == [cast.lead]
