"""Language, navigation and what else every page shows of who is reading."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import delete

from portal import Portal
from portal.accounts import navigation
from portal.accounts.models import Membership, Person
from portal.db import end_reading, session, unit_of_work
from tests.portal.accounts.people import Browser, somebody

ZH, EN = 'lang="zh-CN"', 'html lang="en"'


@pytest.mark.parametrize(
    ("prefers", "gets"),
    [
        ("", ZH), ("zh-CN,zh;q=0.9,en;q=0.8", ZH), ("en-GB,en;q=0.9,zh;q=0.1", EN), ("en", EN), ("zh-TW", ZH),
        ("de-DE,de;q=0.9", ZH), ("de,en;q=0.5", EN), ("*", ZH), (";;q=,", ZH),
    ],
)  # fmt: skip
def test_a_visitor_reads_what_the_browser_prefers_else_chinese(sqlite_app: Portal, prefers: str, gets: str) -> None:
    assert gets in Browser(sqlite_app).get("/sign-in", **{"Accept-Language": prefers}).text


@pytest.mark.parametrize(("smtp_url", "said"), [("", "no message leaves this machine"), ("smtp://h", "mails are sent")])
def test_the_demo_says_whether_mails_leave(
    sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch, smtp_url: str, said: str
) -> None:
    config = replace(sqlite_app.extensions["recourse.config"], smtp_url=smtp_url)
    monkeypatch.setitem(sqlite_app.extensions, "recourse.config", config)
    assert said in Browser(sqlite_app).get("/sign-in", **{"Accept-Language": "en"}).text


def test_a_visitors_choice_is_remembered_in_the_browser(app: Portal) -> None:
    browser = Browser(app)
    browser.get("/sign-in")
    assert browser.post("/language", language="en", next="/sign-in").location == "/sign-in"
    assert EN in browser.get("/sign-in", **{"Accept-Language": "zh"}).text


def test_a_persons_choice_goes_with_them(app: Portal) -> None:
    person, browser, elsewhere = somebody(), Browser(app), Browser(app)
    browser.sign_in(person)
    browser.get("/account")
    browser.post("/language", language="en", next="/account")
    elsewhere.sign_in(person)
    assert EN in elsewhere.get("/account", **{"Accept-Language": "zh"}).text
    end_reading()
    assert session().get_one(Person, person.id).locale == "en"


def test_only_our_languages_can_be_chosen(app: Portal) -> None:
    browser = Browser(app)
    browser.get("/sign-in")
    assert {browser.post("/language", language=code).status_code for code in ("de", "", "zh_Hans_CN", "../en")} == {400}


def test_the_navigation_shows_what_the_role_may_open_and_where_one_is(app: Portal) -> None:
    for role in ("merchant_owner", "reviewer", "admin"):
        browser = Browser(app)
        browser.sign_in(somebody(role))
        page = browser.get("/account").text
        shown = (
            re.findall(r'<a href="([^"]+)"', re.findall(r"<nav class=.nav.*?</nav>", page, re.S)[0])
            if "nav" in page
            else []
        )
        for url in shown:
            there = browser.get(url)
            assert there.status_code == 200
            assert re.search(rf'href="{re.escape(url)}"[^>]*aria-current="page"', there.text)


def test_who_has_no_role_is_told_and_led_where_they_may_go(app: Portal) -> None:
    person, browser = somebody(), Browser(app)
    with unit_of_work():
        session().execute(delete(Membership).where(Membership.person_id == person.id))
    assert browser.sign_in(person).location == "/"
    page = browser.get("/")
    assert page.status_code == 403
    assert "您的账号还没有角色" in page.text
    main = page.text[page.text.index("<main") :]
    assert re.findall(r'href="([^"]+)"', main) == ["/account"]
    nav = re.findall(r"<nav class=.nav.*?</nav>", page.text, re.S)[0]
    for url in ["/account", *re.findall(r'<a href="([^"]+)"', nav)]:
        assert browser.get(url).status_code == 200, url


def test_entries_stand_in_their_order_for_their_roles(sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "ENTRIES", {})
    navigation.add("messages.index", "Messages", "bell", (), 30)
    navigation.add("accounts.show", "Account", "user", ("merchant_owner",), 10)
    navigation.add("security.verify", "Staff", "list", ("admin",), 20)
    browser = Browser(sqlite_app)
    assert "Messages" not in browser.get("/sign-in").text
    browser.sign_in(somebody())
    nav = re.findall(r"<nav class=.nav.*?</nav>", browser.get("/account").text, re.S)[0]
    assert "Staff" not in nav
    assert nav.index("Account") < nav.index("Messages")
