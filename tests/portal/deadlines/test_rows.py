"""Deadlines as rows: started, met, moved, run out; never earlier, never twice."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from portal import Portal, deadlines
from portal.db import dialect, end_reading, session, unit_of_work
from portal.deadlines import registry, workdays
from portal.deadlines.models import CalendarVersion, Deadline
from portal.policies import Spec
from portal.refusals import Overtaken, Refused
from tests.portal.deadlines.things import (
    DUE,
    MONDAY,
    THREE_DAYS,
    a_deadline,
    held,
    some_deadlines,
    stored,
    swept,
    version_of,
)

SPECS = [THREE_DAYS, Spec("working_days", 5), Spec("calendar_days", 183), Spec("elapsed", 48), Spec("working_hours", 9)]


@pytest.fixture
def reminded_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is reminded of deadlines of things."""

    def ignore(batch: object, *, at: object) -> None:
        """Answer nothing."""

    monkeypatch.setitem(registry.ANSWERS, ("thing", "act"), registry.Answer(ignore, ignore))


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("code", ["douyin", "eu-platform"])
def test_what_was_shown_before_is_what_is_stored(app: Portal, spec: Spec, code: str) -> None:
    with unit_of_work():
        shown = deadlines.preview(spec, party="platform", at=MONDAY, policy_version_id=version_of(code))
        a_deadline(code=code, spec=spec, party="platform")
    kept = stored()
    assert (kept.due_at, deadlines.explanation(kept), kept.provisional) == (shown.due_at, shown.days, shown.provisional)
    assert kept.base_due_at == kept.due_at


def test_many_at_once_are_stored_like_each_alone(app: Portal) -> None:
    with unit_of_work():
        version = version_of()
        asked = [
            deadlines.Start("thing", key, "act", "merchant", spec, MONDAY + timedelta(hours=key), version)
            for key, spec in enumerate(SPECS)
        ]
        many = deadlines.start_all(asked)
        alone = [a_deadline(key + 100, spec=one.spec, at=one.at) for key, one in enumerate(asked)]
        assert [d.due_at for d in alone] == [due.due_at for due in many]
    for key in range(len(SPECS)):
        first, second = stored(key), stored(key + 100)
        assert (first.explain, first.due_at, first.zone) == (second.explain, second.due_at, second.zone)


def test_the_party_decides_which_calendar_counts(app: Portal) -> None:
    with unit_of_work():
        assert a_deadline(code="eu-platform").zone == "Europe/Berlin"
        assert a_deadline(2).zone == "Asia/Shanghai"


def test_one_deadline_of_a_kind_runs_for_a_party(app: Portal) -> None:
    with unit_of_work():
        a_deadline()
    with pytest.raises(Overtaken), unit_of_work():
        a_deadline()
    with unit_of_work():
        deadlines.meet(held(), at=MONDAY)
        a_deadline(at=MONDAY + timedelta(days=1))


def test_an_act_is_in_time_until_the_due_instant_and_not_at_it(app: Portal) -> None:
    with unit_of_work():
        a_deadline()
    just_in_time = DUE - timedelta(microseconds=1)
    assert deadlines.in_force("thing", 1, "act", at=just_in_time).due_at == DUE
    for late in (DUE, DUE + timedelta(seconds=5)):
        with pytest.raises(Refused) as refused:
            deadlines.in_force("thing", 1, "act", at=late)
        assert refused.value.code == "too_late"


def test_what_is_closed_stays_closed(app: Portal) -> None:
    with unit_of_work():
        deadlines.meet(a_deadline(), at=MONDAY)
    for verb in (deadlines.meet, deadlines.cancel):
        with pytest.raises(Overtaken), unit_of_work():
            verb(held(), at=MONDAY)
    with pytest.raises(Overtaken), unit_of_work():
        deadlines.expire_all([swept()])
    assert (stored().state, stored().closed_at) == ("met", MONDAY)


def test_cancelling_a_subject_stops_all_that_runs(app: Portal) -> None:
    with unit_of_work():
        a_deadline()
        a_deadline(kind="other")
        a_deadline(2)
        deadlines.cancel_all("thing", 1, at=MONDAY)
    assert deadlines.live("thing", 1) == []
    assert len(deadlines.live("thing", 2)) == 1


def test_running_out_is_stamped_with_the_due_instant(app: Portal) -> None:
    some_deadlines(3)
    with unit_of_work():
        batch = deadlines.still_due([held(key).id for key in (1, 2, 3)], DUE + timedelta(hours=4))
        deadlines.expire_all(batch)
        assert {held(key).state for key in (1, 2, 3)} == {"expired"}
    assert {(stored(key).state, stored(key).closed_at) for key in (1, 2, 3)} == {("expired", DUE)}


