"""A part: its lines, its group, its pauses."""

import os
import signal
import subprocess
import sys
import time

import pytest

from portal.cli.launcher import parts, watchdog
from portal.cli.launcher.output import Stream
from portal.cli.launcher.parts import Part


def finish(part: Part) -> tuple[str, list[str]]:
    while part.running:
        time.sleep(0.01)
    return part.finish()


def test_its_lines_come_whole_and_the_last_one_even_without_an_end() -> None:
    part = Part(
        "web", lambda: os.execv("/bin/sh", ["sh", "-c", "echo one; echo noise >&2; printf two"]), unsaid=("noise",)
    )
    part.start()
    assert finish(part) == ("ended with code 0", ["one", "two"])


def test_an_act_that_fails_prints_why() -> None:
    part = Part("web", lambda: int("x"))
    part.start()
    how, lines = finish(part)
    assert how == "ended with code 1"
    assert lines[-1].startswith("ValueError")


def test_finishing_kills_the_children_that_its_first_process_left() -> None:
    part = Part("web", lambda: os.execv("/bin/sh", ["sh", "-c", "sleep 60 & sleep 60 & echo up; kill -9 $$"]))
    part.start()
    group = part.group
    assert finish(part) == ("was ended by SIGKILL", ["up"])
    until = time.monotonic() + 5
    while watchdog.living({group}) and time.monotonic() < until:
        time.sleep(0.01)
    assert not watchdog.living({group})


def test_it_holds_no_file_of_the_launcher_but_its_output() -> None:
    look = "for n in 0 1 2 3 4 5 6 7 8 9; do test -e /proc/$$/fd/$n && echo $n; done"
    part = Part("web", lambda: os.execv("/bin/sh", ["sh", "-c", look]))
    part.start()
    assert finish(part)[1] == ["0", "1", "2"]


def test_pauses_double_up_to_a_limit_and_a_steady_run_forgives(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part("web", lambda: None)
    clock = iter(range(100, 100_000, 5))
    monkeypatch.setattr(parts.time, "monotonic", lambda: float(next(clock)))
    part._began_at = 95.0
    assert [part.postpone() for _ in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    part._began_at = 0.0
    assert part.postpone() == 0.5


def test_the_watchdog_ends_what_is_left_when_its_input_ends() -> None:
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        lines = f"+{sleeper.pid}\n+{other.pid}\n-{other.pid}\n"
        subprocess.run([sys.executable, "-I", "-S", watchdog.__file__], input=lines, text=True, timeout=20, check=True)
        assert sleeper.wait(timeout=5) == -signal.SIGTERM
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_reader_that_has_gone_away_closes_the_stream_without_a_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as out:  # noqa: PTH123 - a descriptor
        stream = Stream(out)
        stream.say("hello")
        assert stream.closed
