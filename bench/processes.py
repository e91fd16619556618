"""Processes under measurement: start and stop a server, and read how much processor time it has had."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PROC = Path("/proc")
PATIENCE = 60.0


class Meter:
    """The processor time of a process and all its descendants, in seconds, threads that have ended included."""

    def __init__(self, root: int) -> None:
        self.root = root
        self.seen: dict[tuple[int, int], int] = {}

    def read(self) -> float:
        """The seconds so far, user and system."""
        for pid in _family(self.root):
            for task in _entries(PROC / str(pid) / "task"):
                try:
                    used = int((PROC / str(pid) / "task" / task / "schedstat").read_text().split()[0])
                except (OSError, IndexError):
                    continue
                self.seen[pid, int(task)] = used
        return sum(self.seen.values()) / 1e9


def _entries(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir() if entry.name.isdigit()]
    except OSError:
        return []


def _family(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for name in _entries(PROC):
        try:
            parents[int(name)] = int((PROC / name / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


@contextmanager
def serving(what: str, settings: Mapping[str, str], log: Path) -> Iterator[tuple[int, int]]:
    """Serve the portal or hello with these settings; its port and its process."""
    port = _free_port()
    with log.open("a") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "bench.served", what],
            env={**os.environ, **settings, "PORT": str(port)}, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(port, server)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start; see the log beside the data")
