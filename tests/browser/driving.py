"""A real browser on the real portal, over real HTTP."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from portal import Portal
from portal.accounts.models import Person

FLAGS = [
    f"--{flag}"
    for flag in (
        *("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"),
        *("disable-component-update", "disable-sync"),
    )
]


class Quiet(WSGIRequestHandler):
    """A request handler that keeps the test's output to itself."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""


@contextmanager
def served(app: Portal) -> Iterator[str]:
    """The portal's address while it is served by threads."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    server.daemon_threads = False  # a film that is still being sent is ended, not left behind
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, headless; a missing one is said in a sentence."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise RuntimeError("Chromium is missing: install it with `apt-get install chromium`, or set CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def seat(browser: Browser, app: Portal, url: str, person: Person, **settings: object) -> Page:
    """A page in a window of its own in which the person is signed in."""
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update({"_user_id": person.fs_uniquifier, "_fresh": True, "fs_cc": "set"})
    context = browser.new_context(**{"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}, **settings})
    for name in (app.config["SESSION_COOKIE_NAME"], "session"):
        cookie = client.get_cookie(name)
        if cookie is not None:
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
            break
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page
