"""The portal as `make run` starts it, from an empty folder: web server, worker, Valkey and demo; a story in it."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.demo import PASSWORD
from tests import make
from tests.browser.conftest import Open
from tests.browser.test_stories import FINDINGS, STATEMENT, choose, confirm
from tests.faults.running import Running, eventually, left_behind


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """The launcher with all its parts; when the test is over, none may be left."""
    started = Running(tmp_path / "data")
    assert started.says("The portal is at"), started.lines
    assert started.answers()
    yield started
    started.end()
    assert eventually(lambda: not left_behind(started.folder), 10)


class Served:
    """Where the portal is, for a window."""

    def __init__(self, url: str) -> None:
        self.url = url


def sign_in(page: Page, name: str) -> Page:
    """As one of the people whom the launcher names."""
    page.get_by_label("邮箱").fill(f"{name}@demo.example")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("好")
    return page


def fill_slots(page: Page, shade: int) -> None:
    """A picture in each line of the checklist."""
    for number, slot in enumerate(page.locator("section.slot").all()):
        name = f"证据{shade}-{number}.jpg"
        picture = make.a_picture((shade, number * 9, 40)).getvalue()
        slot.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": picture})
        expect(page.get_by_role("link", name=name)).to_be_visible()


def subjects(folder: Path) -> list[str]:
    """Of the mails that were sent, as files."""
    return [str(message_from_bytes(mail.read_bytes(), policy=policy.SMTP)["Subject"]) for mail in folder.glob("*.eml")]


def claim(page: Page, url: str) -> None:
    """This case."""
    page.goto(url)
    page.locator("button[data-key=c]").last.click()
    expect(page.locator("#ruling-title")).to_be_visible()


def test_an_appeal_is_heard_in_the_portal_as_it_is_started(running: Running, window: Open) -> None:
    url = f"http://127.0.0.1:{running.port}"
    house = Served(url)
    merchant = sign_in(window(house).open("/"), "merchant")
    merchant.get_by_role("link", name="开始申诉").first.click()
    merchant.get_by_role("button", name="开始申诉").click()
    fill_slots(merchant, 10)
    merchant.locator("input[name=ground]").first.check()
    merchant.get_by_label("申诉说明").fill(STATEMENT * 2)
    merchant.get_by_role("button", name="下一步").click()
    confirm(merchant)
    ref = merchant.url.split("/appeals/")[1].partition("/")[0]
    desk = sign_in(window(house).open("/"), "reviewer")
    claim(desk, f"{url}/review/appeals/{ref}")
    choose(desk, "needs_evidence", "N02")
    desk.locator("select[name^=lack_]").first.select_option("incomplete")
    desk.locator("input[name^=note_lack_]").first.fill("缺 11 笔")
    desk.locator("button.for-needs_evidence").last.click()
    expect(desk.locator(".says .note.good")).to_contain_text(ref)
    merchant.goto(f"{url}/appeals/{ref}/supplement")
    fill_slots(merchant, 90)
    merchant.get_by_role("button", name="下一步").click()
    confirm(merchant)
    claim(desk, f"{url}/review/appeals/{ref}")
    choose(desk, "upheld", "A01")
    for select in desk.locator("select[name^=exhibit_]").all():
        select.select_option("accepted")
    desk.get_by_label("认定的事实和理由").fill(FINDINGS)
    desk.locator("button.for-upheld").last.click()
    expect(desk.locator(".says .note.good")).to_contain_text(ref)
    merchant.goto(f"{url}/appeals/{ref}")
    expect(merchant.get_by_role("heading", level=1)).to_have_text("申诉成立")
    assert eventually(lambda: any("申诉成立" in mail for mail in subjects(running.folder / "mail")))
