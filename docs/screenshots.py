"""The pictures of the README, taken from the running portal on a fresh demo: `make screenshots`."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # a script of this folder does not see the folders beside it
from requirements.programs import chromium  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
PASSWORD = "recourse-demo"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
)


def main() -> None:
    """Start the demo, take each picture, stop it."""
    browser = chromium()
    if browser is None:
        sys.exit("Chromium is missing: install it with `apt-get install chromium`, or set CHROMIUM to its path.")
    listed = shutil.which("fc-list")
    if listed and not subprocess.run([listed, ":lang=zh"], capture_output=True, check=True).stdout:
        sys.exit("A font with Chinese signs is missing: install one, such as fonts-noto-cjk.")
    with tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{_free_port()}"
        environ = os.environ | {"DEMO": "1", "DATA_DIR": folder, "PORT": url.rpartition(":")[2]}
        portal = subprocess.Popen([ROOT / ".venv/bin/portal", "serve"], env=environ, stdout=subprocess.DEVNULL)
        try:
            _wait(url)
            with sync_playwright() as playwright:
                started = playwright.chromium.launch(executable_path=browser, args=FLAGS.split())
                page = started.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
                take(page, url)
                started.close()
        finally:
            portal.terminate()
            portal.wait(30)


def take(page: Page, url: str) -> None:
    """Every picture, as the person who sees it."""
    OUT.mkdir(exist_ok=True)
    sign_in(page, url, "merchant@demo.example")
    page.goto(f"{url}/appeals")
    page.screenshot(path=OUT / "appeals.png")
    page.context.clear_cookies()
    sign_in(page, url, "reviewer@demo.example")
    page.goto(f"{url}/review?view=mine")
    page.locator("table.q tbody tr a.strong").first.click()
    page.wait_for_selector(".work")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=OUT / "queue.png")


def sign_in(page: Page, url: str, email: str) -> None:
    """Sign in by the form."""
    page.goto(f"{url}/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{url}/")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(url: str) -> None:
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"{url}/sign-in", timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit("The portal did not start.")


if __name__ == "__main__":
    main()
