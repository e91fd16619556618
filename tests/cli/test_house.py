"""The house: what it does with its parts when something goes wrong on the way."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.cli.launcher import checks, watchdog
from portal.cli.launcher.house import House
from portal.cli.launcher.output import Stream
from portal.cli.launcher.parts import Part


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with checks.alone(tmp_path) as lock:
        yield House(Stream(), lock)


def gone(group: int) -> bool:
    until = time.monotonic() + 5
    while watchdog.living({group}) and time.monotonic() < until:
        time.sleep(0.01)
    return not watchdog.living({group})


def test_what_fails_meanwhile_is_raised_and_the_part_is_ended(house: House) -> None:
    part = Part("portal", lambda: os.execv("/bin/sleep", ["sleep", "60"]))
    groups: list[int] = []

    def fail() -> None:
        groups.append(part.group)
        raise ValueError("meanwhile")

    with pytest.raises(ValueError, match="meanwhile"), house.attended():
        house.complete(part, fail)
    assert not part.started
    assert gone(groups[0])


def test_what_is_done_meanwhile_does_not_wait_for_the_part(house: House) -> None:
    part = Part("portal", lambda: os.execv("/bin/sh", ["sh", "-c", "exit 6"]))
    seen: list[bool] = []
    with house.attended():
        assert house.complete(part, lambda: seen.append(part.started)) == 6
    assert seen == [True]
    assert house.parts == []
