"""What becomes of a penalty, and which of it is refused when."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import Portal, audit, deadlines, penalties
from portal.audit import SYSTEM
from portal.db import session, unit_of_work
from portal.messages.models import Notice
from portal.penalties.models import Penalty
from portal.refusals import Overtaken, Refused
from tests import make
from tests.conftest import NOON
from tests.portal.penalties.test_issuing import a_finding, issued

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def penalty(app: Portal) -> Penalty:
    with unit_of_work():
        return issued(make.a_shop())


def effects(penalty: Penalty) -> list[str]:
    return [measure.effect for measure in penalty.measures]


def last_event(penalty: Penalty) -> tuple[str, str | None, str | None]:
    event = audit.timeline(penalty.ref)[0]
    return event.action, event.from_status, event.to_status


def test_held_measures_resume(penalty: Penalty) -> None:
    with unit_of_work():
        penalties.hold(penalty, penalty.measures[:1], by=SYSTEM, at=LATER)
    assert (penalty.status, effects(penalty)) == ("held", ["held", "active"])
    assert last_event(penalty) == ("penalty.held", "active", "held")
    with unit_of_work():
        penalties.resume(penalty, by=SYSTEM, at=LATER)
    assert (penalty.status, effects(penalty)) == ("active", ["active", "active"])


def test_resuming_what_was_not_held_changes_nothing(penalty: Penalty) -> None:
    with unit_of_work():
        penalties.resume(penalty, by=SYSTEM, at=LATER)
    assert last_event(penalty)[0] == "penalty.issued"


def test_a_penalty_held_before_its_day_waits_for_it_again(app: Portal) -> None:
    with unit_of_work():
        penalty = issued(make.a_shop(), effective_at=NOON + timedelta(days=3))
        penalties.hold(penalty, penalty.measures, by=SYSTEM, at=NOON)
        penalties.resume(penalty, by=SYSTEM, at=LATER)
    assert penalty.status == "notified"


def test_an_overturned_penalty_has_no_measure_left(penalty: Penalty) -> None:
    with unit_of_work():
        penalties.lift(penalty, by=SYSTEM, at=LATER)
    assert (penalty.status, effects(penalty)) == ("overturned", ["lifted", "lifted"])
    assert {measure.execution for measure in penalty.measures} == {"pending"}


def test_a_reduced_penalty_keeps_what_was_there_before(penalty: Penalty) -> None:
    fine, points = penalty.measures
    results = [
        {"measure_id": fine.id, "kind": "fine", "result": "reduce", "params": {"amount_minor": 100000}},
        {"measure_id": points.id, "kind": "points", "result": "lift", "params": {}},
    ]
    with unit_of_work():
        penalties.reduce(penalty, results=results, by=SYSTEM, at=LATER)
    assert (penalty.status, effects(penalty)) == ("reduced", ["reduced", "lifted"])
    assert fine.params == {"amount_minor": 100000, "currency": "CNY", "was": {"amount_minor": 240000}}
    assert audit.timeline(penalty.ref)[0].data["results"] == results


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ({"result": "reduce", "params": {"amount_minor": 240000}}, "measure_not_less"),
        ({"result": "reduce", "params": {"amount_minor": 0}}, "measure_not_less"),
        ({"result": "reduce", "params": {"days": 1}}, "measure_not_less"),
        ({"result": "keep", "params": {}}, "nothing_reduced"),
        ({"measure_id": 10**6, "result": "lift", "params": {}}, "measure_unknown"),
    ],
)
def test_a_reduction_must_reduce(penalty: Penalty, result: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code), unit_of_work():
        penalties.reduce(penalty, results=[{"measure_id": penalty.measures[0].id, **result}], by=SYSTEM, at=LATER)
    session().expire_all()
    assert (penalty.status, effects(penalty)) == ("active", ["active", "active"])


def test_a_revoked_penalty_is_closed_and_its_shop_told_why(penalty: Penalty) -> None:
    with unit_of_work():
        penalties.revoke(penalty, reason="重复开单", by=SYSTEM, at=LATER)
    assert (penalty.status, penalty.appeal_window, effects(penalty)) == ("revoked", "closed", ["lifted", "lifted"])
    told = session().scalars(select(Notice).where(Notice.template == "penalty.revoked")).one()
    assert told.params["reason"] == "重复开单"


@pytest.mark.parametrize("end", ["lift", "revoke"])
@pytest.mark.parametrize("verb", ["hold", "lift", "reduce", "revoke"])
def test_nothing_happens_to_what_was_taken_back(penalty: Penalty, end: str, verb: str) -> None:
    more: dict[str, Any] = {
        "hold": {"measures": penalty.measures},
        "revoke": {"reason": "重复开单"},
        "reduce": {"results": [{"measure_id": penalty.measures[0].id, "result": "lift", "params": {}}]},
    }
    with unit_of_work():
        getattr(penalties, end)(penalty, by=SYSTEM, at=LATER, **more.get(end, {}))
    ended = penalty.status
    with pytest.raises(Refused), unit_of_work():
        getattr(penalties, verb)(penalty, by=SYSTEM, at=LATER, **more.get(verb, {}))
    session().expire_all()
    assert penalty.status == ended


def test_the_second_of_two_changes_is_told_of_the_first(penalty: Penalty) -> None:
    assert penalty.version == 1
    with pytest.raises(Overtaken), unit_of_work():
        stale = session().get_one(Penalty, penalty.id)
        session().connection().exec_driver_sql("UPDATE penalty SET version = version + 1")
        penalties.lift(stale, by=SYSTEM, at=LATER)


def test_an_announced_penalty_takes_effect_on_its_day(app: Portal) -> None:
    day = NOON + timedelta(days=3)
    with unit_of_work():
        shop = make.a_shop()
        first = issued(shop, effective_at=day)
        issued(shop, number="V-2", effective_at=day + timedelta(days=1))
    assert penalties.taking_effect(day - timedelta(microseconds=1), 10) == []
    with unit_of_work():
        penalties.take_effect(penalties.taking_effect(day + timedelta(hours=5), 10))
    assert (first.status, first.measures[0].execution) == ("active", "pending")
    event = audit.timeline(first.ref)[0]
    assert (event.action, event.at) == ("penalty.in_force", day)


def test_windows_close_at_their_own_instants_and_each_shop_is_told_once(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        charges = [penalties.Charge(shop, a_finding(f"V-{n}")) for n in range(3)]
        penalties.issue_all(charges, by=SYSTEM, at=NOON)
        batch = list(session().scalars(select(Penalty).order_by(Penalty.id)))
        due = {penalty.id: NOON + timedelta(days=penalty.id) for penalty in batch}
        penalties.close_windows(batch, at=due, told={batch[0].id})
        penalties.close_windows(batch, at=due)
    session().expire_all()
    assert {penalty.appeal_window for penalty in batch} == {"closed"}
    assert [audit.timeline(p.ref)[0].at for p in batch] == list(due.values())
    told = session().scalars(select(Notice.case_ref).where(Notice.template == "penalty.window_over"))
    assert sorted(filter(None, told)) == sorted(penalty.ref for penalty in batch[1:])


def test_a_reminder_is_told_once_and_only_while_there_is_time(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        open_still, closed = issued(shop), issued(shop, number="V-2")
        batch = [deadlines.running("penalty", p.id, "file_appeal") for p in (open_still, closed)]
        penalties.close_window(closed, at=NOON)
        for _ in range(2):
            penalties.remind_of_window([deadline for deadline in batch if deadline], at=LATER)
    told = session().scalars(select(Notice.case_ref).where(Notice.template == "penalty.reminder"))
    assert list(told) == [open_still.ref]
