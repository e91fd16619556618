"""Brings announced penalties into force on their day, stamped with the instant they were announced for."""

import structlog

from jobs import app
from portal import clock, penalties
from portal.db import unit_of_work

NAME = "jobs.effects.run"
BATCH = 200

log = structlog.get_logger(__name__)


def run() -> None:
    """Bring all whose day has come into force, a batch to a unit; two at once take different turns at the same rows."""
    with app().app_context():
        while take_effect() == BATCH:
            pass


def take_effect() -> int:
    """One batch; how many it was."""
    with unit_of_work():
        batch = penalties.taking_effect(clock.now(), BATCH)
        penalties.take_effect(batch)
    if batch:
        log.info("effects.done", penalties=len(batch))
    return len(batch)
