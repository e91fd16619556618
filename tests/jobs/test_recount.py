"""When a year's holidays are published, what hangs on a deadline moves with it, and whose time it is is told, once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from jobs.recount import recount
from jobs.sweep import sweep
from portal import Portal, audit, deadlines, review
from portal.accounts.models import Shop
from portal.audit import Actor
from portal.cli import invariants
from portal.db import end_reading, session, unit_of_work
from portal.deadlines.models import Deadline
from portal.messages.models import Notice
from tests import arbitration, make, rulings
from tests.aftersales import an_after_sale, an_offer
from tests.buyer_mails import told_buyer
from tests.calendars import NOTICE, publish, publish_2027
from tests.redress import a_complaint, a_rejected_appeal, a_request

AT = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)
FRIDAY, MONDAY, TUESDAY, WEDNESDAY = (datetime(2027, 1, day, 16, 0, tzinfo=UTC) for day in (1, 4, 5, 6))
"""Midnights in Shanghai: the end of New Year's Day, and of the working days after it."""


@dataclass(frozen=True)
class House:
    """A shop, who acts for it, and who judges."""

    shop: Shop
    merchant: Actor
    reviewer: Actor


@pytest.fixture
def house(app: Portal) -> House:
    """A shop under the default policy."""
    with unit_of_work():
        shop = make.a_shop()
        return House(
            shop, make.actor(make.a_person("merchant_owner", shop), shop), make.actor(make.a_person("reviewer"))
        )


@pytest.fixture
def folder(app: Portal, tmp_path: Path) -> Path:
    """Where calendars to be published are put."""
    return tmp_path


def known(folder: Path, code: str = "CN") -> None:
    """The year becomes known; everything adds up, and a second count finds nothing left."""
    publish_2027(folder, code)
    assert recount(NOTICE).set_aside == 0
    end_reading()
    assert list(invariants.faults()) == []
    assert recount(NOTICE).recounted == 0
    end_reading()


def moved(subject_type: str, key: int, kind: str) -> tuple[datetime, datetime]:
    """When it was due at first and is due now; it runs and is settled."""
    found = deadlines.running(subject_type, key, kind)
    assert found is not None
    assert not found.may_move
    return found.base_due_at, found.due_at


def told(shop_id: int) -> list[str]:
    """What the shop was told that it has more time for."""
    ask = select(Notice.template).where(Notice.recipient == f"shop:{shop_id}", Notice.template.contains("more_time"))
    return list(session().scalars(ask.order_by(Notice.template)))


def events(chain: str, audience: str = "parties") -> list[dict[str, Any]]:
    """What a history says of deadlines that moved."""
    found = [event for event in audit.timeline(chain, (audience,)) if event.action.endswith("more_time")]
    assert {event.at for event in found} <= {NOTICE}
    return [dict(event.data) for event in found]


def anew(row: Any) -> Any:
    return session().get_one(type(row), row.id)


def test_a_penalty_can_be_appealed_longer_and_so_can_its_draft(house: House, folder: Path) -> None:
    with unit_of_work():
        penalty = make.a_penalty(house.shop, AT - timedelta(days=4))
        draft = make.a_draft(penalty, house.merchant, AT)
    known(folder)
    assert moved("penalty", penalty.id, "file_appeal") == (FRIDAY, MONDAY)
    assert (anew(penalty).due_at, anew(draft).due_at) == (MONDAY, MONDAY)
    assert events(penalty.ref) == [
        {
            "deadline": "file_appeal",
            "party": "merchant",
            "old_due": FRIDAY.isoformat(),
            "new_due": MONDAY.isoformat(),
            "cause": "calendar",
        }
    ]
    assert told(house.shop.id) == ["penalty.more_time"]
    sweep(MONDAY + timedelta(seconds=10))
    end_reading()
    assert (anew(draft).outcome, anew(draft).completed_at) == ("lapsed", MONDAY)
    assert list(invariants.faults()) == []


def test_evidence_is_awaited_longer_and_the_reviewers_have_as_many_days(house: House, folder: Path) -> None:
    with unit_of_work():
        asked = make.ask_for_evidence(make.an_appeal(house.shop, house.merchant, AT), house.reviewer, AT)
        seated = make.an_appeal(house.shop, house.merchant, AT)
    known(folder)
    assert moved("appeal", asked.id, "supplement") == (FRIDAY, MONDAY)
    assert moved("appeal", seated.id, "review") == (TUESDAY, WEDNESDAY)
    assert (anew(asked).due_at, anew(seated).due_at) == (MONDAY, WEDNESDAY)
    seat = review.open_seat_of("appeal", seated.id)
    assert seat is not None
    assert seat.due_at == WEDNESDAY
    assert [said["party"] for said in (*events(asked.ref), *events(seated.ref))] == ["merchant", "platform"]
    assert told(house.shop.id) == ["appeal.more_time"]


