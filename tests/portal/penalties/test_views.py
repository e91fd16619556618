"""The penalty's page as its shop sees it, and as others don't."""

import pytest
from flask.testing import FlaskClient

from portal import Portal, penalties
from portal.accounts.models import Person, Shop
from portal.audit import SYSTEM
from portal.db import unit_of_work
from portal.evidence import bring
from portal.penalties.models import Penalty
from tests import make
from tests.conftest import NOON, Clock, SignIn

DAY = 24 * 3600


@pytest.fixture
def shop(app: Portal) -> Shop:
    with unit_of_work():
        return make.a_shop()


@pytest.fixture
def owner(shop: Shop) -> Person:
    with unit_of_work():
        return make.a_person(shop=shop, locale="en")


@pytest.fixture
def client(browser: SignIn, owner: Person, now: Clock) -> FlaskClient:
    return browser(owner)


def a_penalty(shop: Shop, **fields: object) -> Penalty:
    with unit_of_work():
        return make.a_penalty(shop, **fields)


def test_the_page_states_the_reasons_and_the_way_to_appeal(client: FlaskClient, shop: Shop) -> None:
    penalty = a_penalty(shop, automated="assisted", facts="第一段 <b>事实</b>。\n\n第二段。")
    page = client.get(f"/penalties/{penalty.ref}")
    said = page.text
    assert page.status_code == 200
    assert "<p>第一段 &lt;b&gt;事实&lt;/b&gt;。</p>" in said
    expected = (
        "Shipping rules, 4.2 (in force since 1 January 2026)", "2,400.00", "4 points",
        "Found by a system and checked by a person.",
        "There is one chance", "9 March", "Full tracking trace", "bring the matter before a court",
        penalty.external_id,
    )  # fmt: skip
    for words in expected:
        assert words in said, words
    assert f'action="/appeals/of/{penalty.ref}"' in said


def test_the_deadline_is_explained_day_by_day(client: FlaskClient, shop: Shop) -> None:
    said = client.get(f"/penalties/{a_penalty(shop).ref}").text
    assert said.count("<li class=", said.index('class="cal"'), said.index("</ol>", said.index('class="cal"'))) == 8
    assert "Day 7" in said


def test_a_draft_is_gone_on_with_and_an_appeal_is_shown(client: FlaskClient, shop: Shop, owner: Person) -> None:
    penalty, by = a_penalty(shop), make.actor(owner, shop)
    with unit_of_work():
        appeal = make.a_draft(penalty, by)
    assert f'href="/appeals/{appeal.ref}/draft"' in client.get(f"/penalties/{penalty.ref}").text
    with unit_of_work():
        make.file_it(appeal, by)
    said = client.get(f"/penalties/{penalty.ref}").text
    assert f'href="/appeals/{appeal.ref}"' in said
    assert "/appeals/of/" not in said


def test_late_is_late_even_if_the_sweep_sleeps(browser: SignIn, shop: Shop, owner: Person, now: Clock) -> None:
    penalty = a_penalty(shop)
    assert penalty.due_at is not None
    now.at = penalty.due_at
    said = browser(owner).get(f"/penalties/{penalty.ref}").text
    assert "The time to appeal is over" in said
    assert "/appeals/of/" not in said


def test_a_viewer_reads_but_is_offered_no_appeal(browser: SignIn, shop: Shop, now: Clock) -> None:
    with unit_of_work():
        viewer = make.a_person("merchant_viewer", shop, locale="en")
    said = browser(viewer).get(f"/penalties/{a_penalty(shop).ref}").text
    assert "/appeals/of/" not in said
    assert "You can read here." in said


def test_an_overturned_penalty_asks_nothing_of_the_shop(client: FlaskClient, shop: Shop) -> None:
    penalty = a_penalty(shop)
    with unit_of_work():
        penalties.revoke(penalty, reason="重复开单", by=SYSTEM, at=NOON)
    said = client.get(f"/penalties/{penalty.ref}").text
    assert "There is nothing for you to do." in said
    assert "/appeals/of/" not in said


def test_pictures_are_shown_small_and_handed_out_as_files(client: FlaskClient, shop: Shop) -> None:
    penalty = a_penalty(shop)
    file = bring(make.a_picture(), "trace.jpg")
    with unit_of_work():
        items = penalties.add_evidence(penalty, [("物流轨迹", file)], by=SYSTEM, at=NOON)
    address = f"/penalties/{penalty.ref}/evidence/{items[0].ref}"
    assert f'src="{address}?preview=1"' in client.get(f"/penalties/{penalty.ref}").text
    with client.get(address) as whole, client.get(f"{address}?preview=1") as small:
        assert whole.headers["Content-Disposition"].startswith("attachment")
        assert small.mimetype.startswith("image/")


def test_nobody_elses_penalty_or_picture_is_found(client: FlaskClient, app: Portal, shop: Shop) -> None:
    with unit_of_work():
        other = make.a_shop("木石家居")
    theirs, ours = a_penalty(other), a_penalty(shop)
    file = bring(make.a_picture(), "trace.jpg")
    with unit_of_work():
        item = penalties.add_evidence(theirs, [("物流轨迹", file)], by=SYSTEM, at=NOON)[0]
    missing = client.get("/penalties/PN-2026-NOTTHERE")
    for path in (f"/{theirs.ref}", f"/{theirs.ref}/evidence/{item.ref}", f"/{ours.ref}/evidence/{item.ref}"):
        answer = client.get(f"/penalties{path}")
        assert answer.status_code == missing.status_code == 404
    assert client.get(f"/penalties?before={theirs.ref}").status_code == 404


def test_the_list_has_every_penalty_of_the_shop_once(client: FlaskClient, shop: Shop) -> None:
    with unit_of_work():
        made = [make.a_penalty(shop).external_id for _ in range(45)]
        make.a_penalty(make.a_shop("木石家居"), external_id="THEIRS")
    seen: list[str] = []
    address = "/penalties"
    pages = 0
    while address:
        said, pages = client.get(address).text, pages + 1
        seen += [number for number in made if number in said]
        assert "THEIRS" not in said
        _, link, rest = said.partition('rel="next"')
        address = rest.split('href="')[1].split('"')[0].replace("&amp;", "&") if link else ""
    assert (pages, sorted(seen)) == (3, sorted(made))
    back = client.get(said.partition('rel="prev"')[2].split('href="')[1].split('"')[0]).text
    assert sum(number in back for number in made) == 20


def test_staff_and_visitors_are_turned_away(browser: SignIn, shop: Shop, now: Clock) -> None:
    path = f"/penalties/{a_penalty(shop).ref}"
    with unit_of_work():
        reviewer = make.a_person("reviewer")
    assert browser().get(path).status_code == 401
    assert browser(reviewer).get(path).status_code == 403