def test_a_due_date_only_moves_later_and_says_why(app: Portal) -> None:
    later = DUE + timedelta(days=1)
    with unit_of_work():
        a_deadline()
    for bad in (DUE, DUE - timedelta(seconds=1)):
        with pytest.raises(Refused, match="only_later"), unit_of_work():
            deadlines.extend(held(), to=bad, cause="outage", by="system", at=MONDAY)
    with unit_of_work():
        deadlines.extend(held(), to=later, cause="outage", by="system", at=MONDAY, note="storage")
    moved = stored()
    assert (moved.base_due_at, moved.due_at) == (DUE, later)
    assert [(e.old_due, e.new_due, e.cause, e.note) for e in deadlines.extensions(moved)] == [
        (DUE, later, "outage", "storage")
    ]


def test_a_due_date_can_be_counted_again_at_any_time(app: Portal) -> None:
    with unit_of_work():
        a_deadline()
        assert deadlines.recounted(held()) == DUE
        for days in (1, 2):
            deadlines.extend(held(), to=DUE + timedelta(days=days), cause="outage", by="system", at=MONDAY)
    assert deadlines.recounted(stored()) == DUE + timedelta(days=2)
    with unit_of_work():
        session().execute(update(Deadline).values(due_at=DUE + timedelta(days=3)))
    assert deadlines.recounted(stored()) == DUE + timedelta(days=2)


def test_the_days_it_shows_are_those_of_its_calendar_or_of_a_later_version(app: Portal) -> None:
    with unit_of_work() as current:
        version = current.get_one(CalendarVersion, a_deadline().calendar_version_id)
        thursday = {"on": "2026-03-05", "open": False, "zh": "节日", "en": "A holiday", "hours": []}
        body = version.body | {"specials": sorted([*version.body["specials"], thursday], key=lambda one: one["on"])}
        later = CalendarVersion(code="CN", number=9, body=body, sha256="9", published_at=MONDAY)
        current.add(later)
        current.flush()
        counted, anew = deadlines.by_rule(held()), deadlines.by_rule(held(), later.id)
    own, another = workdays.plain(counted.days), workdays.plain(anew.days)
    assert own != another
    for shown, right in ((own, True), (another, True), (own[1:], False), ([], False)):
        held().explain = shown
        assert deadlines.explains(held(), counted) == right
    held().due_at, held().explain = DUE + timedelta(days=1), own[1:]
    assert deadlines.explains(held(), counted)
    end_reading()


def test_the_database_itself_refuses_an_earlier_date(app: Portal) -> None:
    some_deadlines(1)
    with pytest.raises((IntegrityError, DatabaseError), match="never_earlier"), unit_of_work():
        session().execute(update(Deadline).values(due_at=DUE - timedelta(seconds=1)))


def test_reminders_are_those_still_ahead(app: Portal, reminded_kind: None) -> None:
    with unit_of_work():
        assert a_deadline(1).remind_at == DUE - timedelta(hours=24)
        assert a_deadline(2, at=DUE - timedelta(hours=5), spec=Spec("elapsed", 5)).remind_at == DUE - timedelta(hours=3)
        assert a_deadline(3, at=DUE - timedelta(hours=2), spec=Spec("elapsed", 2)).remind_at is None


def test_nobody_is_reminded_of_a_kind_without_a_verb_for_it(app: Portal) -> None:
    with unit_of_work():
        assert a_deadline().remind_at is None


def test_a_second_reminder_follows_the_first(app: Portal, reminded_kind: None) -> None:
    some_deadlines(2)
    for at, following in ((24, DUE - timedelta(hours=3)), (3, None)):
        now = DUE - timedelta(hours=at)
        with unit_of_work():
            batch = deadlines.still_to_remind([held(1).id, held(2).id], now)
            deadlines.reminded(batch, at=now)
            assert len(batch) == 2
        assert stored(2).remind_at == following


def test_the_sweep_finds_what_is_due_by_its_index(app: Portal) -> None:
    some_deadlines(300)
    session().execute(text("ANALYZE"))
    if dialect().name == "sqlite":
        plan = session().execute(
            text(
                "EXPLAIN QUERY PLAN SELECT due_at, id FROM deadline WHERE deadline.state = 'running' "
                "AND deadline.set_aside_at IS NULL AND due_at <= '2026-01-01' ORDER BY due_at, id LIMIT 500"
            )
        )
        assert "ix_deadline_running" in str(plan.all())
    assert deadlines.due(DUE, 500) == []
    assert len(deadlines.due(DUE + deadlines.SWEEP_GRACE, 500)) == 300
