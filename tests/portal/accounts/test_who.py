"""Who is asking, in which shop, and what is shown to them of it."""

from datetime import timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from portal import Portal, accounts
from portal.accounts.models import Membership, Person, Shop
from portal.db import session, unit_of_work
from tests import make
from tests.conftest import NOON, Clock, SignIn
from tests.portal.accounts.people import Browser


class Asked:
    """What `accounts` says inside a request of this browser."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app, self.client = app, client

    def __enter__(self) -> None:
        cookie = self.client.get_cookie("session")
        headers = {"Cookie": f"session={cookie.value}"} if cookie else {}
        self.context = self.app.test_request_context(headers=headers)
        self.context.push()
        g.arrived_at = NOON

    def __exit__(self, *_: object) -> None:
        self.context.pop()


def two_shops(*roles: str) -> tuple[Person, Shop, Shop]:
    """A person with a role in one shop and another role in a second one."""
    with unit_of_work():
        first, second = make.a_shop("岚山茶铺"), make.a_shop("南屿水果")
        person = make.a_person(roles[0], first)
        person.memberships.append(Membership(shop_id=second.id, role=roles[1], valid_from=NOON - timedelta(days=1)))
    return person, first, second


def test_nobody_is_asking_outside_a_request_or_before_signing_in(app: Portal, browser: SignIn) -> None:
    assert accounts.me() is None
    with Asked(app, browser()):
        assert accounts.me() is None
        assert accounts.shop() is None
        assert not accounts.has_role("admin")
        assert not accounts.may("read")
        assert accounts.zone() == "Asia/Shanghai"


def test_a_merchant_acts_in_their_strongest_role_under_a_pseudonym(app: Portal, now: Clock, browser: SignIn) -> None:
    with unit_of_work():
        shop = make.a_shop(zone="Asia/Urumqi")
        person = make.a_person("merchant_viewer", shop)
        person.memberships.append(Membership(shop_id=shop.id, role="merchant_agent", valid_from=NOON))
    with Asked(app, browser(person)):
        by = accounts.actor()
        assert (by.pseudonym, by.role, by.person_id) == (person.pseudonym, "merchant_agent", person.id)
        assert (by.shop_id, accounts.zone()) == (shop.id, "Asia/Urumqi")
        assert accounts.me() == person
        assert accounts.shop() == shop


@pytest.mark.parametrize(
    ("role", "may_submit", "verbs"),
    [
        ("merchant_owner", True, {"read", "write", "submit", "members"}),
        ("merchant_agent", True, {"read", "write", "submit"}),
        ("merchant_agent", False, {"read", "write"}),
        ("merchant_viewer", True, {"read"}),
        ("reviewer", True, {"read"}),
    ],
)
def test_what_each_role_may(
    app: Portal, now: Clock, browser: SignIn, role: str, may_submit: bool, verbs: set[str]
) -> None:
    with unit_of_work():
        person = make.a_person(role, make.a_shop() if role.startswith("merchant") else None)
        person.memberships[0].may_submit = may_submit
    with Asked(app, browser(person)):
        assert {verb for verb in ("read", "write", "submit", "members") if accounts.may(verb)} == verbs


def test_a_role_counts_from_its_first_instant_to_before_its_last(app: Portal, now: Clock, browser: SignIn) -> None:
    with unit_of_work():
        person = make.a_person("reviewer")
        person.memberships[0].valid_from = NOON
        person.memberships[0].valid_to = NOON + timedelta(hours=1)
    client = browser(person)
    for at, has in ((-1, False), (0, True), (3599, True), (3600, False)):
        with Asked(app, client):
            g.arrived_at = NOON + timedelta(seconds=at)
            assert accounts.has_role("reviewer") is has


def test_a_role_in_one_shop_is_none_in_the_other(app: Portal, now: Clock) -> None:
    person, first, second = two_shops("merchant_owner", "merchant_viewer")
    client = make.a_browser(app, person)
    with Asked(app, client):
        assert (accounts.present_shop().id, accounts.may("submit")) == (first.id, True)
    client = make.a_browser(app, person, shop=second.id)  # type: ignore[arg-type]
    with Asked(app, client):
        assert (accounts.present_shop().id, accounts.may("submit"), accounts.has_role("merchant_owner")) == (
            second.id, False, False,
        )  # fmt: skip


def test_switching_goes_into_the_other_shop_and_stays_there(app: Portal, now: Clock) -> None:
    person, _first, second = two_shops("merchant_owner", "merchant_agent")
    browser = Browser(app)
    browser.client = make.a_browser(app, person)
    assert "岚山茶铺" in browser.get("/account").text
    assert browser.post("/shop", shop=second.ref, next="/account").location == "/account"
    assert f"{second.ref}</span>" in browser.get("/account").text


def test_nobody_switches_into_a_shop_of_others(app: Portal, now: Clock) -> None:
    person, _, _ = two_shops("merchant_owner", "merchant_agent")
    with unit_of_work():
        foreign = make.a_shop("木石家居")
    browser = Browser(app)
    browser.client = make.a_browser(app, person)
    browser.get("/account")
    assert {browser.post("/shop", shop=ref).status_code for ref in (foreign.ref, "", "SH-2026-NOTTHERE")} == {404}
    assert "木石家居" not in browser.get("/account").text


def test_a_remembered_shop_that_was_left_is_not_entered_again(app: Portal, now: Clock) -> None:
    person, first, second = two_shops("merchant_owner", "merchant_agent")
    client = make.a_browser(app, person, shop=second.id)  # type: ignore[arg-type]
    with unit_of_work() as current:
        current.get_one(Person, person.id).memberships[1].valid_to = NOON - timedelta(hours=1)
    with Asked(app, client):
        assert accounts.present_shop().id == first.id


def test_people_are_found_by_role_and_shop_while_it_is_theirs(app: Portal, now: Clock) -> None:
    with unit_of_work():
        shop = make.a_shop()
        lead, gone = make.a_person("lead"), make.a_person("lead", active=False)
        owner, former = make.a_person("merchant_owner", shop), make.a_person("merchant_agent", shop)
        former.memberships[0].valid_to = NOON - timedelta(seconds=1)
    assert accounts.people_with("lead", "admin") == [lead]
    assert accounts.members(shop.id) == [owner]
    assert gone not in accounts.people_with("lead")
    assert accounts.by_email(owner.email.upper()) == owner
    assert session().get_one(Person, former.id) in accounts.everybody()