def test_both_sides_of_a_hearing_have_more_time_and_so_does_the_ruling(house: House, folder: Path) -> None:
    with unit_of_work():
        heard = arbitration.an_arbitration(house.shop, house.merchant, AT + timedelta(days=1))
        ruling = arbitration.under_decision(house.shop, house.merchant, AT)
    known(folder)
    ask = select(Deadline.due_at).where(Deadline.subject_type == "arbitration", Deadline.kind == "evidence")
    assert session().scalars(ask.where(Deadline.subject_id == heard.id)).all() == [MONDAY, MONDAY]
    assert (anew(heard).due_at, anew(heard).after_sale.due_at) == (MONDAY, MONDAY)
    assert moved("arbitration", ruling.id, "decision") == (TUESDAY, WEDNESDAY)
    seat = review.open_seat_of("arbitration", ruling.id)
    assert seat is not None
    assert (seat.due_at, anew(ruling).due_at, anew(ruling).after_sale.due_at) == (WEDNESDAY,) * 3
    assert sorted(said["party"] for said in events(heard.ref)) == ["buyer", "merchant"]
    assert told(house.shop.id) == ["arbitration.more_time"]
    assert told_buyer(heard.after_sale.ref)[-1] == "more_time"
    assert "more_time" not in told_buyer(ruling.after_sale.ref)


def test_a_ruling_can_be_appealed_longer_and_its_appeal_shows_its_time(house: House, folder: Path) -> None:
    with unit_of_work():
        lost = rulings.lost(house.shop, house.merchant, house.reviewer, AT - timedelta(days=4))
        draft = make.a_draft(lost, house.merchant, AT)
        gone_on = rulings.lost(house.shop, house.merchant, house.reviewer, AT)
        appeal = rulings.an_appeal(gone_on, house.merchant, AT)
    known(folder)
    assert moved("arbitration", lost.id, "file_appeal") == (FRIDAY, MONDAY)
    assert (anew(lost).appeal_due_at, anew(lost).due_at, anew(draft).due_at) == (MONDAY,) * 3
    assert (anew(appeal).due_at, anew(gone_on).due_at, anew(gone_on).after_sale.due_at) == (WEDNESDAY,) * 3
    assert told(house.shop.id) == ["arbitration.more_time_to_appeal"]


def test_an_after_sales_case_waits_longer(app: Portal, folder: Path) -> None:
    """Under the policy that counts working days, on a calendar that did not know the year."""
    publish(folder, "EU", library={"market": "XECB", "years": [2026]})
    with unit_of_work():
        shop = make.a_shop(policy_code="eu-platform")
        merchant = make.actor(make.a_person("merchant_owner", shop), shop)
        asked = an_after_sale(shop, at=AT)
        offered = an_after_sale(shop, at=AT)
        an_offer(offered, merchant, AT)
    before = asked.due_at
    known(folder, "EU")
    assert before is not None
    assert moved("aftersale", asked.id, "merchant_response") == (before, before + timedelta(days=1))
    assert anew(asked).due_at == before + timedelta(days=1)
    assert [said["deadline"] for said in (*events(asked.ref), *events(offered.ref))] == [
        "merchant_response",
        "offer_answer",
    ]
    assert told(shop.id) == ["aftersale.more_time"]
    assert told_buyer(offered.ref)[-1] == "more_time"


def test_a_complaint_and_a_request_are_answered_as_many_days_later(house: House, folder: Path) -> None:
    with unit_of_work():
        over = a_rejected_appeal(house.shop, house.merchant, house.reviewer, AT)
        complaint, request = a_complaint(over, house.merchant, AT), a_request(over, house.merchant, AT)
    known(folder)
    assert (anew(complaint).due_at, anew(request).due_at) == (WEDNESDAY, MONDAY)
    assert [said["deadline"] for said in (*events(complaint.ref), *events(over.ref, "merchant"))] == ["answer"] * 2
    assert told(house.shop.id) == []
