"""Two of everybody at once: one wins, and the other is told who and when; on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from werkzeug.test import TestResponse

from portal import Portal, review
from portal.appeals.models import Appeal
from portal.db import db, session, unit_of_work
from portal.review.models import Decision, Review
from tests import make
from tests.conftest import Clock
from tests.portal.appeals.rulings import a_ruling
from tests.portal.review.desk import Desk, seat_of

pytestmark = pytest.mark.usefixtures("now")
ROUNDS = 6


@pytest.fixture
def cases(app: Portal) -> list[Appeal]:
    """An appeal per round."""
    with unit_of_work():
        shop = make.a_shop()
        by = make.actor(make.a_person(shop=shop), shop)
        return [make.an_appeal(shop, by) for _ in range(ROUNDS)]


def at_once(app: Portal, *acts: Callable[[], TestResponse]) -> list[TestResponse]:
    """What each act is answered with, when all start together."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], TestResponse]) -> TestResponse:
        with app.app_context():
            barrier.wait()
            try:
                return act()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def poster(desk: Desk, url: str, fields: dict[str, object] | None = None) -> Callable[[], TestResponse]:
    """Sends the form when it is called; the token is fetched before."""
    desk.take_token()
    return lambda: desk.post(url, True, **(fields or {}))


def test_of_people_who_claim_at_once_one_gets_the_case(app: Portal, cases: list[Appeal]) -> None:
    desks = [Desk(app, name=f"审核员{number}") for number in range(4)]
    for case in cases:
        url = f"/review/seats/{seat_of(case).id}/claim"
        answers = at_once(app, *[poster(desk, url) for desk in desks])
        session().rollback()
        winner = next(desk for desk in desks if desk.person.id == seat_of(case).claimed_by)

        assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
        assert all(winner.person.name in answer.text for answer in answers if answer.status_code == 409)


def test_a_verdict_against_a_claim_that_takes_over(app: Portal, cases: list[Appeal], now: Clock) -> None:
    first, second = Desk(app, name="周岚"), Desk(app, name="陈立")
    for case in cases:
        first.claim(case)
        form, url = a_ruling(case, findings="我写了很久的认定，" * 6), f"/review/appeals/{case.ref}/ruling"
        seat = seat_of(case).id
        now.at += review.CLAIM_LEASE
        ruled, claimed = at_once(app, poster(first, url, form), poster(second, f"/review/seats/{seat}/claim"))
        session().rollback()
        decided = session().query(Decision).filter_by(case_id=case.id).count()

        assert (ruled.status_code < 400) != (claimed.status_code < 400)
        assert decided == (1 if ruled.status_code < 400 else 0)
        if decided:
            assert "周岚" in claimed.text
        else:
            assert "陈立" in ruled.text
            assert "我写了很久的认定，" * 6 in ruled.text


def test_one_verdict_sent_twice_counts_once(app: Portal, cases: list[Appeal]) -> None:
    me = Desk(app, name="周岚")
    twin = Desk(app, person=me.person)
    for case in cases:
        me.claim(case)
        form, url = a_ruling(case), f"/review/appeals/{case.ref}/ruling"
        answers = at_once(app, poster(me, url, form), poster(twin, url, form))
        session().rollback()

        assert sorted(answer.status_code >= 400 for answer in answers) == [False, True]
        late = next(answer for answer in answers if answer.status_code >= 400)
        assert "这张单已被周岚在" in late.text
        assert str(form["findings"]) in late.text
        assert session().query(Decision).filter_by(case_id=case.id).count() == 1


def test_an_autosave_against_the_verdict_loses_nothing(app: Portal, cases: list[Appeal], now: Clock) -> None:
    me = Desk(app, name="周岚")
    for case in cases:
        me.claim(case)
        seat, form = seat_of(case).id, a_ruling(case)
        now.at += timedelta(minutes=1)
        ruled, kept = at_once(
            app,
            poster(me, f"/review/appeals/{case.ref}/ruling", form),
            poster(Desk(app, person=me.person), f"/review/seats/{seat}/draft", form),
        )
        session().rollback()

        assert ruled.status_code < 400
        assert kept.status_code in (200, 409)
        assert session().get_one(Review, seat).state == "concluded"
