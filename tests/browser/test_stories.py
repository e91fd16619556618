"""The whole story in Chromium, as in the help article: with scripts on both databases, and without any."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask_security import hash_password
from playwright.sync_api import Page, expect

from jobs.sweep import sweep
from portal.accounts.models import Person, Shop
from portal.appeals.models import Appeal
from portal.db import end_reading, session, unit_of_work
from tests import make, samples
from tests.browser.conftest import House, Open, Window, press
from tests.conftest import Clock

PASSWORD = "a quiet river at night"
STATEMENT = "12 笔订单的包裹于当天 17:10 由快递网点上门揽收，底单和监控录像附后，并非没有发货。"
FINDINGS = "补充的揽收清单盖有网点章，列出全部 12 个运单号，时间早于处罚认定的时间，可以证明包裹已经交给快递。"
TRACE, RECEIPT, LETTER = "#slot-tracking_trace", "#slot-carrier_receipt", "#slot-carrier_statement"


@dataclass
class Cast:
    """Who plays: a shop with a penalty, its owner, a reviewer."""

    house: House
    shop: Shop
    owner: Person
    reviewer: Person

    @property
    def appeal(self) -> Appeal:
        """The one appeal, as it is now."""
        end_reading()
        return session().query(Appeal).one()


def a_cast(house: House) -> Cast:
    """Make them."""
    with unit_of_work():
        shop = make.a_shop()
        make.a_penalty(shop)
        secret = hash_password(PASSWORD)
        owner = make.a_person("merchant_owner", shop, name="林岚", email="merchant@people.example", password=secret)
        reviewer = make.a_person("reviewer", name="周岚", email="reviewer@people.example", password=secret)
    return Cast(house, shop, owner, reviewer)


@pytest.fixture
def cast(portal: House) -> Cast:
    """On each database."""
    return a_cast(portal)


@pytest.fixture
def sqlite_cast(sqlite_portal: House) -> Cast:
    """On SQLite alone."""
    return a_cast(sqlite_portal)


def sign_in(window: Window, person: Person) -> Page:
    """As people do."""
    page = window.open("/sign-in")
    page.get_by_label("邮箱").fill(person.email)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("好")
    return page


def upload(page: Page, slot: str, *files: object, scripts: bool = True) -> None:
    """Choose files for one line of the checklist, and send them."""
    for file in files if not scripts else [list(files)]:
        page.locator(f"{slot} input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        if not scripts:
            page.locator(f"{slot} form.drop button").click()
    expect(page.locator(f"{slot} .files a")).to_have_count(len(files))


def file_it(page: Page, *, scripts: bool) -> None:
    """From the first page to the receipt."""
    page.get_by_role("link", name="开始申诉").first.click()
    page.get_by_role("button", name="开始申诉").click()
    upload(page, TRACE, samples.PHOTOGRAPH, samples.DOCUMENT, scripts=scripts)
    page.get_by_label("认定的事实有误").check()
    page.get_by_label("申诉说明").fill(STATEMENT)
    if not scripts:  # each file reloads the page, and nothing that was typed is to be lost by it
        press(page, "保存并留在本页", scripts=scripts)
    upload(page, RECEIPT, samples.DRAWING, samples.CAT, scripts=scripts)
    upload(page, LETTER, samples.FILM, scripts=scripts)
    expect(page.get_by_label("申诉说明")).to_have_value(STATEMENT)
    press(page, "下一步", scripts=scripts)
    expect(page.get_by_text(STATEMENT)).to_be_visible()
    confirm(page)


def confirm(page: Page) -> None:
    """Two ticks, and the one irreversible step."""
    expect(page.locator("main button.seal")).to_be_visible()
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.locator("main button.seal").click()
    expect(page.locator("#done")).to_be_visible()


def claim(page: Page) -> None:
    """The most urgent case of the queue."""
    page.get_by_role("link", name="审核队列").first.click()
    page.locator("table.q button").first.click()
    expect(page.locator("#ruling-title")).to_be_visible()


def choose(page: Page, outcome: str, reason: str) -> None:
    """A decision and its reason."""
    page.locator(f"label.of-{outcome}").click()
    page.locator(f"select[name=reason_{outcome}]").select_option(reason)
    page.locator(f"textarea[name=words_{outcome}]").fill("请按时间顺序补充其余订单的揽收清单。")


def ask(page: Page) -> None:
    """Send it back for the receipt."""
    claim(page)
    choose(page, "needs_evidence", "N02")
    page.locator("select[name=lack_carrier_receipt]").select_option("incomplete")
    page.locator("input[name=note_lack_carrier_receipt]").fill("缺 11 笔")
    page.locator("button.for-needs_evidence").last.click()


def uphold(page: Page) -> None:
    """Decide for the merchant, exhibit by exhibit."""
    claim(page)
    choose(page, "upheld", "A01")
    for select in page.locator("select[name^=exhibit_]").all():
        select.select_option("accepted")
    page.get_by_label("认定的事实和理由").fill(FINDINGS)
    page.locator("button.for-upheld").last.click()


def the_story(cast: Cast, window: Open, now: Clock, *, scripts: bool) -> None:
    """File, under review, evidence needed, supplement, completed."""
    how = {"java_script_enabled": scripts}
    merchant = sign_in(window(cast.house, **how), cast.owner)
    file_it(merchant, scripts=scripts)
    assert cast.appeal.status == "under_review"
    desk = sign_in(window(cast.house, **how), cast.reviewer)
    ask(desk)
    expect(desk.locator(".says .note.good")).to_contain_text(cast.appeal.ref)
    assert cast.appeal.status == "needs_evidence"
    merchant.goto(cast.house.url)
    merchant.get_by_role("link", name="补充举证").first.click()
    expect(merchant.get_by_text("缺 11 笔")).to_be_visible()
    upload(
        merchant,
        RECEIPT,
        {"name": "揽收清单（1）.jpg", "mimeType": "image/jpeg", "buffer": samples.photo()},
        scripts=scripts,
    )
    merchant.get_by_role("button", name="下一步").click()
    confirm(merchant)
    desk.goto(cast.house.url)
    uphold(desk)
    expect(desk.locator(".says .note.good")).to_contain_text(cast.appeal.ref)
    assert (cast.appeal.status, cast.appeal.outcome) == ("completed", "upheld")
    merchant.goto(f"{cast.house.url}/appeals?tab=completed")
    merchant.get_by_role("link", name="查看结果").first.click()
    expect(merchant.get_by_role("heading", level=1)).to_have_text("申诉成立")
    expect(merchant.get_by_text(FINDINGS)).to_be_visible()
    merchant.get_by_role("link", name="消息").first.click()
    expect(merchant.locator(".list li")).to_have_count(5)


def test_the_whole_story_on_each_database(cast: Cast, window: Open, now: Clock) -> None:
    the_story(cast, window, now, scripts=True)


def test_the_whole_story_without_scripts(sqlite_cast: Cast, window: Open, now: Clock) -> None:
    the_story(sqlite_cast, window, now, scripts=False)


def test_what_is_not_supplemented_closes_by_itself(sqlite_cast: Cast, window: Open, now: Clock) -> None:
    with unit_of_work():
        by, reviewer = make.actor(sqlite_cast.owner, sqlite_cast.shop), make.actor(sqlite_cast.reviewer)
        appeal = make.ask_for_evidence(make.an_appeal(sqlite_cast.shop, by), reviewer)
    now.at = appeal.due_at + timedelta(minutes=5)
    sweep(now.at)
    page = window(sqlite_cast.house, sqlite_cast.owner).open(f"/appeals/{appeal.ref}")
    expect(page.get_by_role("heading", level=1)).to_have_text("逾期关闭")
    page.get_by_role("link", name="消息").first.click()
    expect(page.locator(".list li.unread").first).to_contain_text("逾期关闭")
