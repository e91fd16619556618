"""One readable stream: every line with the name of the part it comes from."""

import os
import sys
from pathlib import Path
from typing import TextIO

COLOURS = {"portal": 1, "redis": 31, "web": 36, "worker": 35, "schedule": 33}
WIDTH = max(map(len, COLOURS))


class Stream:
    """Writes lines with a prefix, coloured on a terminal; `closed` once nobody reads any more."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self.out = out
        self.coloured = out.isatty() and "NO_COLOR" not in os.environ
        self.closed = False

    def show(self, name: str, line: str) -> None:
        """Write one line of a part."""
        prefix = f"{name:<{WIDTH}} |"
        if self.coloured:
            prefix = f"\x1b[{COLOURS.get(name, 0)}m{prefix}\x1b[0m"
        self.write(f"{prefix} {line}\n")

    def say(self, line: str) -> None:
        """Write one line of the launcher itself."""
        self.show("portal", line)

    def write(self, text: str) -> None:
        """Write at once; a reader that has gone away is remembered instead of raised."""
        if self.closed:
            return
        try:
            self.out.write(text)
            self.out.flush()
        except OSError:
            self.closed = True
            with Path(os.devnull).open("w") as nowhere:  # what is still buffered must not fail again at exit
                os.dup2(nowhere.fileno(), self.out.fileno())
