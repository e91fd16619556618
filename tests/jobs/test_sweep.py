"""The sweep: everything that is due, once, and nothing that is not, whatever fails on the way."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from jobs.rounds import BATCH
from jobs.sweep import run, sweep
from portal import Portal, audit, deadlines
from portal.audit.models import AuditEvent
from portal.db import db, session, unit_of_work
from portal.deadlines import Running, registry
from portal.driver import Prepared
from portal.policies import Spec
from portal.refusals import Overtaken
from tests.conftest import Clock
from tests.portal.deadlines.things import DUE, SWEPT, a_deadline, held, some_deadlines, stored


class Things:
    """The verbs of a made-up case: what they answered, and what they choke on."""

    def __init__(self) -> None:
        self.closed: list[int] = []
        self.batches: list[int] = []
        self.reminded: list[tuple[int, datetime]] = []
        self.poison: dict[int, Exception] = {}

    def close(self, batch: Sequence[Running], *, at: datetime) -> None:
        """Write an event for each and let it run out."""
        for deadline in batch:
            if deadline.subject_id in self.poison:
                raise self.poison[deadline.subject_id]
        deadlines.expire_all(batch)
        audit.record_all([audit.Entry(f"T-{d.subject_id}", "thing.closed", d.due_at, audit.SYSTEM) for d in batch])
        self.batches.append(len(batch))
        self.closed += [deadline.subject_id for deadline in batch]

    def remind(self, batch: Sequence[Running], *, at: datetime) -> None:
        """Note who was reminded, and when."""
        for deadline in batch:
            if deadline.subject_id in self.poison:
                raise self.poison[deadline.subject_id]
        self.reminded += [(deadline.subject_id, at) for deadline in batch]


@pytest.fixture
def things(app: Portal, monkeypatch: pytest.MonkeyPatch) -> Things:
    """The verbs, registered."""
    made = Things()
    monkeypatch.setitem(registry.ANSWERS, ("thing", "act"), registry.Answer(made.close, made.remind))
    return made


def events() -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_nothing_happens_before_ten_seconds_past_due(things: Things) -> None:
    some_deadlines(2)
    assert sweep(SWEPT - timedelta(microseconds=1)).expired == 0
    assert things.closed == []
    assert sweep(SWEPT).expired == 2


def test_a_look_around_when_nothing_is_due_asks_two_questions(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    a_deadline()
    sweep(DUE - timedelta(days=2))  # versions that never change are read once
    asked: list[str] = []
    straight = Prepared.run
    monkeypatch.setattr(Prepared, "run", lambda this, *of: (asked.append(this.sql), straight(this, *of))[1])
    event.listen(db.engine, "before_cursor_execute", note := lambda *of: asked.append(of[2]))
    sweep(DUE - timedelta(days=2))
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 2


def test_the_job_sweeps_by_the_clock(things: Things, now: Clock) -> None:
    some_deadlines(1)
    for now.at, state in ((SWEPT - timedelta(seconds=1), "running"), (SWEPT, "expired")):
        run()
        assert stored().state == state


def test_what_is_swept_late_is_stamped_with_the_due_instant(things: Things) -> None:
    some_deadlines(1)
    sweep(DUE + timedelta(hours=48))
    assert (stored().state, stored().closed_at) == ("expired", DUE)
    assert session().scalars(select(AuditEvent.at)).all() == [DUE]


def test_the_oldest_comes_first_and_batches_are_bounded(things: Things) -> None:
    with unit_of_work():
        for key in range(1, 6):
            a_deadline(key, spec=Spec("elapsed", 24 - key))
    some = [deadlines.due(SWEPT, 2), deadlines.due(SWEPT, 2, deadlines.due(SWEPT, 2)[-1])]
    assert [key for place in some for _at, key in place] == [stored(key).id for key in (5, 4, 3, 2)]


def test_many_batches_settle_each_once(things: Things) -> None:
    some_deadlines(2 * BATCH + 7)
    assert sweep(SWEPT).expired == 2 * BATCH + 7
    assert things.batches == [BATCH, BATCH, 7]
    assert sorted(things.closed) == list(range(1, 2 * BATCH + 8))
    assert sweep(SWEPT).expired == 0
    assert events() == 2 * BATCH + 7


def test_a_poison_row_is_set_aside_and_never_blocks_the_rest(things: Things) -> None:
    some_deadlines(60)
    things.poison = {7: ValueError("broken case"), 51: KeyError("gone")}
    swept = sweep(SWEPT)
    assert (swept.expired, swept.set_aside) == (58, 2)
    assert stored(7).set_aside_why == "ValueError: broken case"
    assert [d.subject_id for d in deadlines.left_aside()] == [7, 51]
    assert events() == 58
    assert sweep(SWEPT + timedelta(minutes=1)).set_aside == 0


def test_what_was_set_aside_can_be_taken_up_again(things: Things) -> None:
    some_deadlines(2)
    things.poison = {1: ValueError("broken case")}
    sweep(SWEPT)
    things.poison = {}
    with unit_of_work():
        deadlines.take_up_again(deadlines.left_aside())
    assert sweep(SWEPT).expired == 1
    assert deadlines.left_aside() == []


def test_a_verb_that_forgets_to_settle_is_found_out(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(batch: Sequence[Running], *, at: datetime) -> None:
        deadlines.expire_all([deadline for deadline in batch if deadline.subject_id != 2])

    monkeypatch.setitem(registry.ANSWERS, ("thing", "act"), registry.Answer(forget))
    some_deadlines(3)
    assert sweep(SWEPT).expired == 2
    assert (stored(2).set_aside_why or "").startswith("LeftDueError")


def test_a_kind_nobody_answers_for_is_set_aside(app: Portal, things: Things) -> None:
    with unit_of_work():
        a_deadline(1)
        a_deadline(2, kind="strange")
    assert sweep(SWEPT).expired == 1
    assert (stored(1).state, events()) == ("expired", 1)
    assert [d.set_aside_why for d in deadlines.left_aside()] == ["LookupError: nobody answers for strange of thing"]


def test_a_case_that_moved_meanwhile_is_tried_anew(things: Things) -> None:
    some_deadlines(3)
    tries: list[int] = []

    def once(batch: Sequence[Running], *, at: datetime) -> None:
        tries.append(len(batch))
        if len(tries) < 3:
            raise Overtaken
        things.close(batch, at=at)

    registry.ANSWERS["thing", "act"] = registry.Answer(once)
    assert (sweep(SWEPT).expired, tries) == (3, [3, 1, 1, 2])


def test_a_database_that_fails_leaves_everything_for_the_next_sweep(things: Things) -> None:
    some_deadlines(30)
    locked = OperationalError("UPDATE", {}, Exception("database is locked"))
    things.poison = dict.fromkeys(range(1, 31), locked)
    swept = sweep(SWEPT)
    assert (swept.expired, swept.set_aside, swept.hindered) == (0, 0, 10)
    things.poison = {}
    assert sweep(SWEPT).expired == 30


def test_a_verb_may_give_more_time_instead(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    def more_time(batch: Sequence[Running], *, at: datetime) -> None:
        for deadline in batch:
            facts = deadlines.Facts(against=("outage",))
            assert not deadlines.may_close(deadline.due_at, facts, at)
            deadlines.extend(held(deadline.subject_id), to=at + timedelta(days=1), cause="outage", by="system", at=at)

    monkeypatch.setitem(registry.ANSWERS, ("thing", "act"), registry.Answer(more_time))
    some_deadlines(1)
    assert sweep(SWEPT).set_aside == 0
    assert (stored().state, stored().due_at) == ("running", SWEPT + timedelta(days=1))


def test_reminders_go_out_once_each(things: Things) -> None:
    some_deadlines(2)
    for at in (DUE - timedelta(hours=24, seconds=1), DUE - timedelta(hours=24), DUE - timedelta(hours=23)):
        sweep(at)
    sweep(DUE - timedelta(hours=2))
    assert things.reminded == [
        (1, DUE - timedelta(hours=24)),
        (2, DUE - timedelta(hours=24)),
        (1, DUE - timedelta(hours=2)),
        (2, DUE - timedelta(hours=2)),
    ]


def test_a_sweep_that_slept_through_both_reminders_sends_one(things: Things) -> None:
    some_deadlines(1)
    sweep(DUE - timedelta(hours=1))
    assert len(things.reminded) == 1
    assert stored().remind_at is None


def test_nobody_is_reminded_of_what_is_over(things: Things) -> None:
    some_deadlines(1)
    sweep(DUE + timedelta(seconds=3))
    assert things.reminded == []


def test_a_reminder_that_fails_is_given_up_and_the_end_still_comes(things: Things) -> None:
    some_deadlines(3)
    things.poison = {2: ValueError("no words")}
    assert sweep(DUE - timedelta(hours=24)).reminded == 2
    assert (stored(2).remind_at, stored(2).set_aside_at) == (None, None)
    things.poison = {}
    assert sweep(SWEPT).expired == 3


def test_what_was_met_in_time_is_not_swept(things: Things) -> None:
    some_deadlines(2)
    with unit_of_work():
        deadlines.meet(held(1), at=DUE - timedelta(seconds=1))
    sweep(SWEPT)
    assert things.closed == [2]
