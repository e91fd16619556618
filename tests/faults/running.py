"""A portal that runs as real processes, for the tests that break it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
START = (sys.executable, "-P", str(ROOT / "portal" / "__main__.py"))
"""The `portal` command, as .venv/bin/portal begins it."""
PATIENCE = 60.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def settings(folder: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of a demo portal on this folder and port."""
    ours = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
    }
    return ours | {"DATA_DIR": str(folder), "PORT": str(port), "DEMO": "1", "PYTHONPATH": str(ROOT)} | more


def left_behind(folder: Path) -> list[str]:
    """The commands of all living processes that were started for this data folder."""
    mark = f"DATA_DIR={folder}".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (place / "environ").read_bytes().split(b"\0"):
                found.append((place / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def eventually(true: object, seconds: float = PATIENCE) -> bool:
    """Whether a callable becomes true in time."""
    assert callable(true)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


class Running:
    """`portal serve`, its lines as they come, and its processes."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder, self.port = folder, int(more.pop("PORT", "0")) or free_port()
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*START, "serve"],
            env=settings(folder, self.port, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.lines.extend(lines)

    def says(self, text: str) -> bool:
        """Whether a line with this text comes in time; an end of the portal cuts the waiting short."""

        def said() -> bool:
            return any(text in line for line in self.lines)

        return eventually(lambda: said() or self.process.poll() is not None) and said()

    def answers(self) -> bool:
        """Whether a page is served in time."""
        return eventually(self._answers)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return bool(answer.status < 500)
        except urllib.error.HTTPError as why:
            return why.code < 500
        except OSError:
            return False

    def group(self, part: str) -> int:
        """The process group of a part: the launcher's child of that name."""
        called = "valkey-server" if part == "redis" else f"portal {part}"
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
                name = (place / "comm").read_text().strip()
                if int(parent) == self.process.pid and name == called:
                    return int(place.name)
        raise AssertionError(f"{part} does not run")

    def end(self, number: int = signal.SIGINT) -> int:
        """Signal the launcher and wait for its end; its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        return code
