"""Serves what is measured, as `portal serve` would: `python -m bench.served portal` or `python -m bench.served hello`.

The portal's clock starts at the data's noon. "hello" is the smallest Flask view under the same server, settings and
all: what a page costs is said as a multiple of it.
"""

import gc
import sys
import time
from datetime import timedelta

from flask import Flask

from bench.fill import NOON
from portal import clock
from portal.cli.launcher import acts
from portal.config import Config

hello = Flask("hello")


@hello.get("/")
def greet() -> str:
    """Say hello."""
    return "hello"


def main(what: str) -> None:
    """Serve until asked to stop."""
    began = time.monotonic()
    clock.now = lambda: NOON + timedelta(seconds=time.monotonic() - began)
    if what == "hello":
        acts._app = lambda: hello  # noqa: SLF001 - the same server must serve both
    gc.collect()
    gc.freeze()
    acts.web(Config.from_environment())


if __name__ == "__main__":
    main(sys.argv[1])
