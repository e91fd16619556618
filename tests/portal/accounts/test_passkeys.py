"""Passkeys: added by who is signed in, both factors at once, and good for nothing else."""

import json
import re
from html import unescape
from typing import Any

import pytest

from portal import Portal
from portal.accounts.models import Person
from portal.db import end_reading, session, unit_of_work
from tests.portal.accounts.authenticator import Device
from tests.portal.accounts.people import Browser, somebody


def asked(page: str) -> tuple[str, dict[str, Any]]:
    """Where the page sends the device's answer, and what it asks the device."""
    action = re.search(r'action="([^"]+)"\s+data-passkey', page)
    options = re.search(r'data-options="([^"]+)"', page)
    assert action
    assert options
    return unescape(action[1]), json.loads(unescape(options[1]))


def add(browser: Browser, device: Device, name: str = "我的 Laptop") -> int:
    """Add a passkey in this browser; the status of the answer."""
    browser.get("/account/passkeys")
    url, options = asked(browser.post("/account/passkeys", name=name).text)
    return browser.post(url, credential=device.create(options)).status_code


def sign_in(app: Portal, device: Device, **how: Any) -> Browser:
    """A browser that tried to sign in with the device."""
    browser = Browser(app)
    browser.get("/sign-in")
    url, options = asked(browser.post("/sign-in/passkey", next="/messages").text)
    browser.post(url, credential=device.get(options, **how), next="/messages")
    return browser


def is_in(browser: Browser) -> bool:
    """Whether somebody is signed in."""
    return browser.get("/account").status_code == 200


def owner_with_key(app: Portal) -> tuple[Person, Device]:
    """A merchant with a passkey."""
    person, browser, device = somebody(), Browser(app), Device()
    browser.sign_in(person)
    assert add(browser, device) == 302
    return person, device


def test_a_passkey_signs_in_without_a_password_and_leads_on(app: Portal) -> None:
    person, device = owner_with_key(app)
    browser = sign_in(app, device)
    assert browser.page is not None
    assert browser.page.location == "/messages"
    assert person.email in browser.get("/account").text


def test_for_staff_outside_the_demo_it_is_both_factors(app: Portal) -> None:
    person, browser, device = somebody("reviewer"), Browser(app), Device()
    browser.sign_in(person)
    add(browser, device)
    app.config["DEMO"] = False
    try:
        assert is_in(sign_in(app, device))
    finally:
        app.config["DEMO"] = True


@pytest.mark.parametrize("device", [Device(origin="http://evil.example"), Device(verified=False)])
def test_a_key_of_another_site_or_of_nobody_in_particular_is_not_taken(app: Portal, device: Device) -> None:
    browser = Browser(app)
    browser.sign_in(somebody())
    add(browser, device)
    end_reading()
    assert "Laptop" not in browser.get("/account").text


@pytest.mark.parametrize("change", [{"origin": "http://evil.example"}, {"verified": False}])
def test_an_answer_meant_for_another_site_or_without_its_owner_opens_nothing(
    app: Portal, change: dict[str, Any]
) -> None:
    _, device = owner_with_key(app)
    for name, value in change.items():
        setattr(device, name, value)
    assert not is_in(sign_in(app, device))


def test_an_unknown_key_and_a_disabled_owner_are_refused_alike(app: Portal) -> None:
    person, device = owner_with_key(app)
    unknown = Device()
    unknown.create({"user": {"id": "AAAA"}, "challenge": "AAAA"})
    with unit_of_work() as current:
        current.get_one(Person, person.id).active = False
    assert not is_in(sign_in(app, unknown))
    assert not is_in(sign_in(app, device))


def test_an_old_answer_is_not_taken_again(app: Portal) -> None:
    _, device = owner_with_key(app)
    device.counts = False
    first, second = Browser(app), Browser(app)
    first.get("/sign-in")
    url, options = asked(first.post("/sign-in/passkey").text)
    answer = device.get(options)
    assert first.post(url, credential=answer).status_code == 302
    second.get("/sign-in")
    other, _ = asked(second.post("/sign-in/passkey").text)
    second.post(other, credential=answer)
    assert not is_in(second)
    second.get("/sign-in")
    second.post(url, credential=answer)
    assert not is_in(second)


def test_a_key_proves_only_its_own_owner_again(app: Portal) -> None:
    person, device = owner_with_key(app)
    _, stranger = owner_with_key(app)
    browser = Browser(app)
    browser.sign_in(person)
    for key, due in ((stranger, "/confirm/passkey"), (device, "/account")):
        browser.get("/confirm")
        url, options = asked(browser.post("/confirm/passkey").text)
        assert browser.post(url, credential=key.get(options)).location == due


def test_names_are_ones_own_and_keys_can_be_removed(app: Portal) -> None:
    person, device = owner_with_key(app)
    browser = Browser(app)
    browser.sign_in(person)
    browser.get("/account/passkeys")
    taken = browser.post("/account/passkeys", name="我的 Laptop")
    assert (taken.status_code, "您已经有名为" in taken.text) == (422, True)
    assert browser.post("/account/passkeys", name="<b>").status_code == 422
    assert browser.post("/account/passkeys", name="").status_code == 422
    assert browser.post("/account/passkeys/removal", name="我的 Laptop").status_code == 302
    end_reading()
    assert session().get_one(Person, person.id).webauthn == []
    assert not is_in(sign_in(app, device))


def test_garbage_is_refused_politely(app: Portal) -> None:
    browser = Browser(app)
    browser.get("/sign-in")
    url, _ = asked(browser.post("/sign-in/passkey").text)
    for credential in ("", "{}", "[]", "nonsense", '{"id": 1}'):
        assert browser.post(url, credential=credential).location == "/sign-in/passkey"
    assert browser.post("/sign-in/passkey/made-up", credential="{}").location == "/sign-in/passkey"
