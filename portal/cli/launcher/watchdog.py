"""Ends every part when the launcher is gone, even if it was killed with -9.

Runs as a process of its own, in its own session. Its standard input is a pipe whose other end only the launcher holds:
a line `+GROUP` says that a process group has begun, `-GROUP` that it has ended. At the end of the input each group
that is left is asked to stop, then killed. Run as a plain file, so that it imports nothing of the portal.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress

GRACE = 3.0


def living(groups: Iterable[int]) -> set[int]:
    """Those groups that still have a process."""
    return {group for group in groups if send(group, 0)}


def send(group: int, number: int) -> bool:
    """Signal a whole process group; False when nobody is left in it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def end(groups: set[int], grace: float) -> None:
    """Ask every group to stop, wait at most `grace` seconds, kill what is left."""
    for group in groups:
        send(group, signal.SIGTERM)
    until = time.monotonic() + grace
    while (left := living(groups)) and time.monotonic() < until:
        time.sleep(0.05)
    for group in left:
        send(group, signal.SIGKILL)


def watch(lines: Iterable[str]) -> set[int]:
    """Follow the launcher to its end; the groups that it leaves behind."""
    groups: set[int] = set()
    for line in lines:
        number = int(line[1:])
        if line.startswith("+"):
            groups.add(number)
        else:
            groups.discard(number)
    return groups


if __name__ == "__main__":
    with suppress(OSError), open("/proc/self/comm", "w") as name:  # noqa: PTH123 - pathlib takes longer than the rest
        name.write("portal watchdog")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    end(watch(sys.stdin), GRACE)
