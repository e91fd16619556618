"""A real Valkey, for the tests of what goes through it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from portal.cli.launcher import acts, valkey


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Valkey on a unix socket, one per test process."""
    folder = Path("/tmp") / f"v-{tmp_path_factory.mktemp('v').parent.name}"
    folder.mkdir(exist_ok=True)
    socket = folder / "v.sock"
    server = subprocess.Popen([str(acts.valkey_program()), "--port", "0", "--unixsocket", str(socket), "--save", ""],
                              stdout=subprocess.DEVNULL, cwd=folder)  # fmt: skip
    try:
        valkey.wait(socket, lambda: server.poll() is None)
        yield f"unix://{socket}"
    finally:
        server.terminate()
        server.wait()
        socket.unlink(missing_ok=True)
        folder.rmdir()


@pytest.fixture
def redis(valkey_url: str) -> Iterator[Redis]:
    """An empty Valkey."""
    with Redis.from_url(valkey_url) as connection:
        connection.flushall()
        yield connection
