"""The message box on screen, with and without htmx."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal import Portal, messages
from portal.accounts.models import Person, Shop
from portal.db import unit_of_work
from portal.messages import kinds
from tests import make
from tests.make import NOON
from tests.portal.messages.arrange import notices, told

HTMX = {"HX-Request": "true"}
RICH = {"rule_zh": "虚假发货", "rule_en": "x", "count": 2, "amount_minor": 100, "due_at": NOON}
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def shop(app: Portal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A shop with an old notice about a case, read by nobody, and a newer one that leads nowhere."""
    monkeypatch.setitem(kinds.ENDPOINTS, "appeal", ("appeals.show", "appeals.show"))
    app.config["WTF_CSRF_ENABLED"] = False
    with unit_of_work():
        shop = make.a_shop()
        to, case = messages.to_shop(shop), ("appeal", "AP-2026-ABCD")
        messages.tell("rich", to=to, kind="test.rich", params=RICH, case=case, at=NOON)
        told(to, "plain", NOON + timedelta(hours=1), ref="<b>second</b>")
    yield shop
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def owner(shop: Shop) -> Person:
    with unit_of_work():
        return make.a_person("merchant_owner", shop, name="林小满")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def listed(page: str) -> list[str]:
    return re.findall(r"\[(\d+)\]", page[page.index('id="box"') :])


def test_the_newest_comes_first_with_its_words_escaped(owner: Person, browser: SignIn):
    page = browser(owner).get("/messages").text
    assert page.index("&lt;b&gt;second&lt;/b&gt;") < page.index("处罚 虚假发货")
    assert page.count('class="unread"') == 2
    assert "<b>second</b>" not in page


def test_htmx_gets_the_box_and_the_number_in_the_navigation(owner: Person, browser: SignIn):
    answer = browser(owner).get("/messages", headers=HTMX)
    assert answer.text.lstrip().startswith('<div id="box">')
    assert re.search(r'<span id="unread"\s+hx-swap-oob="true"', answer.text)
    assert "HX-Request" in answer.headers["Vary"]


def test_a_category_shows_its_own_only_and_says_what_is_unread(owner: Person, browser: SignIn):
    page = browser(owner).get("/messages?category=penalty").text
    assert "处罚 虚假发货" in page
    assert "second" not in page
    assert re.search(r'id="box-penalty"[^>]*aria-current="page"', page)
    assert re.search(r'id="box-appeal"[^>]*>[^<]*<span class="count">1<', page)


@pytest.mark.parametrize(
    "asked", ["category=nonsense", "at=nonsense", "at=a99999999999999999999.1", "category=", "at="]
)
def test_an_address_that_means_nothing_shows_the_box(owner: Person, browser: SignIn, asked: str):
    answer = browser(owner).get(f"/messages?{asked}")
    assert answer.status_code == 200
    assert "second" in answer.text


def test_the_button_to_the_case_marks_the_notice_and_goes_there(owner: Person, browser: SignIn):
    [rich, _] = notices()
    answer = browser(owner).post(f"/messages/{rich.id}/reading", data={"open": "1"})
    assert (answer.status_code, answer.location) == (303, "/appeals/AP-2026-ABCD")
    [rich, plain] = notices()
    assert (rich.read_by, plain.read_at) == (owner.id, None)


def test_a_read_notice_is_a_plain_link_that_says_who_read_it(owner: Person, browser: SignIn):
    here = browser(owner)
    here.post(f"/messages/{notices()[0].id}/reading", data={"open": "1"})
    page = here.get("/messages").text
    assert '<a href="/appeals/AP-2026-ABCD">处罚 虚假发货</a>' in page
    assert "林小满" in text_of(page[page.index('id="box"') :])


def test_a_browser_comes_back_to_the_same_place(owner: Person, browser: SignIn):
    answer = browser(owner).post(f"/messages/{notices()[1].id}/reading?category=appeal&at=b1.1")
    assert (answer.status_code, answer.location) == (303, "/messages?category=appeal&at=b1.1")


