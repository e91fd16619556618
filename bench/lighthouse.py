"""What Lighthouse says of the pages a merchant lives in, on its slow phone."""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from bench import store
from bench.fill import AT, token
from bench.processes import serving
from requirements.programs import chromium

VERSION = "12.8.2"
PLACE = store.ROOT / ".cache" / "lighthouse"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
CATEGORIES = ("performance", "accessibility")


def measure(rows: int, log: Path) -> list[dict[str, Any]]:
    """The scores of the list and the form, out of 100; SystemExit says what is missing."""
    program, browser = _program(), chromium()
    if browser is None:
        raise SystemExit("Chromium is missing: install it, or leave Lighthouse out with --only pages sweep.")
    file = store.sqlite(rows)
    url = f"sqlite:///{file}"
    store.refresh(url, AT)
    with closing(sqlite3.connect(file)) as known:
        ref, shop = known.execute("SELECT ref, shop_id FROM appeal WHERE status = 'draft' LIMIT 1").fetchone()
    pages = {"list": "/appeals?tab=under_review", "form": f"/appeals/{ref}/draft"}
    with serving("portal", store.environment(url, file.parent), log) as (port, _pid):
        return [
            {"page": name, **_scores(program, browser, f"http://127.0.0.1:{port}{path}", token(shop))}
            for name, path in pages.items()
        ]


def _program() -> Path:
    program = PLACE / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("npm is missing: install Node.js, or leave Lighthouse out with --only pages sweep.")
        PLACE.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", PLACE, f"lighthouse@{VERSION}"]
        subprocess.run(command, check=True)
    return program


def _scores(program: Path, browser: str, address: str, key: str) -> dict[str, int]:
    command: list[str | Path] = [
        program, address, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={FLAGS}", "--extra-headers", json.dumps({"Cookie": f"session=~{key}"}),
    ]  # fmt: skip
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, "CHROME_PATH": browser})
    said = json.loads(done.stdout)
    if not said["finalDisplayedUrl"].startswith(address.partition("?")[0]):
        raise RuntimeError(f"Lighthouse was sent to {said['finalDisplayedUrl']}")
    return {name: round(100 * said["categories"][name]["score"]) for name in CATEGORIES}
