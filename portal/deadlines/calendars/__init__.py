"""The calendars by which days are counted: readable files, stored as immutable versions."""

from portal.deadlines.calendars.files import read
from portal.deadlines.calendars.versions import (
    calendar,
    calendar_for,
    init_app,
    later_versions,
    load_calendars,
    newest_calendar,
    outdated,
)

__all__ = [
    "calendar",
    "calendar_for",
    "init_app",
    "later_versions",
    "load_calendars",
    "newest_calendar",
    "outdated",
    "read",
]
