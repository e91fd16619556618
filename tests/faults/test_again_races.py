"""Everybody at once for the second appeal of two: there is one, and never one beside a person's look at the first."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from portal import Portal, appeals
from portal.appeals import drafts
from portal.appeals.models import Appeal
from portal.db import end_reading, session, unit_of_work
from portal.penalties.models import Penalty
from tests import make
from tests.conftest import Clock, SignIn
from tests.faults.test_races import all_at_once, send
from tests.portal.appeals.again import DAY, NOON, Market, penalty_of, sound

AT_ONCE = 10


@pytest.fixture
def market(app: Portal, now: Clock) -> Market:
    app.config["WTF_CSRF_ENABLED"] = False
    yield Market()
    app.config["WTF_CSRF_ENABLED"] = True


def test_ten_starts_and_ten_submits_at_once_make_one_second_appeal(
    app: Portal, market: Market, now: Clock, browser: SignIn
) -> None:
    first = market.decided(at=NOON)
    ref = penalty_of(first).ref
    browsers = [browser(market.owner) for _ in range(AT_ONCE)]
    went = all_at_once(app, [lambda b=b: b.post(f"/appeals/of/{ref}").headers["Location"] for b in browsers])
    second = session().scalars(select(Appeal).where(Appeal.round_no == 2)).one()
    assert set(went) == {f"/appeals/{second.ref}/draft"}
    with unit_of_work():
        make.a_draft(penalty_of(first), market.merchant, now.at)
    seen = drafts.draft_of(second).fingerprint()
    sent = all_at_once(app, [lambda b=b, n=n: send(b, second.ref, seen, f"key-{n}") for n, b in enumerate(browsers)])
    assert sorted(where for _status, where in sent).count(f"/appeals/{second.ref}/receipt") == 1
    assert session().scalar(select(func.count()).select_from(Appeal)) == 2
    assert penalty_of(first).appeal_rights_used == 2
    assert sound()


def test_a_draft_and_a_human_review_begun_at_once_leave_one_of_them(app: Portal, market: Market) -> None:
    first, at = market.timed_out(), NOON + 6 * DAY
    key, penalty = first.id, first.subject_id

    def start() -> int:
        with unit_of_work():
            return appeals.actions.start(session().get_one(Penalty, penalty), by=market.merchant, at=at).round_no

    def ask() -> str:
        with unit_of_work():
            appeals.actions.ask_human(session().get_one(Appeal, key), by=market.merchant, at=at)
        return "asked"

    acts: list[Callable[[], object]] = [start, ask]
    end_reading()
    began, asked = all_at_once(app, acts)
    assert (began, asked) in ((2, "next_appeal_begun"), (2, "overtaken"), (1, "asked")), (began, asked)
    assert sound()
