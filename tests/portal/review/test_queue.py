"""The queue page: who sees which seats in which order, takes them and gives them back."""

import re
from datetime import UTC, timedelta

import pytest
from flask import render_template

from portal import Portal, review
from portal.appeals.models import Appeal
from portal.db import unit_of_work
from portal.review import listing, selects
from portal.review.figures import VIEWS, Counts
from tests import make
from tests.conftest import Clock, SignIn
from tests.portal.review.desk import Desk, link, refs, seat_of
from tests.reading import read

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def cases(app: Portal) -> list[Appeal]:
    """Three appeals, handed in one day after the other; the last one needs two opinions."""
    with unit_of_work():
        shop = make.a_shop()
        by = make.actor(make.a_person(shop=shop), shop)
        return [make.an_appeal(shop, by, make.NOON + timedelta(days=day)) for day in range(3)]


def test_the_queue_is_ordered_by_time_left(cases: list[Appeal], app: Portal, now: Clock) -> None:
    page = Desk(app).get("/review").text

    assert refs(page) == [appeal.ref for appeal in cases]


@pytest.mark.parametrize("role", ["reviewer", "senior_reviewer", "lead"])
def test_htmx_gets_the_queue_alone_and_a_browser_the_page(cases: list[Appeal], app: Portal, role: str) -> None:
    person = Desk(app, role)

    page, part = person.get("/review"), person.get("/review", part=True)

    assert (page.status_code, part.status_code) == (200, 200)
    assert "<!DOCTYPE html>" in page.text
    assert part.text.lstrip().startswith('<div class="card flush" id="queue">')
    assert refs(page.text) == refs(part.text)


@pytest.mark.parametrize("role", ["penalty_issuer", "policy_admin", "auditor", "admin"])
def test_other_people_of_staff_have_no_queue(app: Portal, role: str) -> None:
    assert Desk(app, role).get("/review").status_code == 403


def test_merchants_and_strangers_have_no_queue(app: Portal, browser: SignIn) -> None:
    with unit_of_work():
        owner = make.a_person(shop=make.a_shop())

    assert browser(owner).get("/review").status_code == 403
    assert browser().get("/review").status_code == 401


def test_a_claim_opens_the_case_and_shows_the_others_who_has_it(cases: list[Appeal], app: Portal) -> None:
    me, other = Desk(app), Desk(app, name="陈立")

    answer = me.claim(cases[0], open=cases[1].ref)

    assert (answer.status_code, answer.location) == (303, f"/review/appeals/{cases[0].ref}?open={cases[1].ref}")
    assert "您已领取" in me.get("/review").text
    assert "周岚 正在处理" in other.get("/review").text


def test_who_claims_too_late_is_told_who_has_it_in_the_notices(cases: list[Appeal], app: Portal) -> None:
    Desk(app, name="陈立").claim(cases[0])
    late = Desk(app)

    answer = late.claim(cases[0], part=True)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#notices")
    assert "陈立正在处理这张单，到 3月2日 12:25。" in answer.text
    assert late.claim(cases[0]).status_code == 409


def test_a_claim_runs_out_by_itself(cases: list[Appeal], app: Portal, now: Clock) -> None:
    Desk(app, name="陈立").claim(cases[0])
    now.at += review.CLAIM_LEASE
    me = Desk(app)

    assert "陈立" not in me.get("/review?view=free").text
    assert me.claim(cases[0]).status_code == 303


def test_leads_read_and_claim_nothing(cases: list[Appeal], app: Portal) -> None:
    lead = Desk(app, "lead")

    page = lead.get("/review").text

    assert "/claim" not in page
    assert lead.claim(cases[0]).status_code == 403


def test_the_views_narrow_the_queue(cases: list[Appeal], app: Portal, now: Clock) -> None:
    me = Desk(app, "senior_reviewer")
    me.claim(cases[1])
    first, second, third = (appeal.ref for appeal in cases)
    now.at = make.NOON + timedelta(days=7, hours=13)  # the first is late, the second due at the end of the day
    me = Desk(app, person=me.person)

    assert refs(me.get("/review?view=mine").text) == [second]
    assert refs(me.get("/review?view=overdue").text) == [first]
    assert refs(me.get("/review?view=today").text) == [second]
    assert refs(me.get("/review?view=second").text) == []
    assert refs(me.get(f"/review?q={third.lower()}").text) == [third]
    assert refs(me.get("/review?view=nonsense").text) == [first, second, third]


def test_a_released_case_is_back_and_htmx_gets_its_row_closed(cases: list[Appeal], app: Portal) -> None:
    me = Desk(app)
    me.claim(cases[0])

    answer = me.post(f"/review/seats/{seat_of(cases[0]).id}/release", part=True, follow=True)

    assert "/claim" in answer.text
    assert "panel" not in answer.text
    assert me.post(f"/review/seats/{seat_of(cases[0]).id}/release").location == "/review"


