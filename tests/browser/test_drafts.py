"""Nothing typed is ever lost: a closed tab, an expired session, a lost network, another window, a faster colleague."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from portal import appeals, review
from portal.accounts.models import Person, Shop
from portal.accounts.sessions import MERCHANT_IDLE
from portal.appeals.models import Appeal
from portal.db import end_reading, session, unit_of_work
from portal.review.models import Review
from tests import make
from tests.browser.conftest import House, Open, press
from tests.conftest import Clock

TYPED = "当天 17:10 快递员上门揽收，底单和监控录像都在。"
OTHER = "在另一个窗口写的话，比那一句更早保存。"
FINDINGS = "揽收底单只有一个运单号，没有网点章，不能证明其余包裹在认定的时间之前已经交给快递公司。"


@dataclass
class Desk:
    """A shop with a draft, its owner, and two reviewers."""

    house: House
    shop: Shop
    owner: Person
    reviewers: tuple[Person, Person]
    appeal: Appeal

    @property
    def now(self) -> Appeal:
        """The appeal, as it is now."""
        end_reading()
        session().expire_all()
        return session().query(Appeal).one()

    @property
    def path(self) -> str:
        """Where the draft is written."""
        return f"/appeals/{self.appeal.ref}/draft"


@pytest.fixture
def desk(sqlite_portal: House) -> Desk:
    with unit_of_work():
        shop = make.a_shop()
        owner = make.a_person("merchant_owner", shop)
        first, second = make.a_person("reviewer", name="周岚"), make.a_person("reviewer", name="陈立")
        appeal = make.a_draft(make.a_penalty(shop), make.actor(owner, shop))
    return Desk(sqlite_portal, shop, owner, (first, second), appeal)


def test_a_page_that_comes_back_as_it_was_left_looks_what_was_saved_since(desk: Desk, window: Open) -> None:
    page = window(desk.house, desk.owner).open(desk.path)
    with unit_of_work():
        desk.now.draft_rev += 1  # as the check page does, to which the browser goes forth and from which it comes back
    statement(page).fill(TYPED)
    back = "() => window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    with page.expect_navigation():
        page.evaluate(back)
    expect(statement(page)).to_have_value(TYPED)
    press(page, "下一步")
    expect(page.locator("main button.seal")).to_be_visible()
    assert desk.now.statement == TYPED


def statement(page: Page) -> Locator:
    """The field that matters most."""
    return page.get_by_label("申诉说明")


def saved(page: Page) -> None:
    """Wait until the server has it."""
    expect(page.locator("#autosave")).to_contain_text("已自动保存")


def test_what_was_typed_last_survives_a_closed_tab(desk: Desk, window: Open) -> None:
    seen = window(desk.house, desk.owner)
    statement(seen.open(desk.path)).fill(TYPED)
    seen.page.close()
    page = seen.page = seen.tab()
    seen.open(desk.path)
    expect(statement(page)).to_have_value(TYPED)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text(TYPED)).to_be_visible()
    assert desk.now.statement == TYPED


def test_a_session_that_ends_meanwhile_costs_nothing(desk: Desk, window: Open, now: Clock) -> None:
    seen = window(desk.house, desk.owner)
    seen.expected = ("status of 401", "Error Code 401")
    page = seen.open(desk.path)
    # A picture still on its way would count as a sign of life after the hour.
    page.wait_for_load_state("networkidle")
    now.at += MERCHANT_IDLE + timedelta(minutes=1)
    statement(page).fill(TYPED)
    with page.expect_response(lambda answer: answer.status == 401):
        statement(page).blur()
    expect(statement(page)).to_have_value(TYPED)
    expect(page.get_by_role("link", name="登录").first).to_be_visible()
    seen.context.add_cookies([desk.house.key_of(desk.owner)])
    page.reload()
    expect(statement(page)).to_have_value(TYPED)
    statement(page).blur()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text(TYPED)).to_be_visible()
    assert desk.now.statement == TYPED


def test_a_lost_network_is_said_and_made_up_for(desk: Desk, window: Open) -> None:
    seen = window(desk.house, desk.owner)
    seen.expected = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    page = seen.open(desk.path)
    seen.context.set_offline(True)
    statement(page).fill(TYPED)
    statement(page).blur()
    expect(page.locator("#net")).to_contain_text("网络断开")
    assert desk.now.statement != TYPED
    with page.expect_response(lambda answer: answer.ok and answer.request.method == "POST"):
        seen.context.set_offline(False)
    expect(page.locator("#net")).not_to_contain_text("网络断开")
    assert desk.now.statement == TYPED


def test_two_windows_on_one_draft_show_both_texts(desk: Desk, window: Open) -> None:
    seen = window(desk.house, desk.owner)
    seen.expected = ("status of 409", "Error Code 409")
    late, early = seen.open(desk.path), seen.tab()
    early.goto(desk.house.url + desk.path)
    statement(early).fill(OTHER)
    with early.expect_response(lambda answer: answer.ok and answer.request.method == "POST"):
        statement(early).blur()
    statement(late).fill(TYPED)
    with late.expect_response(lambda answer: answer.status == 409):
        statement(late).blur()
    expect(statement(late)).to_have_value(TYPED)
    assert desk.now.statement == OTHER
    late.get_by_role("button", name="下一步").click()
    expect(late.get_by_role("alert").filter(has_text=OTHER)).to_be_visible()
    expect(statement(late)).to_have_value(TYPED)


def test_a_reviewer_decides_with_the_keyboard_alone(desk: Desk, window: Open) -> None:
    with unit_of_work():
        make.file_it(desk.now, make.actor(desk.owner, desk.shop))
    page = window(desk.house, desk.reviewers[0]).open("/review")
    page.keyboard.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator("#ruling-title")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("input[value=rejected]")).to_be_checked()
    go_to(page, "select[name=reason_rejected]")
    with page.expect_response(lambda answer: "words" in answer.url):
        page.keyboard.press("ArrowDown")
    go_to(page, "textarea[name=words_rejected]")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("您提交的材料不能证明包裹已经交付。")
    for number in range(page.locator("select[name^=exhibit_]").count()):
        go_to(page, f"select[name^=exhibit_] >> nth={number}")
        page.keyboard.press("ArrowDown")
    go_to(page, "textarea[name=findings]")
    page.keyboard.insert_text(FINDINGS)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".says .note.good")).to_contain_text(desk.appeal.ref)
    assert (desk.now.status, desk.now.outcome) == ("completed", "rejected")


def go_to(page: Page, selector: str) -> None:
    """Tab onwards until the focus is there; at most once around."""
    for _ in range(80):
        if page.locator(selector).evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {selector}")


def ruling(page: Page) -> Locator:
    """Fill in a whole rejection."""
    page.locator("label.of-rejected").click()
    with page.expect_response(lambda answer: "words" in answer.url):
        page.locator("select[name=reason_rejected]").select_option("R01")
    page.locator("textarea[name=words_rejected]").fill("您提交的材料不能证明包裹已经交付。")
    for choice in page.locator("select[name^=exhibit_]").all():
        choice.select_option("rejected")
    page.locator("textarea[name=findings]").fill(FINDINGS)
    return page.locator("button.for-rejected").last


def test_a_decision_waits_for_the_draft_on_its_way(desk: Desk, window: Open) -> None:
    with unit_of_work():
        make.file_it(desk.now, make.actor(desk.owner, desk.shop))
    page = window(desk.house, desk.reviewers[0]).open("/review")
    page.locator("table.q button").first.click()
    expect(page.locator("#ruling-title")).to_be_visible()
    held: list[Route] = []
    page.route("**/draft", lambda route: held.append(route))
    with page.expect_request("**/draft"):
        button = ruling(page)
    button.click()
    assert desk.now.status == "under_review"
    held[0].continue_()
    expect(page.locator(".says .note.good")).to_contain_text(desk.appeal.ref)
    assert (desk.now.status, desk.now.outcome) == ("completed", "rejected")


@pytest.mark.parametrize("arrives", [True, False])
def test_going_on_waits_for_the_draft_on_its_way(desk: Desk, window: Open, arrives: bool) -> None:
    seen = window(desk.house, desk.owner)
    seen.expected = () if arrives else ("ERR_FAILED", "htmx:sendError", "htmx:afterRequest")
    page = seen.open(desk.path)
    slow = Slow(page, arrives)
    statement(page).fill(OTHER)
    slow.leave(statement(page))
    statement(page).fill(f"{TYPED}\n{OTHER}")
    press(page, "下一步")
    slow.end()
    expect(page.locator("main button.seal")).to_be_visible()
    assert desk.now.statement == f"{TYPED}\n{OTHER}"


class Slow:
    """The first draft that saves itself: it reaches the server, if at all, long before its answer comes back."""

    def __init__(self, page: Page, arrives: bool = True) -> None:
        self.page, self.arrives = page, arrives
        self.held: list[Route] = []
        self.answers: list[APIResponse] = []
        page.route("**/draft", self._first)

    def _first(self, route: Route) -> None:
        if self.held or "hx-request" not in route.request.headers:
            route.continue_()
            return
        self.held.append(route)
        if self.arrives:
            self.answers.append(route.fetch())

    def leave(self, field: Locator) -> None:
        """Leave the field, and wait until the server has what stands there."""
        field.blur()
        while len(self.held) + len(self.answers) < 1 + self.arrives:
            self.page.wait_for_timeout(20)

    def end(self) -> None:
        """Let the answer come back, or the connection break."""
        if self.arrives:
            self.held[0].fulfill(response=self.answers[0])
        else:
            self.held[0].abort()


def test_giving_a_case_back_waits_for_the_draft_on_its_way_and_for_the_rest(desk: Desk, window: Open) -> None:
    with unit_of_work():
        make.file_it(desk.now, make.actor(desk.owner, desk.shop))
    page = window(desk.house, desk.reviewers[0]).open("/review")
    page.locator("table.q button").first.click()
    page.locator("label.of-rejected").click()
    findings = page.locator("textarea[name=findings]")
    with page.expect_response("**/draft"):
        findings.fill(TYPED)
        findings.blur()
    slow = Slow(page)
    findings.fill(OTHER)
    slow.leave(findings)
    findings.fill(FINDINGS)
    press(page, "释放")
    slow.end()
    expect(page.locator("#ruling-title")).not_to_be_visible()
    end_reading()
    (seat,) = session().query(Review)
    assert (seat.state, seat.draft["findings"]) == ("queued", FINDINGS)


def test_a_faster_colleague_is_named_in_place_and_the_text_stays(desk: Desk, window: Open, now: Clock) -> None:
    with unit_of_work():
        appeal = make.file_it(desk.now, make.actor(desk.owner, desk.shop))
    slow = window(desk.house, desk.reviewers[0])
    slow.expected = ("status of 409", "Error Code 409")
    page = slow.open("/review")
    page.locator("table.q button").first.click()
    expect(page.locator("#ruling-title")).to_be_visible()
    button = ruling(page)
    now.at += review.CLAIM_LEASE + timedelta(minutes=1)
    other = make.actor(desk.reviewers[1])
    with unit_of_work():
        appeal = session().merge(appeal)
        seat = make.a_seat(appeal, other, now.at)
        appeals.actions.decide(appeal, seat, verdict=make.a_verdict(appeal, "upheld"), by=other, at=now.at)
    button.click()
    expect(page.get_by_role("region", name="作出决定").get_by_role("alert")).to_contain_text("陈立")
    expect(page.locator("textarea[name=findings]")).to_have_value(FINDINGS)
    assert desk.now.outcome == "upheld"
