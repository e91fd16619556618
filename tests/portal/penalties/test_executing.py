"""What was decided is carried out and confirmed; who waits too long is told of, day by day."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import Portal, appeals, audit, deadlines, penalties
from portal.accounts.models import Person
from portal.cli import invariants
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Notice
from portal.penalties.models import Penalty
from portal.refusals import Refused
from tests import make
from tests.make import NOON

DAY = timedelta(days=1)
MARKETPLACE = audit.Actor("marketplace", "api_client")


@pytest.fixture
def lead(app: Portal) -> Person:
    """Whom it concerns."""
    with unit_of_work():
        return make.a_person("lead")


@pytest.fixture
def penalty(lead: Person) -> Penalty:
    """One that was overturned, so that its measures have to be undone."""
    with unit_of_work():
        made = make.a_penalty(make.a_shop())
        penalties.lift(made, by=make.actor(make.a_person("reviewer")), at=NOON)
    return made


def told(penalty: Penalty, recipient: str) -> list[str]:
    end_reading()
    ask = select(Notice.template).where(Notice.recipient == recipient, Notice.case_ref == penalty.ref)
    return list(session().scalars(ask.order_by(Notice.id)))


def states(penalty: Penalty) -> set[str]:
    end_reading()
    return {measure.execution for measure in session().get_one(Penalty, penalty.id).measures}


def test_a_confirmed_change_is_told_to_the_shop_and_to_no_lead(penalty: Penalty, lead: Person) -> None:
    assert states(penalty) == {"pending"}
    with unit_of_work():
        penalties.executed(session().get_one(Penalty, penalty.id), by=MARKETPLACE, at=NOON)
    assert states(penalty) == {"acknowledged"}
    sweep(NOON + 3 * DAY)
    assert told(penalty, f"shop:{penalty.shop_id}")[-1] == "penalty.executed"
    assert told(penalty, f"person:{lead.id}") == []
    with pytest.raises(Refused, match="nothing_to_execute"), unit_of_work():
        penalties.executed(session().get_one(Penalty, penalty.id), by=MARKETPLACE, at=NOON)
    assert list(invariants.faults()) == []


def test_after_a_day_the_lead_is_told_once(penalty: Penalty, lead: Person) -> None:
    sweep(NOON + DAY)
    assert told(penalty, f"person:{lead.id}") == []
    sweep(NOON + DAY + deadlines.SWEEP_GRACE)
    assert told(penalty, f"person:{lead.id}") == ["penalty.execution_late"]
    sweep(NOON + DAY + deadlines.SWEEP_GRACE)
    sweep(NOON + 9 * DAY)
    assert len(told(penalty, f"person:{lead.id}")) == 1
    assert states(penalty) == {"pending"}
    end_reading()
    assert list(invariants.faults()) == []


def test_what_could_not_be_carried_out_wakes_the_lead_and_can_still_be(penalty: Penalty, lead: Person) -> None:
    with unit_of_work():
        penalties.executed(session().get_one(Penalty, penalty.id), failed="paid out", by=MARKETPLACE, at=NOON)
    assert states(penalty) == {"failed"}
    assert told(penalty, f"person:{lead.id}") == ["penalty.execution_late"]
    with unit_of_work():
        penalties.executed(session().get_one(Penalty, penalty.id), by=MARKETPLACE, at=NOON + DAY)
    assert states(penalty) == {"acknowledged"}
    sweep(NOON + 5 * DAY)
    assert len(told(penalty, f"person:{lead.id}")) == 1


def test_a_revoked_penalty_is_watched_as_well(lead: Person) -> None:
    with unit_of_work():
        penalty = make.a_penalty(make.a_shop())
        appeals.actions.revoke(penalty, reason="误判", by=make.actor(make.a_person("penalty_issuer")), at=NOON)
    assert states(penalty) == {"pending"}
    sweep(NOON + 3 * DAY)
    assert told(penalty, f"person:{lead.id}") == ["penalty.execution_late"]
