"""Calendars whose next year is not known yet, and the notice by which it becomes known."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal import deadlines
from portal.db import end_reading, unit_of_work
from portal.deadlines.calendars.versions import FOLDER

NOTICE = datetime(2026, 12, 30, 4, 0, tzinfo=UTC)
"""When the holidays of 2027 become known in these tests."""

NEW_YEAR = {"on": "2027-01-01", "open": False, "zh": "元旦", "en": "New Year's Day"}
MAKE_UP = {"on": "2027-01-02", "open": True, "zh": "调休上班", "en": "Make-up working day"}


def write_2027(folder: Path, code: str = "CN", **values: Any) -> None:
    """The file of this calendar with the notice for 2027, or with other values in its place."""
    path = folder / f"{code}.json"
    shutil.copy(FOLDER / path.name, path)
    path.write_text(json.dumps(json.loads(path.read_text()) | (values or {"years": [2027], "days": [NEW_YEAR]})))


@contextmanager
def published(folder: Path, code: str = "CN", at: datetime = NOTICE, **values: Any) -> Iterator[None]:
    """Publish a version of this calendar that differs from its file in these values; it is in force afterwards."""
    write_2027(folder, code, **values)
    end_reading()
    with unit_of_work():
        deadlines.load_calendars(at, folder)
        yield


def publish(folder: Path, code: str, **values: Any) -> None:
    """The same, at once."""
    with published(folder, code, **values):
        pass


def publish_2027(folder: Path, code: str = "CN") -> None:
    """The notice for 2027: the first of January is free."""
    publish(folder, code)
