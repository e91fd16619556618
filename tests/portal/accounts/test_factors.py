"""The second factor: who needs one, codes that are good once, and what is kept of them."""

import hashlib
import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from passlib.totp import TOTP

from portal import Portal, accounts
from portal.accounts.models import Person
from portal.db import end_reading, session, unit_of_work
from tests import make
from tests.conftest import Clock
from tests.portal.accounts.people import PASSWORD, Browser, somebody

STEP = 30


@pytest.fixture
def outside(app: Portal) -> Iterator[Portal]:
    """The portal outside the demo."""
    app.config["DEMO"] = False
    yield app
    app.config["DEMO"] = True


ON_ITS_WAY = 4  # seconds that a form may need on a busy machine


class Phone:
    """An authenticator app that scanned the page; its clock can be moved on."""

    def __init__(self, page: str) -> None:
        key = re.search(r'class="mono">([A-Z0-9-]+)<', page)
        assert key
        self.totp = TOTP(key=key[1].replace("-", ""), format="base32")

    def code(self, steps: int = 0) -> str:
        """What it shows, some steps from now; not one that is about to change while it is on its way."""
        left = STEP - time.time() % STEP
        if left < ON_ITS_WAY:
            time.sleep(left)
        return str(self.totp.generate(time=time.time() + steps * STEP).token)


def set_up(browser: Browser, url: str = "/account/authenticator") -> Phone:
    """Set up an authenticator app on this page, up to the code."""
    browser.get(url)
    page = browser.post("/account/authenticator", setup="authenticator")
    assert page.status_code == 200
    assert "<path d=" in page.text
    assert "data:" not in page.text
    return Phone(page.text)


def with_phone(app: Portal) -> tuple[Person, Phone]:
    """A reviewer outside the demo who has set an authenticator app up."""
    person, browser = somebody("reviewer"), Browser(app)
    browser.sign_in(person)
    phone = set_up(browser)
    assert browser.post("/sign-in/code", code=phone.code(-1)).status_code == 302
    return person, phone


def kept(person: Person) -> Person:
    """The person as the database has them."""
    end_reading()
    return session().get_one(Person, person.id)


@pytest.mark.parametrize("role", ["reviewer", "senior_reviewer", "lead", "admin", "auditor"])
def test_staff_are_led_to_a_second_factor_and_nothing_works_before(outside: Portal, role: str) -> None:
    browser = Browser(outside)
    assert browser.sign_in(somebody(role)).location == "/account/authenticator"
    for url in ("/account", "/review", "/messages", "/account/passkeys", "/account/recovery-codes"):
        assert browser.get(url).status_code == 401
    phone = set_up(browser)
    assert browser.get("/account").status_code == 401
    again = browser.post("/sign-in/code", code="00")
    assert again.status_code == 422
    assert 'id="e-code"' in again.text
    assert "/sign-in/recovery-code" not in again.text
    assert Phone(again.text).totp.key == Phone(browser.get("/sign-in/code").text).totp.key == phone.totp.key
    assert browser.post("/sign-in/code", code=phone.code(-1)).status_code == 302
    assert browser.get("/account").status_code == 200


def test_merchants_and_the_demo_do_without(app: Portal) -> None:
    for role in ("reviewer", "merchant_owner"):
        browser = Browser(app)
        browser.sign_in(somebody(role))
        assert browser.get("/account").status_code == 200


def test_a_session_begun_in_the_demo_opens_nothing_to_staff_outside_it(app: Portal) -> None:
    browser = Browser(app)
    browser.sign_in(somebody("reviewer"))
    app.config["DEMO"] = False
    try:
        assert browser.get("/account").status_code == 401
    finally:
        app.config["DEMO"] = True


def test_the_code_is_asked_for_and_is_good_once(outside: Portal) -> None:
    person, phone = with_phone(outside)
    code = phone.code()
    browser = Browser(outside)
    assert browser.sign_in(person, next="/messages").location == "/sign-in/code?next=/messages"
    assert browser.get("/account").status_code == 401
    browser.get("/sign-in/code?next=/messages")
    assert browser.post("/sign-in/code?next=/messages", code=f"{code[:3]} {code[3:]}").location == "/messages"
    again = Browser(outside)
    again.sign_in(person)
    again.get("/sign-in/code")
    response = again.post("/sign-in/code", code=code)
    assert (response.status_code, "已经用过" in response.text) == (422, True)


def test_codes_are_guessed_ten_times_at_most(outside: Portal) -> None:
    person, phone = with_phone(outside)
    browser = Browser(outside)
    browser.sign_in(person)
    browser.get("/sign-in/code")
    wrong = f"{(int(phone.code()) + 5) % 1000000:06}"
    assert [browser.post("/sign-in/code", code=wrong).status_code for _ in range(11)] == [422] * 10 + [429]
    assert browser.post("/sign-in/code", code=phone.code()).status_code == 429


