"""Signing in with a password, losing and changing it; what a stranger can find out."""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import Portal
from portal.accounts import passwords
from portal.accounts.models import Person
from portal.accounts.sessions import MERCHANT_IDLE
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Delivery
from tests import make
from tests.conftest import Clock
from tests.portal.accounts.people import PASSWORD, Browser, somebody

NEW = "another quiet river"


def mails() -> list[dict[str, Any]]:
    """What waits in the outbox, newest last."""
    end_reading()
    return [mail.payload or {} for mail in session().scalars(select(Delivery).order_by(Delivery.id))]


def link(mail: dict[str, Any]) -> str:
    """The link to a new password in the mail, without its host."""
    found = re.search(r"https?://[^/\s]+(/password/forgotten/\S+)", mail["text"])
    assert found
    return found[1]


def ask_for_link(app: Portal, email: str) -> str:
    """What the page says to who asks for a link."""
    browser = Browser(app)
    browser.get("/password/forgotten")
    response = browser.post("/password/forgotten", email=email)
    assert response.status_code == 200
    return response.text.replace(email, "ADDRESS").replace(browser.token, "TOKEN")


@pytest.fixture(autouse=True)
def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "SAME_TIME", 0)


def test_the_right_password_signs_in(app: Portal) -> None:
    browser, person = Browser(app), somebody(name="岚山")
    response = browser.sign_in(person)
    assert (response.status_code, response.location) == (302, "/")
    assert "岚山" in browser.get("/account").text


def test_the_address_may_be_written_in_any_case(app: Portal) -> None:
    browser, person = Browser(app), somebody()
    browser.get("/sign-in")
    assert browser.post("/sign-in", email=f" {person.email.upper()} ", password=PASSWORD).status_code == 302


def test_a_stranger_learns_nothing_from_a_refusal(app: Portal) -> None:
    known, off = somebody(), somebody(active=False)
    answers = []
    for email, password in ((known.email, "wrong"), ("nobody@people.example", "wrong"), (off.email, PASSWORD)):
        browser = Browser(app)
        browser.get("/sign-in")
        response = browser.post("/sign-in", email=email, password=password)
        assert response.status_code == 422
        answers.append(response.text.replace(email, "ADDRESS").replace(browser.token, "TOKEN"))
    assert "邮箱和密码对不上" in answers[0]
    assert len({re.sub(r'value="[^"]{40,}"', "", answer) for answer in answers}) == 1


