"""What a person sees when something is wrong: forms sent in vain, and the pages of errors. Axe finds nothing there."""

import pytest
from flask import Response
from playwright.sync_api import expect
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, RequestEntityTooLarge, TooManyRequests

from tests.browser.conftest import House, Open, sideways
from tests.world import World, a_world

NARROW, PHONE, DESK = 360, 390, 1440
BROKEN = (BadRequest, RequestEntityTooLarge, TooManyRequests, InternalServerError)


@pytest.fixture
def world(sqlite_portal: House) -> World:
    """A marketplace in which everything has happened."""
    return a_world()


def in_vain(world: World) -> dict[str, list[tuple[str, ...]]]:
    """Forms that can't be sent as they stand: who has them, where, and what is clicked, the button at last."""
    appeal = {name: f"/appeals/{ref}" for name, ref in world.appeals.items()}.__getitem__
    aftersale = {name: f"/after-sales/{ref}" for name, ref in world.aftersales.items()}.__getitem__
    return {
        "merchant_owner": [
            (f"{appeal('empty')}/draft", "text=下一步：核对内容"),
            (f"{appeal('draft')}/check", "text=确认提交申诉"),
            (f"{appeal('needs_evidence')}/supplement", "text=下一步：核对内容"),
            (f"{appeal('under_review')}/withdrawal", "main button:has-text('撤回申诉')"),
            (aftersale("asked"), "summary:has-text('拒绝申请')", "details[open] button[type=submit]"),
            (aftersale("to_inspect"), "summary:has-text('商品有问题')", "details[open] button[type=submit]"),
            (f"/redress{appeal('partially_upheld').removeprefix('/appeals')}/complaint", "text=提交投诉"),
        ],
        "reviewer": [
            (f"/review{appeal('claimed')}", "label.of-rejected", "button.for-rejected >> nth=-1"),
            (
                f"/review/arbitrations/{world.arbitrations['claimed']}",
                "label.of-refund_partial",
                "button.for-refund_partial >> nth=-1",
            ),
        ],
        "": [
            ("/sign-in", "main button.pri"),
            (f"/case/{world.links[0]}", "main details:has(form) summary", "details[open] form button[type=submit]"),
        ],
    }


def test_a_form_sent_in_vain_says_so_and_can_be_read_by_all(world: World, sqlite_portal: House, window: Open) -> None:
    found = []
    for who, forms in in_vain(world).items():
        person = window(sqlite_portal, world.people.get(who), widths=(PHONE, NARROW, DESK))
        person.expected = ("Failed to load resource", "Error Code 422")
        for path, *clicks in forms:
            page = person.open(path)
            page.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true })")
            for what in clicks:
                page.locator(what).first.click()
            said = page.locator("#errsum, main [role=alert]").first
            expect(said).to_be_visible()
            expect(said).to_be_focused()
            found += [f"{path}: {ill}" for ill in person.ills()]
            found += [f"{path}: {over} px" for width in person.widths if (over := sideways(page, width))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("fault", BROKEN, ids=[str(fault.code) for fault in BROKEN])
def test_the_page_of_an_error_can_be_read_by_all(
    sqlite_portal: House, window: Open, fault: type[HTTPException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_named: object) -> Response:
        raise fault

    monkeypatch.setitem(sqlite_portal.app.view_functions, "security.login", fail)
    person = window(sqlite_portal, widths=(PHONE, NARROW, DESK))
    person.expected = ("Failed to load resource", "500 ")
    page = person.open("/sign-in")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert person.ills() == []
    assert [sideways(page, width) for width in person.widths] == [0, 0, 0]