def test_a_right_password_alone_is_forgotten_after_ten_minutes(outside: Portal, now: Clock) -> None:
    person, phone = with_phone(outside)
    browser = Browser(outside)
    browser.sign_in(person)
    now.at += timedelta(minutes=11)
    assert browser.get("/sign-in/code").location == "/sign-in"
    assert browser.post("/sign-in/code", code=phone.code()).location == "/sign-in"


def test_staff_can_not_switch_it_off(outside: Portal) -> None:
    person, phone = with_phone(outside)
    browser = Browser(outside)
    browser.sign_in(person)
    browser.get("/sign-in/code")
    browser.post("/sign-in/code", code=phone.code())
    assert "disable" not in browser.get("/account/authenticator").text
    assert browser.post("/account/authenticator", setup="disable").status_code == 422
    assert kept(person).has_second_factor


def test_merchants_may_have_one_and_switch_it_off(app: Portal) -> None:
    person, browser, elsewhere = somebody(), Browser(app), Browser(app)
    browser.sign_in(person)
    elsewhere.sign_in(person)
    phone = set_up(browser)
    token = re.search(r'action="(/account/authenticator/[^"]+)"', browser.page.text if browser.page else "")
    assert token
    again = browser.post(token[1], code="12")
    assert (again.status_code, f'action="{token[1]}"' in again.text) == (422, True)
    assert "<path d=" in again.text
    assert Phone(again.text).totp.key == phone.totp.key
    assert '<div role="alert">' in again.text
    assert not kept(person).has_second_factor
    assert browser.post(token[1], code=phone.code()).location == "/account"
    assert kept(person).has_second_factor
    assert elsewhere.get("/account").status_code == 401
    assert browser.get("/account/authenticator").status_code == 200
    assert browser.post("/account/authenticator", setup="disable").location == "/account"
    assert not kept(person).has_second_factor


def test_changing_factors_needs_a_fresh_sign_in(app: Portal, now: Clock) -> None:
    browser = Browser(app)
    browser.sign_in(somebody())
    browser.client.get("/account")
    with browser.client.session_transaction() as visit:
        visit["fs_paa"] = time.time() - 3600
    for url in ("/account/authenticator", "/account/passkeys", "/account/recovery-codes"):
        assert browser.get(url).location == f"/confirm?next={url}"
    browser.get("/confirm?next=/account/passkeys")
    assert browser.post("/confirm?next=/account/passkeys", password="wrong").status_code == 422
    assert browser.post("/confirm?next=/account/passkeys", password=PASSWORD).location == "/account/passkeys"
    assert browser.get("/account/passkeys").status_code == 200


def test_recovery_codes_are_shown_once_kept_as_hashes_and_good_once(outside: Portal) -> None:
    person, phone = with_phone(outside)
    browser = Browser(outside)
    browser.sign_in(person)
    browser.get("/sign-in/code")
    browser.post("/sign-in/code", code=phone.code())
    browser.get("/account/recovery-codes")
    codes = re.findall(r"<li>([A-Z0-9-]{19})</li>", browser.post("/account/recovery-codes").text)
    assert len(codes) == 8
    assert kept(person).mf_recovery_codes == [hashlib.sha256(c.replace("-", "").encode()).hexdigest() for c in codes]
    assert not any(code in browser.get("/account/recovery-codes?show_codes=1").text for code in codes)
    for tries in ([codes[0].lower().replace("-", " ")], [codes[0], "AAAA-AAAA-AAAA-AAAA", codes[1]]):
        stranger = Browser(outside)
        stranger.sign_in(person)
        stranger.get("/sign-in/recovery-code")
        answers = [stranger.post("/sign-in/recovery-code", code=code).status_code for code in tries]
        assert answers == [422] * (len(tries) - 1) + [302]
    assert len(kept(person).mf_recovery_codes) == 6


def test_the_phone_lost_the_operator_lets_them_begin_anew(outside: Portal) -> None:
    person, _ = with_phone(outside)
    with unit_of_work() as current:
        accounts.actions.set_password(current.get_one(Person, person.id), "a new beginning", at=make.NOON, anew=True)
    assert Browser(outside).sign_in(person, "a new beginning").location == "/account/authenticator"


def test_secrets_of_the_authenticator_are_kept_encrypted(outside: Portal) -> None:
    person, phone = with_phone(outside)
    secret = kept(person).tf_totp_secret or ""
    assert phone.totp.base32_key not in secret
    assert '"enckey"' in secret
