"""Sends what waits in the outbox. Woken after a commit that tells somebody something, and by the schedule."""

import time
from collections.abc import Sequence
from datetime import timedelta

import structlog
from flask import current_app

from jobs import app
from portal import clock, queue
from portal.messages import ChannelError, Letter, Lines, Outcome, claim, release, settle

NAME = "jobs.deliver.run"
BATCH = 500
LONGEST_RUN = 60.0
SETTLE_EVERY = 1.0
LATEST_START = timedelta(seconds=20)
"""How far into its lease a mail may still be begun: even a slow one then ends before another drainer may claim it."""

log = structlog.get_logger(__name__)


def run() -> None:
    """Send all that is due; after a minute pass on to a fresh wake-up, so that a stop never waits long."""
    started = time.monotonic()
    with app().app_context():
        while letters := claim(clock.now(), BATCH):
            _send_batch(letters)
            if time.monotonic() - started > LONGEST_RUN:
                queue.wake_now(NAME)
                return


def _send_batch(letters: Sequence[Letter]) -> None:
    """Settle every second: a drainer that is killed repeats at most a second's mails, under the same ids."""
    latest, settled = clock.now() + LATEST_START, time.monotonic()
    outcomes: list[Outcome] = []
    with Lines(current_app.extensions["recourse.config"]) as lines:
        for number, letter in enumerate(letters):
            if clock.now() >= latest:
                release(clock.now(), letters[number:])
                break
            outcomes.append(_sent(letter, lines))
            if time.monotonic() - settled > SETTLE_EVERY:
                settle(clock.now(), outcomes)
                outcomes, settled = [], time.monotonic()
    if outcomes:
        settle(clock.now(), outcomes)


def _sent(letter: Letter, lines: Lines) -> Outcome:
    """What became of it. A letter that can't even be written waits and is given up like any other: it blocks nobody."""
    try:
        lines.send(letter)
    except ChannelError as why:
        return Outcome(letter, str(why), why.permanent)
    except Exception as why:
        log.exception("delivery.broken", id=letter.id, template=letter.template)
        return Outcome(letter, f"{type(why).__name__}: {why}")
    return Outcome(letter)
