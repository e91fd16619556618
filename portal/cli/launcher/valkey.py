"""The embedded Valkey: on a unix socket, for this portal alone."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from portal.cli.launcher.checks import BAD_PART, Unready

PATIENCE = 10.0


def clear(folder: Path, socket: Path, say: Callable[[str], None]) -> None:
    """Make the folders; take away a socket that an earlier run left, ending a Valkey that still answers on it.

    Call it only while holding the data folder's lock: then whatever is there is nobody's.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if socket.parent.stat().st_uid != os.getuid():
        raise Unready(
            BAD_PART, f"{socket.parent} belongs to somebody else: remove it, or give DATA_DIR a shorter path."
        )
    if not os.path.lexists(socket):
        return
    if answers(socket):
        say("A Valkey of an earlier run still answered on the socket; it was ended.")
        Redis(unix_socket_path=str(socket)).shutdown(save=False, nosave=True)
    else:
        say("A stale socket of an earlier run was removed.")
    socket.unlink(missing_ok=True)


def answers(socket: Path) -> bool:
    """Whether a server on this socket says PONG."""
    try:
        with Redis(unix_socket_path=str(socket), socket_timeout=1) as redis:
            return bool(redis.ping())
    except (RedisError, OSError):
        return False


def wait(socket: Path, lives: Callable[[], bool]) -> None:
    """Return when the server answers; `Unready` when it ends or stays silent instead."""
    until = time.monotonic() + PATIENCE
    while not answers(socket):
        if not lives() or time.monotonic() > until:
            raise Unready(
                BAD_PART, "The embedded Valkey does not start, see above; or set REDIS_URL to a Redis of yours."
            )
        time.sleep(0.02)
