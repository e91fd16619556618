"""No evidence is lost once acknowledged, whenever the process that took it dies."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.evidence.store import Store

UPLOADER = Path(__file__).with_name("uploader.py")
KILLS = 20


def test_every_acknowledged_upload_survives_twenty_kills_intact(tmp_path: Path):
    dice, acknowledged = random.Random(7), {}
    with _uploader(tmp_path) as uploader:
        for _round in range(KILLS):
            acknowledged |= _round_of_uploads(uploader, dice.uniform(0.02, 0.3))
    store = Store(tmp_path / "evidence")
    assert len(acknowledged) > KILLS
    assert {sha256 for sha256, size in acknowledged.items() if store.fault(sha256, size)} == set()
    with sqlite3.connect(tmp_path / "recourse.db") as rows:
        named = {
            row[0]
            for row in rows.execute("SELECT f.sha256 FROM stored_file f JOIN evidence_item i ON i.file_id = f.id")
        }
    rows.close()
    assert set(acknowledged) <= named
    assert {sha256 for sha256 in named if not store.path(sha256).exists()} == set()
    store.clear_arrivals()
    assert list(store.arriving.iterdir()) == []


def _round_of_uploads(uploader: "subprocess.Popen[str]", seconds: float) -> dict[str, int]:
    """Let one process upload for so long after its first acknowledgement, kill it, and say what it acknowledged."""
    assert uploader.stdin is not None
    assert uploader.stdout is not None
    uploader.stdin.write("go\n")
    uploader.stdin.flush()
    pid = int(uploader.stdout.readline().split()[1])
    lines = [uploader.stdout.readline()]
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    lines += list(iter(uploader.stdout.readline, "dead\n"))
    assert all(lines), "the uploader itself died"
    return {sha256: int(size) for sha256, size in (line.split() for line in lines)}


@contextmanager
def _uploader(folder: Path) -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, UPLOADER, folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as uploader:
        yield uploader
        assert uploader.stdin is not None
        uploader.stdin.close()
        assert uploader.wait(timeout=10) == 0
