"""Run on its own: for each line of input fork a portal that uploads until it is killed, and names what it acknowledged.

Forked after the imports, so that a round begins at once.
"""

import io
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from portal import Portal, create_app, evidence, hx, schema  # noqa: E402
from portal.audit import SYSTEM  # noqa: E402
from portal.config import Config  # noqa: E402
from portal.db import unit_of_work  # noqa: E402
from portal.evidence import Side  # noqa: E402
from tests import make, samples  # noqa: E402


def upload_for_ever(folder: Path) -> None:
    """Upload small pictures, no two alike, and write the hash of each whose answer was 200."""
    app = _portal(folder)
    visitor = app.test_client()
    picture = samples.DRAWING.read_bytes()[:-2]
    while True:
        content = picture + os.urandom(16).replace(b"\xff", b"\0") + b"\xff\xd9"
        answer = visitor.post("/upload", data={"file": (io.BytesIO(content), "运单.jpg")})
        if answer.status_code == 200:
            os.write(1, f"{answer.text} {len(content)}\n".encode())


def _portal(folder: Path) -> Portal:
    app = create_app(Config.from_environment({"DATA_DIR": str(folder), "DEMO": "1"}))
    app.config["WTF_CSRF_ENABLED"] = False

    @app.post("/upload")
    @evidence.takes_files
    def upload() -> Any:
        file, at = evidence.received("file"), hx.arrived_at()
        evidence.attach(Side("appeal", 1, 1), file, requirement=None, max_files=10**9, by=SYSTEM, at=at)
        return file.sha256

    return app


def prepare(folder: Path) -> None:
    """Make the database and a shop."""
    with _portal(folder).app_context():
        schema.upgrade()
        with unit_of_work():
            make.a_shop()


def main(folder: Path) -> None:
    """One round for each line; the number of the process to kill comes first."""
    if not os.fork():
        prepare(folder)
        os._exit(0)
    os.wait()
    for _line in sys.stdin:
        pid = os.fork()
        if not pid:
            upload_for_ever(folder)
        os.write(1, f"pid {pid}\n".encode())
        os.waitpid(pid, 0)
        os.write(1, b"dead\n")


main(Path(sys.argv[1]))
