"""The only reader of the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC, with microseconds."""
    return datetime.now(UTC)
