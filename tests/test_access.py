"""Every route × method × person × state of the case, read off the URL map: who gets in, who gets nothing.

A new route is found here by itself. It fails until its blueprint has a guard or its view is declared public, and until
each part of its address can be filled (`World.filled`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal import Portal, accounts, clock, guards
from portal.accounts.models import MERCHANT_ROLES, Person
from portal.db import db, end_reading, session, unit_of_work
from tests import make
from tests.conftest import NOON, Clock, Stage
from tests.portal.accounts.people import Browser
from tests.sides import CANARY, MISSING, SIGNED_TOKENS, STATES, Side

NOT_OURS = {"static"}
KEPT_APART = {"browser_session", "guess"}
"""What a request may write though it is refused: its own session, and the count of guesses."""
CASES = [*(("sqlite", state) for state in STATES), ("postgresql", "under_review")]
"""Each state on SQLite; one on PostgreSQL too, because who may does not depend on the database."""
each_case = pytest.mark.parametrize("world", CASES, ids="-".join, indirect=True)
any_case = pytest.mark.parametrize("world", CASES[:1], ids="-".join, indirect=True)


@dataclass
class World:
    """Two shops, and everybody who may knock."""

    app: Portal
    ours: Side
    theirs: Side
    people: dict[str, Person | None]

    def browser(self, name: str) -> Browser:
        """The browser of this person, the form token at hand."""
        browser = Browser(self.app)
        person = self.people[name]
        browser.client = make.a_browser(self.app, person)
        browser.get("/account" if person else "/sign-in")
        return browser


@pytest.fixture(scope="module")
def world(_stage: Callable[[str], Stage], request: pytest.FixtureRequest) -> Iterator[World]:
    """The world of this database and state, for all tests that look at it; none of them changes anything."""
    kind, state = request.param
    with contextmanager(_stage(kind).renewed)() as app, pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", Clock(NOON))
        yield a_world(app, state)


def a_world(app: Portal, state: str) -> World:
    """A case of ours in this state, one of theirs, and the people."""
    with unit_of_work():
        ours, theirs = Side.of("岚山茶铺", state), Side.of("木石家居", state)
        people: dict[str, Person | None] = {
            "anonymous": None,
            "owner": ours.owner,
            "colleague": make.a_person("merchant_agent", ours.shop),
            "viewer": make.a_person("merchant_viewer", ours.shop),
            "other merchant": theirs.owner,
        }
        people |= {role: make.a_person(role) for role in ("reviewer", "lead", "admin")}
    return World(app, ours, theirs, people)


def routes(app: Portal) -> Iterator[tuple[Rule, str]]:
    """Every route with each of its methods."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint not in NOT_OURS and not rule.build_only:
            yield from ((rule, method) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def asked(
    world: World, browser: Browser, rule: Rule, method: str, parts: dict[str, Any], **headers: str
) -> TestResponse:
    """What the route answers; a form has its token and nothing else."""
    with world.app.test_request_context():
        url = world.app.url_for(rule.endpoint, **parts)
    data = {"csrf_token": browser.token} if method == "POST" else None
    got = browser.client.open(url, method=method, data=data, headers=headers, environ_base=browser.environ)
    got.get_data()
    got.close()
    return got


def may_enter(world: World, name: str, endpoint: str) -> bool:
    """Whether the declared policy lets this person in."""
    roles, person = accounts.roles_of(endpoint), world.people[name]
    if roles is None or person is None:
        return roles is None
    return (
        not roles
        or not set(roles).isdisjoint(person.roles_at(NOON, world.ours.shop.id))
        or (name == "other merchant" and "merchant_owner" in roles)
    )


def is_of_a_shop(rule: Rule) -> bool:
    """Whether the address names a row that belongs to a shop, on a route for its people."""
    if rule.endpoint.startswith(SIGNED_TOKENS) or not rule.arguments:
        return False
    roles = accounts.roles_of(rule.endpoint)
    return roles is not None and (not roles or not set(roles).isdisjoint(MERCHANT_ROLES))


def dump() -> dict[str, list[Any]]:
    """Everything in the database but what is kept apart."""
    end_reading()
    tables = {table.name: table for table in db.metadata.sorted_tables if table.name not in KEPT_APART}
    return {name: [tuple(row) for row in session().execute(select(table))] for name, table in tables.items()}


@any_case
def test_every_route_declares_who_may(world: World) -> None:
    undeclared = {
        rule.endpoint
        for rule, _ in routes(world.app)
        if accounts.roles_of(rule.endpoint) is None and not accounts.is_public(rule.endpoint)
    }
    assert undeclared == set()


@each_case
def test_whoever_is_not_let_in_gets_the_same_answer_everywhere_and_changes_nothing(world: World) -> None:
    before, wrong = dump(), []
    for name in world.people:
        browser = world.browser(name)
        for rule, method in routes(world.app):
            if may_enter(world, name, rule.endpoint):
                continue
            due = 303 if rule.rule == "/" and name == "anonymous" else 401 if name == "anonymous" else 403
            for headers in ({}, {"HX-Request": "true"}):
                got = asked(world, browser, rule, method, world.ours.filled(rule), **headers)
                if got.status_code != due or CANARY in got.text:
                    wrong.append(f"{name} {method} {rule.rule}: {got.status_code} instead of {due}")
    assert wrong == []
    assert dump() == before


@each_case
def test_a_row_of_another_shop_is_answered_like_one_that_is_not_there(world: World) -> None:
    before, wrong = dump(), []
    for name in ("other merchant", "reviewer", "admin"):
        browser = world.browser(name)
        for rule, method in routes(world.app):
            if not is_of_a_shop(rule) or not may_enter(world, name, rule.endpoint):
                continue
            parts = world.ours.filled(rule)
            missing = {key: MISSING.get(key, 987654321) for key in parts}
            for headers in ({}, {"HX-Request": "true"}):
                answers = [asked(world, browser, rule, method, p, **headers) for p in (parts, missing)]
                if {a.status_code for a in answers} != {404} or CANARY in answers[0].text:
                    wrong.append(f"{name} {method} {rule.rule}: {[a.status_code for a in answers]}")
    assert wrong == []
    assert dump() == before


@each_case
def test_a_part_of_another_shops_case_is_not_reached_through_ones_own(world: World) -> None:
    wrong = []
    browser = world.browser("owner")
    for rule, method in routes(world.app):
        if not is_of_a_shop(rule) or len(rule.arguments) < 2:
            continue
        mine, foreign = world.ours.filled(rule), world.theirs.filled(rule)
        for swapped in mine.keys() - {"verb"}:
            got = asked(world, browser, rule, method, mine | {swapped: foreign[swapped]})
            if got.status_code != 404:
                wrong.append(f"{method} {rule.rule} with a foreign {swapped}: {got.status_code}")
    assert wrong == []


@each_case
def test_whoever_is_let_in_sees_a_page_and_looking_changes_nothing(world: World) -> None:
    before, wrong = dump(), []
    for name in world.people:
        browser = world.browser(name)
        for rule, method in routes(world.app):
            if not may_enter(world, name, rule.endpoint) or name == "other merchant" or method != "GET":
                continue
            got = asked(world, browser, rule, method, world.ours.filled(rule))
            if got.status_code in (401, 403) or got.status_code >= 500:
                wrong.append(f"{name} {method} {rule.rule}: {got.status_code}")
    assert wrong == []
    assert dump() == before


@each_case
def test_a_viewer_changes_nothing_of_the_shop(world: World) -> None:
    before, wrong = dump(), []
    browser = world.browser("viewer")
    for rule, method in routes(world.app):
        if method != "POST" or not is_of_a_shop(rule) or rule.endpoint.startswith("messages."):
            continue
        got = asked(world, browser, rule, method, world.ours.filled(rule))
        if got.status_code not in (403, 409):
            wrong.append(f"{rule.rule}: {got.status_code}")
    assert wrong == []
    assert dump() == before


@each_case
def test_no_form_is_taken_without_its_token(world: World) -> None:
    before, wrong = dump(), []
    for name in world.people:
        browser = world.browser(name)
        browser.token = ""
        for rule, method in routes(world.app):
            if method == "POST":
                got = asked(world, browser, rule, method, world.ours.filled(rule))
                if got.status_code != 400:
                    wrong.append(f"{name} {rule.rule}: {got.status_code}")
    assert wrong == []
    assert dump() == before


@any_case
def test_every_guard_is_a_role_that_exists(world: World) -> None:
    roles = {role for rule, _ in routes(world.app) for role in accounts.roles_of(rule.endpoint) or ()}
    assert roles <= set(accounts.models.ROLES)
    assert guards.GUARDS
