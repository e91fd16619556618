"""Wakes each job at its interval; what a job finds to do, the database says.

A wake-up that gets lost costs one interval; two schedules at once cost nothing, because every job is idempotent.
"""

import signal
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType

import structlog

from portal import create_app, queue
from portal.config import Config

EVERY: Mapping[str, float] = {
    "jobs.sweep.run": 30,
    "jobs.deliver.run": 10,
    "jobs.effects.run": 30,
    "jobs.checkpoint.run": 15,
    "jobs.tidy.run": 3600,
}

log = structlog.get_logger(__name__)


class Schedule:
    """When each job is due next, by a clock that only moves forward; all are due at the start."""

    def __init__(self, every: Mapping[str, float], start: float) -> None:
        self.every = every
        self.due = dict.fromkeys(every, start)

    def tick(self, clock: float, wake: Callable[[str], None]) -> float:
        """Wake what is due at `clock`; the seconds until the next. Intervals slept through are left out."""
        for job, due in self.due.items():
            if due <= clock:
                missed = (clock - due) // self.every[job]
                self.due[job] = due + (missed + 1) * self.every[job]
                wake(job)
        return min(self.due.values()) - clock


def main(config: Config) -> None:
    """Run until SIGTERM or SIGINT."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    schedule = Schedule(EVERY, time.monotonic())
    with create_app(config).app_context():
        log.info("schedule.started", jobs=len(EVERY))
        while not stopped.wait(max(0.0, schedule.tick(time.monotonic(), queue.wake_now))):
            pass
