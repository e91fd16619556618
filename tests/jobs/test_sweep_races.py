"""The sweep against itself and against people, on both databases, at the boundary."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from jobs.sweep import sweep
from portal import Portal, audit, deadlines
from portal.audit.models import AuditEvent
from portal.db import db, session, unit_of_work
from portal.deadlines import registry
from portal.deadlines.models import Deadline
from portal.refusals import Refused
from tests.jobs.test_sweep import Things
from tests.portal.deadlines.things import DUE, SWEPT, held, some_deadlines, stored


@pytest.fixture
def things(app: Portal, monkeypatch: pytest.MonkeyPatch) -> Things:
    """The verbs, registered."""
    made = Things()
    monkeypatch.setitem(registry.ANSWERS, ("thing", "act"), registry.Answer(made.close, made.remind))
    return made


def together(app: Portal, *acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same time, each in a thread with its own session; what each gave or raised."""
    ready, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait()
            try:
                results[place] = act()  # type: ignore[call-overload]
            except Exception as why:
                results[place] = why  # type: ignore[call-overload]
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=both) for both in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return list(results)


def events_per_thing() -> list[int]:
    session().rollback()
    return list(session().scalars(select(func.count(AuditEvent.id)).group_by(AuditEvent.chain)))


def test_five_sweepers_at_once_never_do_a_thing_twice(app: Portal, things: Things) -> None:
    some_deadlines(1200)
    swept = together(app, *[lambda: sweep(SWEPT).expired] * 5)
    assert sum(done for done in swept if isinstance(done, int)) == 1200, swept
    assert len(things.closed) == len(set(things.closed)) == 1200
    assert events_per_thing() == [1] * 1200
    assert deadlines.left_aside() == []


def test_five_sweepers_at_once_remind_once(app: Portal, things: Things) -> None:
    some_deadlines(700)
    together(app, *[lambda: sweep(DUE - timedelta(hours=24)).reminded] * 5)
    left = session().scalar(select(func.count()).where(Deadline.remind_at <= DUE - timedelta(hours=24)))
    assert left == 0
    assert len(things.reminded) == 700


def test_a_supplement_at_the_boundary_wins_or_is_too_late_but_never_both(app: Portal, things: Things) -> None:
    """Each request arrived just before, at or just after the due instant, while the sweep runs."""
    some_deadlines(60)
    arrivals = {key: DUE + timedelta(milliseconds=key % 3 - 1) for key in range(1, 61)}

    def act() -> list[int]:
        taken = []
        for key, at in arrivals.items():
            try:
                with unit_of_work():
                    deadlines.meet(deadlines.in_force("thing", key, "act", at=at), at=at)
                    audit.record(f"T-{key}", "thing.acted", by=audit.SYSTEM, at=at)
                    taken.append(key)
            except Refused:
                taken = [one for one in taken if one != key]
        return taken

    def sweep_before_its_time() -> None:
        for _ in range(20):
            sweep(SWEPT - timedelta(microseconds=1))
            time.sleep(0.005)

    results = together(app, act, sweep_before_its_time)
    assert results[0] == [key for key, at in arrivals.items() if at < DUE]
    sweep(SWEPT)
    for key, at in arrivals.items():
        assert stored(key).state == ("met" if at < DUE else "expired")
    assert events_per_thing() == [1] * 60


def test_an_act_and_the_sweep_on_the_same_row_leave_one_of_two_legal_states(
    app: Portal, things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request arrived in time, but held up so long that the sweep is allowed to act: whoever commits first wins."""
    monkeypatch.setattr("jobs.rounds.BATCH", 3)
    some_deadlines(40)

    def act() -> int:
        done = 0
        for key in reversed(range(1, 41)):
            try:
                with unit_of_work():
                    deadlines.meet(held(key), at=DUE - timedelta(seconds=1))
                    audit.record(f"T-{key}", "thing.acted", by=audit.SYSTEM, at=DUE - timedelta(seconds=1))
                done += 1
            except Refused:
                continue
        return done

    acted, swept = together(app, act, lambda: sweep(SWEPT).expired + sweep(SWEPT).expired)
    sweep(SWEPT)
    states = [stored(key).state for key in range(1, 41)]
    assert isinstance(acted, int), acted
    assert isinstance(swept, int), swept
    assert states.count("met") == acted
    assert states.count("expired") == 40 - acted
    assert events_per_thing() == [1] * 40
    assert deadlines.left_aside() == []
