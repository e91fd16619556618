"""A real server on the loopback, and a real Chromium that complains about whatever a person would stumble over."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from portal import Portal
from portal.accounts.models import Person
from requirements.programs import chromium
from tests import make
from tests.conftest import Clock

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text()
UNSEEN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""What Chromium draws for each window for a person who types an address: two pages, each with a process of its own."""
UNWANTED = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AimEnabled"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
)
"""What Playwright does without: said again, since Chromium heeds the last such list alone."""
FLAGS = [
    f"--{flag}"
    for flag in (
        *("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"),
        *("disable-component-update", "disable-sync", f"disable-features={','.join((*UNWANTED, *UNSEEN))}"),
    )
]
PATIENCE = 30_000
"""Milliseconds; a busy machine is slow, and nothing here measures time."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """One Chromium per test process."""
    path = chromium()
    if path is None:
        pytest.skip("Chromium is missing: install it (Debian: apt install chromium) or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Quiet(WSGIRequestHandler):
    """Says nothing about each request, and keeps connections open as a real server does."""

    protocol_version = "HTTP/1.1"

    def log(self, *_args: object) -> None:
        """Nothing."""


def whole(app: Portal) -> Callable[..., Iterator[bytes]]:
    """The app, with each answer closed whatever becomes of it.

    The test server forgets to when a browser breaks a download off; a production server does not.
    """

    def answer(environ: Any, start_response: Any) -> Iterator[bytes]:
        with closing(cast(Any, app(environ, start_response))) as pieces:
            yield from pieces

    return answer


@pytest.fixture
def serve() -> Iterator[Callable[[Portal], str]]:
    """Serves an app over HTTP on the loopback; its address."""
    servers = []

    def start(app: Portal) -> str:
        server = make_server("127.0.0.1", 0, whole(app), threaded=True, request_handler=Quiet)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def portal(app: Portal, serve: Callable[[Portal], str], now: Clock) -> "House":
    """The portal on each database, over HTTP, at a stopped clock."""
    return House(app, serve(app))


@pytest.fixture
def sqlite_portal(sqlite_app: Portal, serve: Callable[[Portal], str], now: Clock) -> "House":
    """The portal on SQLite alone."""
    return House(sqlite_app, serve(sqlite_app))


class House:
    """The app, and where it is served."""

    def __init__(self, app: Portal, url: str) -> None:
        self.app, self.url = app, url

    def key_of(self, person: Person) -> Any:
        """The cookie of a browser in which this person is signed in."""
        cookie = make.a_browser(self.app, person).get_cookie("session")
        assert cookie is not None
        return {"name": "session", "value": cookie.value, "url": self.url}


class Window:
    """A browser window whose complaints are kept: errors on the console, policy violations, answers of 500."""

    def __init__(self, context: BrowserContext, house: House, widths: tuple[int, ...]) -> None:
        self.context, self.house, self.widths = context, house, widths
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()
        self.axe = False
        self.page = self.tab()

    def tab(self) -> Page:
        """One more tab."""
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", self._said)
        page.on("requestfailed", self._failed)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("response", lambda r: self.complaints.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        return page

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _failed(self, request: Request) -> None:
        if "ERR_ABORTED" not in (why := request.failure or ""):  # what a person leaves behind is no failure
            self.complaints.append(f"{why}: {request.method} {request.url}")

    def open(self, path: str) -> Page:
        """Go to an address of the portal."""
        self.page.goto(self.house.url + path)
        return self.page

    def ills(self, *rules: str) -> list[str]:
        """What axe finds wrong with the page, or with these rules alone; what axe itself stumbles over is its own."""
        only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
        said = len(self.complaints)
        if not self.axe:
            self.page.add_init_script(AXE)  # sent once, for whatever is opened from here on
            self.page.evaluate(AXE)
            self.axe = True
        how = {"resultTypes": ["violations"], "preload": False, **only}
        found = self.page.evaluate("how => axe.run(document, how)", how)
        del self.complaints[said:]
        return [f"{ill['id']}: {node['target']}" for ill in found["violations"] for node in ill["nodes"]]

    def ills_by_night(self) -> list[str]:
        """Where the dark colours of the page that is open lack contrast."""
        self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert self.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        found = self.ills("color-contrast")
        self.page.emulate_media(color_scheme="light", reduced_motion="null")
        return found

    @property
    def stumbled_over(self) -> list[str]:
        """The complaints that were not to be expected."""
        return [said for said in self.complaints if not any(known in said for known in self.expected)]


Open = Callable[..., Window]


@pytest.fixture
def window(chrome: Browser) -> Iterator[Open]:
    """Opens windows: who is signed in, how wide, which language, light or dark, with or without scripts."""
    opened: list[Window] = []

    def new(house: House, person: Person | None = None, *, widths: tuple[int, ...] = (1440,), **how: Any) -> Window:
        settings = {"viewport": {"width": widths[0], "height": 900}, "locale": "zh-CN", **how}
        context = chrome.new_context(**settings)
        if person is not None:
            context.add_cookies([house.key_of(person)])
        opened.append(Window(context, house, widths))
        return opened[-1]

    yield new
    stumbled = [said for one in opened for said in one.stumbled_over]
    for one in opened:
        one.context.close()
    assert stumbled == []


def press(page: Page, name: str, *, scripts: bool = True) -> None:
    """Press a button; without scripts by the keyboard, since a click of the mouse can come to nothing there."""
    button = page.get_by_role("button", name=name)
    if scripts:
        button.click()
    else:
        button.press("Enter")


def sideways(page: Page, width: int = 0) -> int:
    """By how many pixels the page can be scrolled sideways, when it is this wide."""
    size = page.viewport_size
    assert size is not None
    other = width not in (0, size["width"])
    if other:
        page.set_viewport_size({"width": width, "height": size["height"]})
    over: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if other:
        page.set_viewport_size(size)
    return over
