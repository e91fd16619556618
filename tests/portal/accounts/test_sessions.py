"""Browser sessions: ids that change, die at once, and are never kept in the clear."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal import Portal, accounts
from portal.accounts import sessions
from portal.accounts.models import BrowserSession, Person
from portal.db import end_reading, session, unit_of_work
from tests.conftest import Clock
from tests.portal.accounts.people import PASSWORD, Browser, somebody


def rows() -> list[BrowserSession]:
    """The sessions there are."""
    end_reading()
    return list(session().scalars(select(BrowserSession)))


def is_in(browser: Browser) -> bool:
    """Whether somebody is signed in in this browser."""
    return browser.get("/account").status_code == 200


def test_a_visitor_leaves_no_row(app: Portal) -> None:
    browser = Browser(app)
    browser.get("/sign-in")
    browser.get("/sign-in")
    assert browser.cookie
    assert rows() == []


def test_the_browser_holds_an_id_of_which_only_the_hash_is_kept(app: Portal) -> None:
    browser = Browser(app)
    browser.sign_in(somebody())
    [row] = rows()
    assert row.id_hash == hashlib.sha256(browser.cookie.removeprefix("~").encode()).hexdigest()
    assert browser.cookie.removeprefix("~") not in row.contents


def test_the_id_changes_at_sign_in_and_the_form_token_with_it(app: Portal) -> None:
    browser = Browser(app)
    browser.get("/sign-in")
    before, token = browser.cookie, browser.token
    browser.sign_in(somebody())
    assert browser.cookie != before
    assert browser.client.post("/account/sessions", data={"csrf_token": token}).status_code == 400
    assert is_in(browser)


def test_an_id_planted_before_sign_in_opens_nothing(app: Portal) -> None:
    thief, victim = Browser(app), Browser(app)
    thief.get("/sign-in")
    victim.hold(thief.cookie)
    victim.sign_in(somebody())
    assert is_in(victim)
    assert not is_in(thief)


def test_the_old_id_is_dead_once_the_person_proved_anew_who_they_are(app: Portal, now: Clock) -> None:
    browser, thief = Browser(app), Browser(app)
    browser.sign_in(somebody())
    thief.hold(browser.cookie)
    assert is_in(thief)
    browser.get("/confirm")
    assert browser.post("/confirm", password=PASSWORD).status_code == 302
    assert browser.cookie != thief.cookie
    assert is_in(browser)
    assert not is_in(thief)


def test_sign_out_ends_the_session_on_the_server(app: Portal) -> None:
    browser, copy = Browser(app), Browser(app)
    browser.sign_in(somebody())
    copy.hold(browser.cookie)
    browser.get("/account")
    browser.post("/sign-out")
    assert rows() == []
    assert not is_in(copy)
    assert not is_in(browser)


def test_sign_out_is_a_post_with_a_form_token(app: Portal) -> None:
    browser = Browser(app)
    browser.sign_in(somebody())
    asked = browser.get("/sign-out")
    assert asked.status_code == 405
    assert "没有找到这个页面" in asked.text
    assert browser.client.post("/sign-out").status_code == 400
    assert is_in(browser)


@pytest.mark.parametrize(("role", "minutes"), [("reviewer", 30), ("merchant_owner", 8 * 60)])
def test_a_session_ends_when_nobody_uses_it(app: Portal, now: Clock, role: str, minutes: int) -> None:
    browser = Browser(app)
    browser.sign_in(somebody(role))
    now.at += timedelta(minutes=minutes) - timedelta(seconds=1)
    assert is_in(browser)
    now.at += timedelta(minutes=minutes)
    assert not is_in(browser)
    assert rows() == []


def test_use_is_noted_at_most_once_a_minute(app: Portal, now: Clock) -> None:
    browser = Browser(app)
    browser.sign_in(somebody())
    browser.get("/account")
    start = rows()[0].seen_at
    now.at += timedelta(seconds=59)
    browser.get("/account")
    assert rows()[0].seen_at == start
    now.at += timedelta(seconds=1)
    browser.get("/account")
    assert rows()[0].seen_at == now.at


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(app: Portal, now: Clock) -> None:
    browser = Browser(app)
    browser.sign_in(somebody("reviewer"))
    browser.get("/account")
    for _ in range(6):
        now.at += timedelta(minutes=5)
        browser.get("/messages/unread")
    assert not is_in(browser)


def test_whatever_a_page_asks_for_by_itself_is_marked_so(sqlite_app: Portal) -> None:
    polled = re.compile(r"<[^>]*?hx-get=\"{{ url_for\('([\w.]+)'[^>]*?hx-trigger=\"every", re.S)
    folder = Path(sqlite_app.root_path) / "templates"
    endpoints = {name for page in folder.rglob("*.html") for name in polled.findall(page.read_text())}
    assert endpoints
    assert {name for name in endpoints if "passive" not in vars(sqlite_app.view_functions[name])} == set()


def test_what_was_typed_can_be_sent_after_signing_in_again(app: Portal, now: Clock) -> None:
    person, browser = somebody(), Browser(app)
    browser.sign_in(person)
    browser.get("/account")
    typed_with = browser.token
    now.at += timedelta(hours=9)
    assert browser.client.post("/account/sessions", data={"csrf_token": typed_with}).status_code == 401
    browser.sign_in(person)
    assert browser.client.post("/account/sessions", data={"csrf_token": typed_with}).status_code == 303


def test_somebody_else_does_not_inherit_the_form_token(app: Portal, now: Clock) -> None:
    browser = Browser(app)
    browser.sign_in(somebody())
    browser.get("/account")
    typed_with = browser.token
    now.at += timedelta(hours=9)
    browser.sign_in(somebody())
    assert browser.client.post("/account/sessions", data={"csrf_token": typed_with}).status_code == 400


def test_all_sessions_of_a_person_end_at_once(app: Portal) -> None:
    person, first, second = somebody(), Browser(app), Browser(app)
    first.sign_in(person)
    second.sign_in(person)
    with unit_of_work():
        sessions.end_all(session().get_one(Person, person.id))
    assert not is_in(first)
    assert not is_in(second)


def test_one_can_sign_out_everywhere_else(app: Portal) -> None:
    person, first, second = somebody(), Browser(app), Browser(app)
    first.sign_in(person)
    second.sign_in(person)
    first.get("/account")
    assert first.post("/account/sessions").status_code == 303
    assert is_in(first)
    assert not is_in(second)


def test_a_disabled_person_is_out_at_once(app: Portal) -> None:
    person, browser = somebody(), Browser(app)
    browser.sign_in(person)
    browser.get("/account")
    with unit_of_work() as current:
        accounts.actions.disable(current.get_one(Person, person.id), at=person.created_at)
    assert browser.post("/account/sessions").status_code == 401
    assert not is_in(browser)


def test_who_is_disabled_between_the_guard_and_the_unit_gets_no_further(
    app: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, browser = somebody(), Browser(app)
    browser.sign_in(person)
    browser.get("/account")
    look_again = accounts.recall

    def disabled_meanwhile() -> None:
        session().get_one(Person, person.id).active = False
        session().flush()
        look_again()

    monkeypatch.setattr(accounts, "recall", disabled_meanwhile)
    assert browser.post("/language", language="en").status_code == 401


def test_a_session_that_ended_while_its_request_ran_is_not_brought_back(app: Portal, now: Clock) -> None:
    browser = Browser(app)
    browser.sign_in(somebody())
    visit = sessions.known(browser.cookie.removeprefix("~"), now.at)
    with unit_of_work() as current:
        current.execute(BrowserSession.__table__.delete())
    visit["something"] = "new"
    sessions.keep(visit, now.at)
    assert session().scalar(select(func.count()).select_from(BrowserSession)) == 0


def test_a_forged_cookie_is_that_of_a_visitor(app: Portal) -> None:
    for value in ("~", "~made-up", "eyJfdXNlcl9pZCI6IjEifQ.x.y", "~" + "a" * 4000, "\x00"):
        browser = Browser(app)
        browser.hold(value)
        assert not is_in(browser)
        assert browser.get("/sign-in").status_code == 200


def test_a_form_left_open_while_one_signs_out_in_another_tab_asks_to_sign_in(app: Portal) -> None:
    browser = Browser(app)
    browser.sign_in(somebody())
    browser.get("/account")
    typed_with = browser.token
    browser.post("/sign-out")
    assert browser.client.post("/account/sessions", data={"csrf_token": typed_with}).status_code == 401
    assert browser.client.post("/language", data={"csrf_token": typed_with, "language": "en"}).status_code == 400
