"""The one way to a shop's row."""

import pytest

from portal import Portal
from portal.db import unit_of_work
from portal.penalties.models import Penalty
from tests import make
from tests.conftest import Clock
from tests.portal.accounts.people import Browser
from tests.portal.accounts.test_who import two_shops


def a_browser(app: Portal, person: object, **settings: object) -> Browser:
    """A browser in which the person is signed in."""
    browser = Browser(app)
    browser.client = make.a_browser(app, person, **settings)  # type: ignore[arg-type]
    return browser


@pytest.fixture
def theirs(app: Portal) -> Penalty:
    """A penalty of a shop of somebody else."""
    with unit_of_work():
        return make.a_penalty(make.a_shop("木石家居"))


def test_a_foreign_row_looks_exactly_like_one_that_is_not_there(app: Portal, now: Clock, theirs: Penalty) -> None:
    person, _, _ = two_shops("merchant_owner", "merchant_agent")
    browser = a_browser(app, person)
    answers = set()
    for ref in (theirs.ref, "PN-2026-NOTTHERE"):
        response = browser.get(f"/penalties/{ref}")
        text = response.text.replace(ref, "REF").replace(browser.token, "TOKEN")
        answers.add((response.status_code, "".join(line for line in text.splitlines() if "mono" not in line)))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_a_row_of_my_other_shop_offers_to_go_there(app: Portal, now: Clock) -> None:
    person, _, second = two_shops("merchant_owner", "merchant_agent")
    with unit_of_work():
        penalty = make.a_penalty(second)
    browser = a_browser(app, person)
    response = browser.get(f"/penalties/{penalty.ref}")
    assert response.status_code == 409
    assert second.name in response.text
    assert penalty.facts not in response.text
    url = f"/penalties/{penalty.ref}"
    assert f'name="next" value="{url}' in response.text
    assert browser.post("/shop", shop=second.ref, next=url).location == url
    assert browser.get(url).status_code == 200


def test_a_form_for_a_row_of_my_other_shop_changes_nothing(app: Portal, now: Clock) -> None:
    person, _, second = two_shops("merchant_owner", "merchant_viewer")
    with unit_of_work():
        penalty = make.a_penalty(second)
    browser = a_browser(app, person)
    browser.get("/account")
    assert browser.post(f"/appeals/of/{penalty.ref}").status_code == 409
