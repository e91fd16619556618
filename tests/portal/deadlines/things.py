"""Deadlines of a made-up thing, under the default policy or another."""

from datetime import UTC, datetime, timedelta
from typing import Any

from portal import deadlines, policies
from portal.db import end_reading, unit_of_work
from portal.deadlines import Running
from portal.deadlines.models import Deadline
from portal.policies import Spec

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai, on an ordinary Monday."""

THREE_DAYS = Spec("calendar_days", 3)
DUE = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
"""The end of Thursday in Shanghai."""

SWEPT = DUE + timedelta(seconds=10)


def version_of(code: str = "douyin") -> int:
    """The id of this policy's version in force."""
    return policies.current(code, MONDAY).id


def a_deadline(key: int = 1, *, code: str = "douyin", **fields: Any) -> Deadline:
    """A running deadline of thing `key`, due at `DUE` unless told otherwise; to be called in a unit of work."""
    asked = {"kind": "act", "party": "merchant", "spec": THREE_DAYS, "at": MONDAY} | fields
    return deadlines.start("thing", key, policy_version_id=version_of(code), **asked)


def some_deadlines(number: int, **fields: Any) -> None:
    """Running deadlines of things 1 to `number`, committed."""
    asked = {"kind": "act", "party": "merchant", "spec": THREE_DAYS, "at": MONDAY} | fields
    with unit_of_work():
        version = version_of()
        deadlines.start_all(
            deadlines.Start("thing", key, policy_version_id=version, **asked) for key in range(1, number + 1)
        )


def held(key: int = 1) -> Deadline:
    """The deadline of thing `key`, in the open unit of work."""
    found = deadlines.latest("thing", key, "act")
    assert found is not None
    return found


def swept(key: int = 1) -> Running:
    """The deadline of thing `key` as a sweep that read it a moment ago would hand it to its verb."""
    return Running._make(getattr(held(key), name) for name in Running._fields)


def stored(key: int = 1) -> Deadline:
    """The deadline of thing `key` as the database has it now; not within a unit of work."""
    end_reading()
    return held(key)