def test_every_try_costs_one_hash_and_none_inside_the_unit_of_work(
    app: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[bool] = []
    context = app.extensions["security"].pwd_context._context
    for name in ("hash", "verify"):
        real = getattr(context, name)
        monkeypatch.setattr(
            context, name, lambda *a, real=real, **k: worked.append(session().in_transaction()) or real(*a, **k)
        )
    known = somebody()
    worked.clear()
    for email in (known.email, "nobody@people.example"):
        browser = Browser(app)
        browser.get("/sign-in")
        browser.post("/sign-in", email=email, password="wrong password")
        assert len(worked) == 1
        worked.clear()


def test_a_remembered_sign_in_can_not_be_asked_for(app: Portal) -> None:
    browser = Browser(app)
    browser.sign_in(somebody(), remember="y")
    assert browser.client.get_cookie("remember_token") is None


def test_neither_token_nor_header_signs_in(app: Portal) -> None:
    token = somebody().get_auth_token() if hasattr(Person, "get_auth_token") else ""
    browser = Browser(app)
    assert browser.get(f"/account?auth_token={token}").status_code == 401
    assert browser.get("/account", **{"Authentication-Token": token}).status_code == 401


def test_a_visitor_is_led_by_the_sign_in_to_the_page_they_asked_for(sqlite_app: Portal) -> None:
    page = sqlite_app.test_client().get("/appeals?tab=completed", headers={"Accept-Language": "en"})
    assert page.status_code == 401
    assert "Please sign in" in page.text
    assert 'href="/sign-in?next=/appeals?tab%3Dcompleted"' in page.text


def test_a_form_that_comes_after_the_session_ended_gives_the_words_back(sqlite_app: Portal, now: Clock) -> None:
    client = make.a_browser(sqlite_app, somebody())
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert token
    now.at += MERCHANT_IDLE
    typed = {"csrf_token": token[1], "statement": "包裹 <当天> 已经揽收。\n底单附后。", "password": "a quiet river"}
    answer = client.post("/messages/reading", data=typed)
    assert answer.status_code == 401
    assert "包裹 &lt;当天&gt; 已经揽收。\n底单附后。" in answer.text
    assert "quiet river" not in answer.text
    assert f'<p class="pre">{token[1]}' not in answer.text


@pytest.mark.parametrize(("site", "given"), [("same-origin", True), ("cross-site", False)])
def test_a_form_whose_token_is_too_old_gives_the_words_back_to_our_own_pages(
    sqlite_app: Portal, site: str, given: bool
) -> None:
    client = make.a_browser(sqlite_app, somebody())
    answer = client.post(
        "/messages/reading", data={"statement": "包裹当天已经揽收。"}, headers={"Sec-Fetch-Site": site}
    )
    assert answer.status_code == 400
    assert ("包裹当天已经揽收。" in answer.text) is given


def test_asking_for_a_link_says_the_same_to_everybody(app: Portal) -> None:
    answers = {ask_for_link(app, email) for email in (somebody().email, "nobody@people.example")}
    answers |= {ask_for_link(app, somebody(active=False).email)}
    assert len({re.sub(r'value="[^"]{40,}"', "", answer) for answer in answers}) == 1
    assert len(mails()) == 1


def test_asking_for_a_link_takes_the_same_time_for_everybody(
    sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(passwords, "SAME_TIME", 100)
    monkeypatch.setattr(passwords.time, "sleep", slept.append)
    for email in (somebody().email, "nobody@people.example"):
        ask_for_link(sqlite_app, email)
    assert len(slept) == 2
    assert all(90 < seconds <= 100 for seconds in slept)


def test_the_link_sets_a_new_password_once_and_signs_out_everywhere(app: Portal) -> None:
    person, browser, elsewhere = somebody(), Browser(app), Browser(app)
    elsewhere.sign_in(person)
    ask_for_link(app, person.email)
    url = link(mails()[-1])
    assert browser.get(url).status_code == 200
    assert browser.post(url, password=NEW, password_confirm=NEW).location == "/sign-in"
    assert elsewhere.get("/account").status_code == 401
    assert Browser(app).get(url).location == "/password/forgotten"
    assert Browser(app).sign_in(person).status_code == 422
    assert Browser(app).sign_in(person, NEW).status_code == 302
    assert mails()[-1]["subject"] in ("您的密码已修改", "Your password was changed")


def test_the_link_in_the_mail_leads_to_our_address_whatever_host_was_asked(app: Portal) -> None:
    browser = Browser(app, HTTP_HOST="localhost")
    browser.get("/password/forgotten")
    browser.post("/password/forgotten", email=somebody().email)
    assert app.extensions["recourse.config"].url + "/password/forgotten/" in mails()[-1]["text"]


def test_its_mails_say_the_same_as_text_and_as_html_whatever_one_is_called(sqlite_app: Portal) -> None:
    person, browser = somebody(name="<b>岚</b>"), Browser(sqlite_app)
    ask_for_link(sqlite_app, person.email)
    url = link(mails()[-1])
    browser.get(url)
    browser.post(url, password=NEW, password_confirm=NEW)
    asked, changed = mails()
    for mail, path, says in ((asked, url, "一小时内有效"), (changed, "/password/forgotten", "其他浏览器")):
        href = f"{sqlite_app.extensions['recourse.config'].url}{path}"
        for said in ("岚", says, href, "请勿回复", "青禾集市"):
            assert said in mail["text"]
            assert said in mail["html"]
        assert f'<a href="{href}"' in mail["html"]
        assert ("<b>岚</b>" in mail["text"], "&lt;b&gt;岚&lt;/b&gt;" in mail["html"]) == (True, True)
        assert mail["html"].strip().startswith('<!DOCTYPE html>\n<html lang="zh-CN">')


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"password": "short", "password_confirm": "short"}, "请至少使用 10 个字符"),
        ({"password": NEW, "password_confirm": "something else"}, "两次输入的密码不一致"),
        ({"password": "x" * 2000, "password_confirm": "x" * 2000}, "太长"),
        ({"password": "", "password_confirm": ""}, "请输入密码"),
    ],
)
def test_a_bad_new_password_is_refused_with_the_reason(sqlite_app: Portal, fields: dict[str, str], says: str) -> None:
    browser = Browser(sqlite_app)
    ask_for_link(sqlite_app, somebody().email)
    url = link(mails()[-1])
    browser.get(url)
    response = browser.post(url, **fields)
    assert response.status_code == 422
    assert says in response.text


