"""Issuing: the penalty, its reasons and measures, its time to appeal, its event and its notice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from portal import Portal, audit, deadlines, penalties
from portal.accounts.models import Shop
from portal.audit import SYSTEM
from portal.db import session, unit_of_work
from portal.guards import Tally
from portal.messages.models import Notice
from portal.penalties import Finding, NoMeasureError, Sanction
from portal.penalties.models import Penalty
from portal.refusals import Refused
from tests import make
from tests.conftest import NOON

FACTS = "到 3 月 1 日 18:00，12 笔订单都没有揽收记录。"


def a_finding(number: str = "V-1", rule: str = "FAKE_SHIPMENT", **fields: Any) -> Finding:
    return Finding(number, rule, FACTS, **{"amount_minor": 240000, **fields})


def issued(shop: Shop, **fields: Any) -> Penalty:
    return penalties.issue(shop, a_finding(**fields), by=SYSTEM, at=NOON)


def test_a_penalty_states_its_reasons_and_measures(app: Portal) -> None:
    with unit_of_work():
        penalty = issued(make.a_shop(), automated="assisted")
    assert penalty.status == "active"
    assert penalty.reasons["redress"] == ["appeal", "court", "regulator"]
    assert penalty.reasons["automated_detection"]
    assert not penalty.reasons["automated_decision"]
    assert len(penalty.reasons["rule_sha256"]) == 64
    assert [(m.kind, m.params, m.execution) for m in penalty.measures] == [
        ("fine", {"amount_minor": 240000, "currency": "CNY"}, "pending"),
        ("points", {"points": 4}, "pending"),
    ]


def test_the_time_to_appeal_runs_from_the_notification_by_the_rules_own_window(app: Portal) -> None:
    told_at = NOON - timedelta(days=1)
    with unit_of_work():
        shop = make.a_shop()
        usual = issued(shop, notified_at=told_at)
        short = issued(shop, number="V-2", rule="PROHIBITED_GOODS", amount_minor=0, notified_at=told_at)
    for penalty, days in ((usual, 7), (short, 3)):
        running = deadlines.running("penalty", penalty.id, "file_appeal")
        assert running is not None
        assert running.due_at == penalty.due_at
        assert running.starts_at == told_at
        assert running.spec == {"mode": "calendar_days", "n": days, "roll": True}
    assert penalty.appeal_window == "open"


def test_a_window_that_is_over_already_is_stored_closed(app: Portal) -> None:
    with unit_of_work():
        penalty = issued(make.a_shop(), notified_at=NOON - timedelta(days=30))
    assert (penalty.appeal_window, deadlines.latest("penalty", penalty.id, "file_appeal")) == ("closed", None)
    assert penalty.due_at is not None
    assert penalty.due_at < NOON
    assert session().scalars(select(Notice.template)).one() == "penalty.issued_final"


def test_a_penalty_announced_for_later_is_not_in_force_yet(app: Portal) -> None:
    with unit_of_work():
        penalty = issued(make.a_shop(), effective_at=NOON + timedelta(days=3))
    assert (penalty.status, penalty.measures[0].execution) == ("notified", "none")


def test_the_shop_is_told_and_the_history_begins(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        penalty = issued(shop)
    notice = session().scalars(select(Notice)).one()
    assert (notice.category, notice.case_ref, notice.recipient) == ("penalty", penalty.ref, f"shop:{shop.id}")
    assert notice.params["facts"] == FACTS
    event = audit.timeline(penalty.ref)[0]
    assert (event.seq, event.action, event.to_status) == (1, "penalty.issued", "active")
    assert not list(audit.faults())


def test_the_same_finding_again_is_the_penalty_that_is_there(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        first, second = issued(shop), issued(shop)
    assert first.id == second.id
    assert session().scalar(select(func.count()).select_from(Penalty)) == 1


def test_another_finding_under_the_same_number_is_refused(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        ref = issued(shop).ref
    with pytest.raises(Refused, match="penalty_differs") as why, unit_of_work():
        issued(shop, amount_minor=1)
    assert why.value.params["ref"] == ref


def test_the_same_number_of_another_source_is_another_penalty(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        assert issued(shop).id != issued(shop, source="erp").id


def test_the_tab_counts_what_can_still_be_appealed(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        penalty = issued(shop)
        issued(shop, number="V-2", notified_at=NOON - timedelta(days=30))
    assert session().get_one(Tally, (f"shop:{shop.id}", "to_appeal")).n == 1
    with unit_of_work():
        penalties.close_window(session().get_one(Penalty, penalty.id), at=NOON)
    session().expire_all()
    assert session().get_one(Tally, (f"shop:{shop.id}", "to_appeal")).n == 0


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"amount_minor": 0}, ["points"]),
        ({"amount_minor": 0, "points": 0, "sanctions": (Sanction("traffic_limit", 7),)}, ["traffic_limit"]),
        ({"rule": "SLOW_REPLY"}, ["fine", "score_deduction", "traffic_limit", "points"]),
        ({"rule": "MISSING_QUALIFICATION", "amount_minor": 0, "points": 2}, ["other", "points"]),
    ],
)
def test_the_measures_are_those_stated_or_usual(app: Portal, fields: dict[str, Any], kinds: list[str]) -> None:
    with unit_of_work():
        penalty = issued(make.a_shop(), **fields)
    assert [measure.kind for measure in penalty.measures] == kinds


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"sanctions": (Sanction("fine"),), "amount_minor": 0}, "amount_missing"),
        ({"sanctions": (Sanction("points"),)}, "amount_without_measure"),
        ({"sanctions": (Sanction("fine"),), "points": 3}, "points_without_measure"),
        ({"sanctions": (Sanction("points"),), "amount_minor": 0, "points": 0}, "points_missing"),
        ({"amount_minor": 0, "points": 0}, "measures_none"),
    ],
)
def test_a_measure_without_its_figure_is_refused(app: Portal, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(NoMeasureError, match=code), unit_of_work():
        issued(make.a_shop(), **fields)


def test_a_penalty_cannot_be_deleted(app: Portal) -> None:
    with unit_of_work():
        issued(make.a_shop())
    for table in ("measure", "penalty"):
        with pytest.raises(Exception, match="immutable"), unit_of_work():
            session().execute(text(f"DELETE FROM {table}"))
