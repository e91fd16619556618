"""A window and what is kept of it: an answer gets lost, a page is left too soon, another window was faster."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from portal.accounts.models import Person
from portal.appeals.models import Appeal
from portal.db import end_reading, session, unit_of_work
from portal.review.models import Review
from tests import make
from tests.browser.conftest import House, Open

OLD, NEW = "先写的一句话。", "后写的话才算数，以这一句为准。"
LOST = ("ERR_FAILED", "htmx:sendError", "htmx:afterRequest")


@dataclass
class Desk:
    """Somebody who writes, where, and what is kept of it."""

    writer: Person
    path: str
    field: Callable[[Page], Locator]
    kept: Callable[[], str]


def the_seat() -> Review:
    """The reviewer's seat as it is now."""
    end_reading()
    session().expire_all()
    return session().query(Review).one()


def statement() -> str:
    """The merchant's draft as it is now."""
    end_reading()
    session().expire_all()
    return session().query(Appeal).one().statement


def findings(page: Page) -> Locator:
    """What the reviewer writes for the record."""
    return page.locator("textarea[name=findings]")


@pytest.fixture
def merchant(sqlite_portal: House) -> Desk:
    """A shop's owner at their draft."""
    with unit_of_work():
        shop = make.a_shop()
        owner = make.a_person("merchant_owner", shop)
        draft = make.a_draft(make.a_penalty(shop), make.actor(owner, shop))
    return Desk(owner, f"/appeals/{draft.ref}/draft", lambda page: page.get_by_label("申诉说明"), statement)


@pytest.fixture
def reviewer(sqlite_portal: House) -> Desk:
    """A reviewer at a case that they have claimed and mean to reject."""
    with unit_of_work():
        shop, judge = make.a_shop(), make.a_person("reviewer")
        case = make.an_appeal(shop, make.actor(make.a_person("merchant_owner", shop), shop))
        make.a_seat(case, make.actor(judge)).draft = {"outcome": "rejected"}
    return Desk(judge, f"/review/appeals/{case.ref}", findings, lambda: str(the_seat().draft.get("findings")))


@pytest.fixture(params=["merchant", "reviewer"])
def desk(request: pytest.FixtureRequest) -> Desk:
    """Either of them."""
    found: Desk = request.getfixturevalue(request.param)
    return found


def saves(page: Page, field: Locator, said: str, status: int = 200) -> None:
    """Write it, leave the field, and wait for the answer."""
    with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.request.method == "POST") as sent:
        field.fill(said)
        field.blur()
    assert sent.value.status == status


class Lost:
    """The first draft that saves itself reaches the server; its answer does not come back."""

    def __init__(self, page: Page) -> None:
        self.held: list[Route] = []
        self.page = page
        page.route("**/draft", self._take)

    def _take(self, route: Route) -> None:
        if self.held or route.request.method != "POST":
            route.continue_()
            return
        route.fetch()
        self.held.append(route)

    def wait(self) -> Route:
        """Wait until the server has it."""
        while not self.held:
            self.page.wait_for_timeout(20)
        return self.held[0]


def test_what_a_reviewer_writes_on_and_on_is_kept(sqlite_portal: House, window: Open, reviewer: Desk) -> None:
    page = window(sqlite_portal, reviewer.writer).open(reviewer.path)
    seen = page.locator("input[name=draft_seen]")
    for said in (OLD, NEW):
        saves(page, findings(page), said)
        expect(page.locator("#kept")).to_contain_text("草稿已保存")
        expect(seen).to_have_value(the_seat().draft_mark)
        assert reviewer.kept() == said


def test_an_answer_that_gets_lost_accuses_nobody(sqlite_portal: House, window: Open, desk: Desk) -> None:
    seen = window(sqlite_portal, desk.writer)
    seen.expected = LOST
    page = seen.open(desk.path)
    lost = Lost(page)
    desk.field(page).fill(OLD)
    desk.field(page).blur()
    lost.wait().abort()
    expect(page.locator("#net")).to_contain_text("网络断开")
    assert desk.kept() == OLD
    saves(page, desk.field(page), OLD + NEW)
    saves(page, desk.field(page), NEW)
    assert desk.kept() == NEW


def test_a_page_that_is_left_while_it_saves_keeps_what_was_written_last(
    sqlite_portal: House, window: Open, desk: Desk
) -> None:
    page = window(sqlite_portal, desk.writer).open(desk.path)
    lost = Lost(page)
    desk.field(page).fill(OLD)
    desk.field(page).blur()
    lost.wait()
    desk.field(page).fill(OLD + NEW)
    page.goto(f"{sqlite_portal.url}/messages")
    for _ in range(500):
        if desk.kept() == OLD:
            page.wait_for_timeout(20)
    assert desk.kept() == OLD + NEW


def test_a_verdict_from_a_window_that_is_behind_loses_the_words_of_neither(
    sqlite_portal: House, window: Open, reviewer: Desk
) -> None:
    seen = window(sqlite_portal, reviewer.writer)
    seen.expected = ("status of 409", "Error Code 409")
    behind, other = seen.open(reviewer.path), seen.tab()
    other.goto(sqlite_portal.url + reviewer.path)
    saves(other, findings(other), NEW)
    saves(behind, findings(behind), OLD, 409)
    behind.locator("button.for-rejected").last.click()
    told = behind.get_by_role("region", name="作出决定").get_by_role("alert")
    expect(told).to_contain_text("另一窗口")
    expect(findings(behind)).to_have_value(OLD)
    told.get_by_role("link").click()
    expect(findings(behind)).to_have_value(NEW)
    expect(behind.locator("#net textarea")).to_have_value(OLD)
    assert reviewer.kept() == NEW