def test_htmx_gets_the_same_place_redrawn_and_the_focus_stays(owner: Person, browser: SignIn):
    answer = browser(owner).post(f"/messages/{notices()[1].id}/reading?category=appeal", headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.count('class="unread"') == 0
    assert re.search(r'<span id="unread"\s+hx-swap-oob="true"', answer.text)
    assert re.search(r'<h3 class="opens"\s+tabindex="-1"\s+data-focus>', answer.text)
    assert re.search(r'id="box-all"[^>]*>[^<]*<span class="count hot">1<', answer.text)


def test_all_means_what_the_reader_saw(owner: Person, shop: Shop, browser: SignIn):
    here = browser(owner)
    upto = re.search(r'name="upto" value="(\d+)"', here.get("/messages").text)
    with unit_of_work():
        told(messages.to_shop(shop.id), "while he looked")
    here.post("/messages/reading", data={"upto": upto[1] if upto else ""})
    assert [notice.read_at is None for notice in notices()] == [False, False, True]


def test_reading_all_is_announced(owner: Person, browser: SignIn):
    answer = browser(owner).post("/messages/reading", data={"upto": "99999"}, headers=HTMX)
    assert "say" in answer.headers["HX-Trigger"]
    assert 'class="unread"' not in answer.text
    assert "/messages/reading" not in answer.text


def test_all_of_one_category_leaves_the_others(owner: Person, browser: SignIn):
    browser(owner).post("/messages/reading?category=penalty", data={"upto": "99999"})
    assert [notice.read_at is None for notice in notices()] == [False, True]


@pytest.mark.parametrize("upto", ["", "x", "-1", "9" * 30, "-" + "9" * 30])
def test_all_without_a_sense_reads_nothing_and_breaks_nothing(owner: Person, browser: SignIn, upto: str):
    assert browser(owner).post("/messages/reading", data={"upto": upto}).status_code == 303


def test_colleagues_share_the_box_and_the_first_reader_stays_named(owner: Person, shop: Shop, browser: SignIn):
    with unit_of_work():
        colleague = make.a_person("merchant_viewer", shop)
    for person in (colleague, owner):
        browser(person).post(f"/messages/{notices()[0].id}/reading")
    assert notices()[0].read_by == colleague.id


@pytest.mark.parametrize("role", ["merchant_owner", "reviewer", "admin"])
def test_the_notice_of_another_box_is_not_there(shop: Shop, browser: SignIn, role: str):
    with unit_of_work():
        stranger = make.a_person(role, make.a_shop() if role == "merchant_owner" else None)
    here = browser(stranger)
    assert here.post(f"/messages/{notices()[0].id}/reading").status_code == 404
    here.post("/messages/reading", data={"upto": "99999"})
    assert [notice.read_at for notice in notices()] == [None, None]
    assert "虚假发货" not in here.get("/messages").text


def test_staff_have_a_box_of_their_own(shop: Shop, browser: SignIn):
    with unit_of_work():
        lead = make.a_person("lead")
        told(messages.to_person(lead), ref="for the lead")
    assert "for the lead" in browser(lead).get("/messages").text


def test_an_empty_box_says_what_will_stand_in_it(app: Portal, browser: SignIn):
    with unit_of_work():
        person = make.a_person("merchant_owner", make.a_shop(), locale="en")
    page = browser(person).get("/messages").text
    assert "No messages yet" in page
    assert "Nothing unread." in page
    assert "Mark all as read" not in page
    assert "No messages of this kind" in browser(person).get("/messages?category=system").text


def test_pages_by_key_reach_every_notice_once_in_both_directions(owner: Person, shop: Shop, browser: SignIn):
    kinds = "test.plain", "test.sale", "test.system", "test.fine", "test.plain"
    with unit_of_work():
        for number in range(45):
            at = NOON + timedelta(minutes=number // 3)
            told(messages.to_shop(shop.id), f"n{number}", at, kinds[number % 5], ref=f"[{number}]")
    here, seen, href = browser(owner), [], "/messages"
    for _page in range(3):
        page = here.get(href).text
        seen.append(listed(page))
        href = (re.findall(r'rel="next"\s+href="([^"]+)"', page) or [""])[0].replace("&amp;", "&")
    assert href == ""
    assert [int(n) for part in seen for n in part] == [*reversed(range(45))]
    back = re.findall(r'rel="prev"\s+href="([^"]+)"', page)[0].replace("&amp;", "&")
    assert listed(here.get(back).text) == seen[1]
    assert "共 47 条" in page


def test_a_visitor_is_asked_to_sign_in(app: Portal, browser: SignIn):
    for path in ("/messages", "/messages/unread"):
        assert browser().get(path).status_code == 401
