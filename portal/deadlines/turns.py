"""Whose turn it is: one sweep at a time, and none while a calendar is published."""

from sqlalchemy import text

from portal.db import dialect, session

ONE_SWEEP = 0x5EED


def take_turn() -> bool:
    """Whether this unit may sweep: one at a time does, the others have nothing to do.

    The cases are locked before their deadlines, as in every other verb, so the deadlines themselves are no queue to
    take from: two sweeps at once would only wait for each other.
    """
    if dialect().name == "sqlite":
        return True
    return bool(session().scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": ONE_SWEEP}))


def await_turn() -> bool:
    """The same for a unit that no other one does in its place: it waits until no sweep is at work."""
    if dialect().name != "sqlite":
        session().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_SWEEP})
    return True