def test_changing_the_password_needs_the_present_one_and_keeps_only_this_browser(app: Portal) -> None:
    person, browser, elsewhere = somebody(), Browser(app), Browser(app)
    browser.sign_in(person)
    elsewhere.sign_in(person)
    browser.get("/account/password")
    wrong = browser.post("/account/password", password="wrong", new_password=NEW, new_password_confirm=NEW)
    assert (wrong.status_code, "这不是您现在的密码" in wrong.text) == (422, True)
    assert "已上传的文件" not in wrong.text
    right = browser.post("/account/password", password=PASSWORD, new_password=NEW, new_password_confirm=NEW)
    assert right.location == "/account"
    assert browser.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 401
    assert Browser(app).sign_in(person, NEW).status_code == 302


def test_a_password_hashed_with_less_is_hashed_anew_at_sign_in(sqlite_app: Portal) -> None:
    person = somebody()
    weak = sqlite_app.extensions["security"].pwd_context._context.copy(argon2__time_cost=1)
    with unit_of_work() as current:
        kept = current.get_one(Person, person.id)
        kept.password = old = weak.hash(PASSWORD)
    assert Browser(sqlite_app).sign_in(person).status_code == 302
    assert Session.object_session(kept).get_one(Person, person.id).password != old  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "javascript:x",
    ],
)
def test_no_way_out_of_the_site(sqlite_app: Portal, url: str) -> None:
    person = somebody()
    for way in ({"next": url}, {}):
        browser = Browser(sqlite_app)
        browser.get(f"/sign-in?next={url}")
        response = browser.post("/sign-in", email=person.email, password=PASSWORD, **way)
        assert response.status_code == 302
        led = urlsplit(urljoin("http://localhost/sign-in", response.headers.get("Location", "/")))
        assert (led.scheme, led.netloc) == ("http", "localhost")
    browser.get("/account")
    assert browser.post("/language", language="zh", next=url).location == "/"
    assert "evil" not in browser.post("/shop", shop="SH-2026-NOTTHERE", next=url).headers.get("Location", "")


def test_one_comes_back_to_where_one_was(app: Portal) -> None:
    browser = Browser(app)
    browser.get("/sign-in?next=/messages?category=appeal")
    assert 'value="/messages?category=appeal"' in browser.page.text  # type: ignore[union-attr]


def test_an_unknown_host_is_refused(sqlite_app: Portal) -> None:
    assert sqlite_app.test_client().get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


def test_somebody_without_a_password_gets_in_by_a_link_alone(app: Portal) -> None:
    person = somebody()
    with unit_of_work() as current:
        current.get_one(Person, person.id).password = None
    assert Browser(app).sign_in(person, "").status_code == 422
    assert Browser(app).sign_in(person).status_code == 422
    browser = Browser(app)
    ask_for_link(app, person.email)
    url = link(mails()[-1])
    browser.get(url)
    browser.post(url, password=NEW, password_confirm=NEW)
    assert Browser(app).sign_in(person, NEW).status_code == 302
