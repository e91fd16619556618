"""The demo as it was filled in: every state is there to be seen, and everything adds up."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal import Portal, accounts, audit, clock, deadlines, demo
from portal.accounts.models import Person, Shop
from portal.appeals.models import OUTCOMES, Appeal
from portal.cli.verify import WALKS
from portal.db import end_reading, session
from portal.demo.cases import SCENES, cases
from portal.evidence.models import EvidenceItem
from portal.messages.models import Notice
from portal.penalties.models import Penalty
from portal.review.models import Review
from tests import make
from tests.conftest import Clock

NOW = datetime(2027, 3, 10, 11, 17, tzinfo=UTC)
OPEN_SEATS = Review.state.in_(("queued", "claimed"))


@pytest.fixture(scope="module")
def filled(shared_app: Portal) -> Iterator[Portal]:
    """The demo at that moment, for all tests of this file; none of them changes anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", Clock(NOW))
        assert demo.fill(NOW)
        yield shared_app


def test_every_scene_is_told_and_every_picture_there() -> None:
    told = list(cases())
    assert {case.scene for case in told} == set(SCENES)
    assert len({case.number for case in told}) == len(told)


def test_every_state_is_there_to_be_seen(filled: Portal) -> None:
    assert set(session().scalars(select(Appeal.status))) == {"draft", "under_review", "needs_evidence", "completed"}
    assert set(session().scalars(select(Appeal.outcome).where(Appeal.outcome.is_not(None)))) == set(OUTCOMES)
    assert {"notified", "active", "reduced", "overturned", "revoked"} == set(session().scalars(select(Penalty.status)))
    tabs = Counter(session().scalars(select(Appeal.status).join(Shop).where(Shop.name == "岚山茶铺")))
    assert (tabs["under_review"], tabs["needs_evidence"], tabs["draft"]) == (5, 1, 1)
    to_appeal = select(func.count()).select_from(Penalty).join(Shop).where(Penalty.appeal_window == "open")
    assert session().scalar(to_appeal.where(Shop.name == "岚山茶铺")) == 5


def test_the_queue_holds_a_days_work(filled: Portal) -> None:
    seats = list(session().scalars(select(Review).where(OPEN_SEATS)))
    assert len(seats) == 14
    assert len({seat.shop_id for seat in seats}) == 3
    assert {seat.seat for seat in seats} == {"primary", "second"}
    assert sum(seat.state == "claimed" for seat in seats) == 2
    overdue = [seat for seat in seats if seat.due_at <= NOW]
    assert len(overdue) == 2
    assert all(NOW - seat.due_at < timedelta(days=10) for seat in overdue)
    assert any(seat.attempt == 2 for seat in seats)


def test_the_first_penalty_is_due_tomorrow_and_has_the_platforms_pictures(filled: Portal) -> None:
    first = session().scalars(select(Penalty).where(Penalty.external_id.endswith("-0119"))).one()
    assert first.due_at is not None
    assert timedelta(hours=20) < first.due_at - NOW < timedelta(hours=52)
    shown = select(EvidenceItem.title).where(EvidenceItem.case_type == "penalty", EvidenceItem.case_id == first.id)
    assert set(session().scalars(shown)) == {"物流轨迹截图", "面单信息快照"}


def test_its_record_is_whole_and_time_has_nothing_left_to_do(filled: Portal) -> None:
    assert [fault for walk in WALKS.values() for fault in walk()] == []
    assert deadlines.due(NOW, 10) == []
    assert session().scalar(select(func.max(audit.models.AuditEvent.at))) <= NOW
    unread = Counter(session().scalars(select(Notice.recipient).where(Notice.read_at.is_(None))))
    assert all(number < 15 for number in unread.values()), unread


def test_one_penalty_can_be_appealed_again(filled: Portal) -> None:
    again = select(Penalty).join(Shop).where(Penalty.appeal_window == "open", Penalty.appeal_rights_used == 1)
    penalty = session().scalars(again).one()
    assert penalty.due_at is not None
    assert timedelta(days=10) < penalty.due_at - NOW < timedelta(days=16)
    assert session().get_one(Shop, penalty.shop_id).policy_code == "tiktok-like"


def test_it_is_filled_in_once(filled: Portal) -> None:
    before = session().scalar(select(func.count()).select_from(Person))
    end_reading()
    assert not demo.fill(NOW + timedelta(days=1))
    assert session().scalar(select(func.count()).select_from(Person)) == before


def test_everybody_can_open_their_pages(filled: Portal) -> None:
    for email, paths in (
        ("merchant@demo.example", ("/", "/appeals", "/penalties", "/messages")),
        ("reviewer@demo.example", ("/", "/review")),
        ("lead@demo.example", ("/", "/review")),
        ("admin@demo.example", ("/", "/penalties/import")),
    ):
        client = make.a_browser(filled, accounts.by_email(email))
        assert [client.get(path).status_code for path in paths] == [200] * len(paths), email
