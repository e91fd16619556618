"""Where an uploaded file waits between the page that shows what it would change and the word to go on."""

import hashlib
import os
import re
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

WAITS = timedelta(hours=24)
MARK = re.compile(r"[0-9a-f]{64}")


def put(content: bytes, *, at: datetime) -> str:
    """Keep the file and give back its SHA-256, by which it is found; what has waited too long is cleared away."""
    folder, mark = _folder(), hashlib.sha256(content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder, at)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="arriving-", delete=False) as arriving:
        arriving.write(content)
        arriving.flush()
        os.fsync(arriving.fileno())
    Path(arriving.name).replace(folder / mark)
    return mark


def content_of(mark: str) -> bytes | None:
    """The file that waits under this mark, empty if it was used; None if it was never there or waited too long."""
    if not MARK.fullmatch(mark):
        return None
    try:
        return (_folder() / mark).read_bytes()
    except FileNotFoundError:
        return None


def discard(mark: str) -> None:
    """The file was used: nothing of it is kept but the mark, so that a second use finds it empty."""
    (_folder() / mark).write_bytes(b"")


def _clear(folder: Path, at: datetime) -> None:
    for old in folder.iterdir():
        if old.stat().st_mtime < (at - WAITS).timestamp():
            old.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "imports"
