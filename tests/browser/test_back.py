"""Back never brings old words with the right to overwrite newer ones."""

import pytest
from playwright.sync_api import Page, expect

from portal.appeals.models import Appeal
from portal.db import end_reading, session, unit_of_work
from tests import make
from tests.browser.conftest import House, Open

OLD, NEW = "先写的一句话，后来改掉了。", "后写的话才算数，以这一句为准。"


def stored() -> str:
    """What the draft says now."""
    end_reading()
    session().expire_all()
    return session().query(Appeal).one().statement


@pytest.mark.parametrize("scripts", [True, False])
def test_a_page_that_is_gone_back_to_says_what_was_saved_last(
    sqlite_portal: House, window: Open, scripts: bool
) -> None:
    with unit_of_work():
        shop = make.a_shop()
        owner = make.a_person("merchant_owner", shop)
        appeal = make.a_draft(make.a_penalty(shop), make.actor(owner, shop))
    path = f"/appeals/{appeal.ref}/draft"
    page = window(sqlite_portal, owner, java_script_enabled=scripts).open(path)
    save(page, OLD, scripts)
    page.goto(f"{sqlite_portal.url}/messages")
    page.goto(sqlite_portal.url + path)
    save(page, NEW, scripts)
    while not page.url.endswith("/messages"):
        page.go_back()
    page.go_back()
    expect(page.get_by_label("申诉说明")).to_have_value(NEW)
    assert stored() == NEW


def test_a_page_that_is_gone_back_to_is_no_copy_from_before_its_own_words(sqlite_portal: House, window: Open) -> None:
    with unit_of_work():
        shop = make.a_shop()
        owner = make.a_person("merchant_owner", shop)
        appeal = make.a_draft(make.a_penalty(shop), make.actor(owner, shop))
    page = window(sqlite_portal, owner).open(f"/appeals/{appeal.ref}/draft")
    drawn = page.locator("input[name=window]").input_value()
    for said in (OLD, NEW):
        save(page, said, True)
    page.goto(f"{sqlite_portal.url}/messages")
    page.go_back()
    expect(page.get_by_label("申诉说明")).to_have_value(NEW)
    assert page.locator("input[name=window]").input_value() != drawn


def save(page: Page, said: str, scripts: bool) -> None:
    """Write it and see that it is saved."""
    field = page.get_by_label("申诉说明")
    field.fill(said)
    if scripts:
        with page.expect_response("**/draft"):
            field.blur()
    else:
        with page.expect_navigation():  # Back from a page that is still leaving is refused by Chromium
            page.get_by_role("button", name="保存并留在本页").click()
    assert stored() == said
