"""A PostgreSQL of our own for the tests: a throwaway cluster on a unix socket, or the one TEST_DATABASE_URL names."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

PLACES = "/usr/lib/postgresql/*/bin"
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=300",
    "shared_buffers=128MB",
)
"""Fast rather than safe, and nothing that runs when it likes."""


def binaries() -> Path | None:
    """The folder with initdb and postgres: PG_BIN, the path, or where Debian puts them."""
    candidates = [os.environ.get("PG_BIN", ""), *map(str, sorted(Path("/").glob(PLACES.lstrip("/")), reverse=True))]
    candidates += ["/opt/homebrew/bin", "/usr/local/bin"]
    found = shutil.which("initdb")
    if found:
        candidates.insert(1, str(Path(found).parent))
    for place in candidates:
        if place and (Path(place) / "initdb").exists() and (Path(place) / "postgres").exists():
            return Path(place)
    return None


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of a running server's `postgres` database; the server is gone afterwards."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    place = binaries()
    if place is None:
        raise RuntimeError("PostgreSQL is missing: install it with `apt-get install postgresql`, or set PG_BIN.")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = _user(folder)
    how = ("-A", "trust", "-U", "recourse", "-E", "UTF8", "--locale=C", "--no-sync")
    subprocess.run(
        [place / "initdb", *how, "-D", folder / "data"], check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder
    )
    settings = (*SETTINGS, f"unix_socket_directories={folder}")
    run = [place / "postgres", "-D", folder / "data", *(word for one in settings for word in ("-c", one))]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=log, user=user, cwd=folder)
    try:
        url = f"postgresql://recourse@/postgres?host={folder}"
        _wait(url, server)
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # ends open sessions; SIGTERM would wait for them
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _user(folder: Path) -> str | None:
    """The account to run it as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return user


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None:
                raise
            time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start")
