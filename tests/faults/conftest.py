"""Processes on the same database, to be killed."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess

import pytest

from portal import Portal
from portal.db import db

FORK = multiprocessing.get_context("fork")
Start = Callable[[Callable[[], None]], BaseProcess]


@pytest.fixture
def start(app: Portal) -> Iterator[Start]:
    """Forks a process that works on the same database, with connections of its own; whatever still lives is killed."""
    started: list[BaseProcess] = []

    def begin(work: Callable[[], None]) -> BaseProcess:
        def main() -> None:
            with app.app_context():
                work()

        db.session.remove()
        db.engine.dispose()
        child = FORK.Process(target=main)
        child.start()
        started.append(child)
        return child

    yield begin
    for child in started:
        child.kill()
        child.join()


def die_by_kill(child: BaseProcess) -> None:
    child.kill()
    child.join()
    assert child.exitcode == -signal.SIGKILL