def test_a_claim_and_a_release_bring_the_counts_of_the_tabs(cases: list[Appeal], app: Portal) -> None:
    me, mine = Desk(app), re.compile(r'id="count-mine"\s+hx-swap-oob="true">(\d+)<')
    claimed = me.get(me.claim(cases[0], True).location, part=True).text
    release = f"/review/seats/{seat_of(cases[0]).id}/release"
    released = me.get(me.post(release, True).location, part=True).text
    alone = {"HX-Request": "true", "HX-Current-URL": f"http://localhost/review/appeals/{cases[0].ref}"}

    assert (mine.findall(claimed), mine.findall(released)) == (["1"], ["0"])
    assert "counts" not in me.client.post(release, data={"csrf_token": me.token}, headers=alone).location


@pytest.mark.parametrize(("role", "told"), [("reviewer", False), ("senior_reviewer", True)])
def test_what_waits_for_a_second_verdict_is_brought_anew_to_whom_it_concerns(
    cases: list[Appeal], app: Portal, role: str, told: bool
) -> None:
    me = Desk(app, role)
    claimed = me.get(me.claim(cases[0], True).location, part=True).text

    assert bool(re.search(r'id="count-second"\s+hx-swap-oob="true">0<', claimed)) is told


def test_the_tabs_and_the_home_page_say_where_counting_stopped(sqlite_app: Portal) -> None:
    most = selects.MANY + 1
    counts = Counts(open=most, mine=most, overdue=most, today=most - 1, second=0, done=0, newest=1, senior=True)
    shown = {view: counts.said(view) for view in VIEWS}
    day = {"queue": True, "decides": True, "mine": [], "greeting": "morning", "me": {"name": "周岚"}, "counts": counts}
    with sqlite_app.test_request_context():
        home = read(render_template("home/_staff.html", **day)).all("b")
        tab = read(render_template("review/_count.html", counts=counts, view="overdue")).text

    assert shown == {"all": 501, "mine": 501, "free": None, "second": 0, "today": 500, "overdue": "500+"}
    assert ([figure.text for figure in home], tab) == (["500+", "500", "501", "0"], "500+")


@pytest.mark.parametrize(("role", "told"), [("reviewer", False), ("senior_reviewer", True), ("lead", True)])
def test_second_verdicts_are_shown_to_whom_they_concern(sqlite_app: Portal, role: str, told: bool) -> None:
    assert ("view=second" in Desk(sqlite_app, role).get("/").text) is told


def test_the_poll_is_silent_until_something_comes(cases: list[Appeal], app: Portal) -> None:
    me = Desk(app)
    asked = re.search(r'hx-get="(/review/fresh[^"]+)"', me.get("/review").text)
    assert asked is not None
    url = asked[1].replace("&amp;", "&")

    assert me.get(url, part=True).status_code == 204
    with unit_of_work():
        shop = make.a_shop()
        make.an_appeal(shop, make.actor(make.a_person(shop=shop), shop))
    answer = me.get(url, part=True)

    assert "有 1 件新申诉" in answer.text
    assert re.search(r'id="count-all"\s+hx-swap-oob="true">4<', answer.text)
    assert me.get(url).location == "/review"


def test_a_number_no_database_can_keep_is_nobodys(cases: list[Appeal], app: Portal) -> None:
    me = Desk(app)
    for verb in ("claim", "release", "draft"):
        assert me.post(f"/review/seats/{2**63}/{verb}").status_code == 404
    for since in (2**63, -(2**63) - 1):
        assert me.get(f"/review/fresh?since={since}", part=True).status_code == 200


def test_paging_shows_each_case_once_however_many_are_due_at_one_instant(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop()
        by = make.actor(make.a_person(shop=shop), shop)
        for _ in range(22):
            make.an_appeal(shop, by)
    me = Desk(app)
    first = me.get("/review").text
    second = me.get(link(first, "next")).text

    assert len(refs(first)) == 20
    assert len({*refs(first), *refs(second)}) == 22
    assert refs(me.get(link(second, "prev")).text) == refs(first)


def test_the_day_of_a_reviewer(cases: list[Appeal], app: Portal, now: Clock) -> None:
    person = Desk(app)
    with unit_of_work():
        for appeal in cases[:2]:
            review.claim(seat_of(appeal), by=person.actor, at=now.at)
        listed = review.mine(person.person.id, now.at)

    assert [line.row.case_ref for line in listed] == [appeal.ref for appeal in cases[:2]]
    assert listing.counts(at=now.at, zone=UTC).newest == seat_of(cases[2]).id


def test_the_navigation_says_where_an_opened_case_belongs(cases: list[Appeal], app: Portal) -> None:
    page = read(Desk(app).get(f"/review/appeals/{cases[0].ref}").text)
    assert {link["href"] for link in page.all("a") if link["aria-current"] == "page"} == {"/review"}


@pytest.mark.parametrize(("role", "invited"), [("reviewer", True), ("lead", False)])
def test_only_who_may_take_a_case_is_invited_to(sqlite_app: Portal, role: str, invited: bool) -> None:
    assert ("我领取的" in Desk(sqlite_app, role).get("/").text) is invited
