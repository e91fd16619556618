"""A part of the running portal: one act in a process group of its own.

A part is a fork of the launcher, which has imported everything already: it starts at once and shares that memory.
"""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from portal.cli.launcher import watchdog

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY = 60.0
LONGEST_LINE = 65536
TAKEN = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


class Part:
    """What to run, its process while there is one, and when to start it again."""

    def __init__(self, name: str, act: Callable[[], None], *, unsaid: Collection[str] = ()) -> None:
        """`unsaid` are pieces of lines that are not worth showing."""
        self.name = name
        self.act = act
        self.unsaid = unsaid
        self.group = 0
        self.output = -1
        self.silent = False
        self.failures = 0
        self.due_at = 0.0
        self.code = 0
        self._ended = False
        self._began_at = 0.0
        self._rest = b""

    def start(self) -> None:
        """Fork, while no other thread runs; the child has its own session, so that Ctrl-C reaches only the launcher."""
        self.output, inner = os.pipe()
        os.set_blocking(self.output, False)
        self.group = os.fork()
        if not self.group:
            _become(self.name, self.act, inner)
        os.close(inner)
        self._began_at, self._ended, self.silent = time.monotonic(), False, False

    @property
    def started(self) -> bool:
        """Whether there is something to end or to clear away."""
        return self.group != 0

    @property
    def running(self) -> bool:
        """Whether its first process lives."""
        self._look(os.WNOHANG)
        return self.started and not self._ended

    def _look(self, options: int) -> None:
        if self.started and not self._ended:
            ended, status = os.waitpid(self.group, options)
            self._ended = ended != 0
            self.code = os.waitstatus_to_exitcode(status)

    def stop(self) -> None:
        """Ask the first process to stop; it tells its own children."""
        if self.running:
            os.kill(self.group, signal.SIGTERM)

    def finish(self) -> tuple[str, list[str]]:
        """Kill what is left of the group: children outlive a killed parent; how it ended, and its last lines."""
        watchdog.send(self.group, signal.SIGKILL)
        self._look(0)
        lines = self.read()
        if self._rest:
            lines.append(self._rest.decode(errors="replace"))
        os.close(self.output)
        self.group, self._rest = 0, b""
        how = f"was ended by {signal.Signals(-self.code).name}" if self.code < 0 else f"ended with code {self.code}"
        return how, lines

    def postpone(self) -> float:
        """Count a failure; the seconds until the next try, doubling until the part has been steady for a while."""
        now = time.monotonic()
        self.failures = 1 if now - self._began_at > STEADY else self.failures + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (self.failures - 1))
        self.due_at = now + pause
        return pause

    def read(self) -> list[str]:
        """The complete lines printed since the last call; `silent` once nobody can print any more."""
        try:
            while piece := os.read(self.output, LONGEST_LINE):
                self._rest += piece
            self.silent = True
        except BlockingIOError:
            pass
        *lines, self._rest = self._rest.split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            lines, self._rest = [*lines, self._rest], b""
        texts = (line.decode(errors="replace").rstrip("\r") for line in lines)
        return [text for text in texts if not any(piece in text for piece in self.unsaid)]


def _become(name: str, act: Callable[[], None], output: int) -> NoReturn:
    """The child's life. It keeps no pipe of the launcher: the watchdog's must close when the launcher dies."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in TAKEN:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        sys.stdout = sys.stderr = os.fdopen(1, "w", buffering=1)
        with suppress(OSError):
            Path("/proc/self/comm").write_text(f"portal {name}")  # what ps and top show
        act()
        code = 0
    except SystemExit as why:
        code = why.code if isinstance(why.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
