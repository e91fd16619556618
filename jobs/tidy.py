"""Clears away what nobody needs any more: files without a row, sessions that ended, counters that ran out."""

import structlog

from jobs import app
from portal import accounts, clock, evidence
from portal.db import unit_of_work

NAME = "jobs.tidy.run"

log = structlog.get_logger(__name__)


def run() -> None:
    """Clear away; nothing of it is missed by anybody, so it may fail halfway and go on next time."""
    at = clock.now()
    with app().app_context():
        with unit_of_work():
            sessions = accounts.forget_ended(at)
        files = evidence.sweep_orphans(at=at)
    log.info("tidy.done", files=files, sessions=sessions)
