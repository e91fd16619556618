"""The launcher's end of the watchdog's pipe."""

import os
import subprocess
import sys
from contextlib import suppress

from portal.cli.launcher import watchdog


class Guard:
    """Keeps a watchdog posted; it holds the data folder's lock as long as a part lives."""

    def __init__(self, lock: int) -> None:
        self.lock = lock
        self.groups: set[int] = set()
        self.post()

    def post(self) -> None:
        """Start the watchdog, and tell it everything again."""
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", watchdog.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[self.lock],
        )
        for group in self.groups:
            self._tell(f"+{group}")

    def repost(self) -> bool:
        """Post a new one if the old one is gone; whether it was."""
        gone = self.process.poll() is not None
        if gone:
            self.post()
        return gone

    def began(self, group: int) -> None:
        """A part's process group is there."""
        self.groups.add(group)
        self._tell(f"+{group}")

    def ended(self, group: int) -> None:
        """Nothing is left of a process group."""
        self.groups.discard(group)
        self._tell(f"-{group}")

    def relieve(self) -> None:
        """Let the watchdog end whatever it still knows of, and wait for that."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def _tell(self, line: str) -> None:
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # a new watchdog will be told everything
            os.write(self.process.stdin.fileno(), f"{line}\n".encode())
