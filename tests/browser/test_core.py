"""The story of an appeal in Chromium without scripts, and one that closes by itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.sweep import sweep
from portal import Portal
from portal.appeals.models import Appeal
from portal.db import end_reading, session, unit_of_work
from tests import make, samples
from tests.browser.driving import chromium, seat, served
from tests.conftest import Clock

STATEMENT = "12 笔订单的包裹于当天 17:10 由快递网点上门揽收，底单附后，并非没有发货，请求撤销处罚。"
FINDINGS = "底单盖有网点章，列明了全部十二个运单号，时间早于处罚认定的时间，足以证明包裹已经交付承运方。"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def sqlite_url(sqlite_app: Portal, now: Clock) -> Iterator[str]:
    with served(sqlite_app) as address:
        yield address


def send(page: Page) -> None:
    """Check, tick twice, send, and see the receipt."""
    page.click("button[name=next]")
    page.check("#accurate")
    page.check("#once")
    page.click("button.seal")
    expect(page.locator("#done")).to_be_visible()


def decide(page: Page, outcome: str) -> None:
    """Fill the ruling in and send it."""
    page.locator(f"label.of-{outcome}").click()
    expect(page.locator(f"input[name=outcome][value={outcome}]")).to_be_checked()
    reason = page.locator(f"select[name=reason_{outcome}]")
    reason.select_option(index=1 if reason.locator("option").count() > 1 else 0)
    page.fill(
        f"textarea[name=words_{outcome}]",
        "请补充其余订单的揽收清单。" if outcome == "needs_evidence" else "您的材料已核实。",
    )
    if outcome == "needs_evidence":
        page.select_option("select[name=lack_carrier_receipt]", index=1)
    else:
        page.fill("textarea[name=findings]", FINDINGS)
        for select in page.locator("select[name^=exhibit_]").all():
            select.select_option("accepted")
    with page.expect_response(lambda r: r.request.method == "POST" and r.url.endswith("/ruling")) as answer:
        page.locator(f"button.for-{outcome}").click()
    assert answer.value.status in (200, 303)


def a_story(app: Portal, browser: Browser, url: str, **settings: object) -> None:
    """File, be asked, supplement, be heard."""
    with unit_of_work():
        shop = make.a_shop()
        merchant, reviewer = make.a_person("merchant_owner", shop), make.a_person("reviewer")
        penalty = make.a_penalty(shop, make.NOON)
    theirs = seat(browser, app, url, merchant, **settings)
    desk = seat(browser, app, url, reviewer, **settings)
    theirs.goto(f"{url}/penalties/{penalty.ref}")
    theirs.locator("main form button", has_text="开始申诉").first.click()
    theirs.locator("input[name=ground]").first.check()
    theirs.fill("#statement", STATEMENT)
    if settings.get("java_script_enabled") is False:
        theirs.click("button[name=save]")
        theirs.goto(f"{url}/appeals")
        theirs.locator("a", has_text="继续填写").first.click()
    add_all(theirs, settings)
    send(theirs)
    end_reading()
    appeal = session().query(Appeal).one()
    judge(desk, url, appeal.ref, "needs_evidence")
    theirs.goto(f"{url}/appeals/{appeal.ref}")
    expect(theirs.locator("h1")).to_contain_text("请您补充")
    add(theirs, settings, "carrier_receipt", samples.CAT)
    send(theirs)
    judge(desk, url, appeal.ref, "upheld")
    theirs.goto(f"{url}/appeals/{appeal.ref}")
    expect(theirs.locator("h1")).to_have_text("申诉成立")
    for page in (theirs, desk):
        page.context.close()


def add(page: Page, settings: dict, key: str, *files: Path) -> None:
    """Add files one by one; without scripts each needs its button."""
    for number, file in enumerate(files, page.locator(f"#slot-{key} .file").count() + 1):
        page.set_input_files(f"#slot-{key}-file", file)
        if settings.get("java_script_enabled") is False:
            page.locator(f"#slot-{key} .drop button").click()
        expect(page.locator(f"#slot-{key} .file:not([data-local])")).to_have_count(number)


def add_all(page: Page, settings: dict) -> None:
    """A real photograph, a real PDF, and a drawn waybill."""
    add(page, settings, "tracking_trace", samples.PHOTOGRAPH, samples.DOCUMENT)
    add(page, settings, "carrier_receipt", samples.DRAWING)


def judge(desk: Page, url: str, ref: str, outcome: str) -> None:
    """Claim the case and decide it."""
    desk.goto(f"{url}/review/appeals/{ref}")
    desk.locator("button", has_text="领取").first.click()
    desk.wait_for_selector("input[name=outcome]", state="attached")
    desk.wait_for_load_state("networkidle")
    decide(desk, outcome)


def test_a_whole_appeal_without_scripts(sqlite_app: Portal, browser: Browser, sqlite_url: str) -> None:
    a_story(sqlite_app, browser, sqlite_url, java_script_enabled=False)


def test_one_that_closes_by_itself(sqlite_app: Portal, browser: Browser, sqlite_url: str, now: Clock) -> None:
    with unit_of_work():
        shop = make.a_shop()
        merchant = make.a_person("merchant_owner", shop)
        appeal = make.ask_for_evidence(
            make.an_appeal(shop, make.actor(merchant, shop)), make.actor(make.a_person("reviewer"))
        )
    now.at = appeal.due_at + timedelta(minutes=1)
    sweep(now.at)
    page = seat(browser, sqlite_app, sqlite_url, merchant)
    page.goto(f"{sqlite_url}/appeals/{appeal.ref}")
    expect(page.locator("h1")).to_have_text("逾期关闭")
    page.context.close()
