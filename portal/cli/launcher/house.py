"""Runs the parts together: shows their lines, restarts what ends, and leaves no process behind."""

import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from portal.cli.launcher.checks import BAD_PART, Unready
from portal.cli.launcher.guard import Guard
from portal.cli.launcher.output import Stream
from portal.cli.launcher.parts import Part

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 10.0
FALSE_STARTS = 5
KNOCK = 0.05


class House:
    """The parts, in the order they were started; the first one is ended last, because the others need it."""

    def __init__(self, stream: Stream, lock: int) -> None:
        self.stream = stream
        self.parts: list[Part] = []
        self.guard = Guard(lock)
        self._looping = False
        self._asked: list[int] = []
        self._bell, self._rope = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(self._rope, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)

    @contextmanager
    def attended(self) -> Iterator[None]:
        """Inside, a signal to stop is obeyed; at the end no part is left, whatever happened."""
        stopping = [n for n in STOPPING if n != signal.SIGHUP or signal.getsignal(n) != signal.SIG_IGN]  # nohup stays
        before = {number: signal.signal(number, self._ask_to_stop) for number in stopping}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._rope, warn_on_full_buffer=False)
        try:
            yield
        finally:
            self._looping = True
            self._end(self.parts[:0:-1])
            self._end(self.parts[:1])
            self.guard.relieve()
            signal.set_wakeup_fd(-1)
            for number, action in before.items():
                signal.signal(number, action)

    def start(self, *parts: Part) -> None:
        """Start parts; from now on they are kept running."""
        for part in parts:
            self.parts.append(part)
            self._begin(part)

    def complete(self, part: Part, meanwhile: Callable[[], None] = lambda: None) -> int:
        """Run a part to its end, once, and do something `meanwhile`; its exit code."""
        self._looping = True
        self.start(part)
        meanwhile()
        while part.running and not self._asked:
            self._turn(None)
        if self._asked:
            raise KeyboardInterrupt
        self.parts.remove(part)
        self._finish(part)
        return part.code

    def run(self, ready: Callable[[], bool]) -> None:
        """Keep the parts running until somebody asks to stop; `ready` is asked at each turn until it says yes."""
        self._looping, is_ready = True, False
        while not self._asked and not self.stream.closed:
            is_ready = is_ready or ready()
            self._mend(is_ready)
            self._turn(self._until_next_start() if is_ready else KNOCK)
            if self.guard.repost():
                self.stream.say("the watchdog was gone; a new one is posted")

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._asked.append(number)
        if not self._looping:
            raise KeyboardInterrupt

    def _begin(self, part: Part) -> None:
        # A signal between the fork and the note of it would leave a part that nobody knows of.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        part.start()
        self.guard.began(part.group)
        self._selector.register(part.output, selectors.EVENT_READ, part)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def _mend(self, is_ready: bool) -> None:
        """Clear away after a part that ended, and start it again when its pause is over."""
        for part in self.parts:
            if not part.started:
                if part.due_at <= time.monotonic():
                    self._begin(part)
            elif not part.running:
                how = self._finish(part)
                pause = part.postpone()
                if not is_ready and part.failures >= FALSE_STARTS:
                    raise Unready(BAD_PART, f"{part.name} does not start, see its lines above.")
                self.stream.say(f"{part.name} {how}; it is started again in {pause:g} s")

    def _finish(self, part: Part) -> str:
        self._unplug(part)
        group = part.group
        how, lines = part.finish()
        self.guard.ended(group)
        self._show(part, lines)
        return how

    def _until_next_start(self) -> float | None:
        due = [part.due_at for part in self.parts if not part.started]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _turn(self, seconds: float | None) -> None:
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                os.read(self._bell, 65536)
                continue
            self._show(key.data, key.data.read())
            if key.data.silent:
                self._unplug(key.data)

    def _unplug(self, part: Part) -> None:
        if part.output in self._selector.get_map():
            self._selector.unregister(part.output)

    def _show(self, part: Part, lines: list[str]) -> None:
        for line in lines:
            self.stream.show(part.name, line)

    def _end(self, parts: list[Part]) -> None:
        """Ask at once, give them time to finish, then kill; a second Ctrl-C kills at once."""
        alive = [part for part in parts if part.started]
        for part in alive:
            part.stop()
        until = time.monotonic() + GRACE
        while any(part.running for part in alive) and time.monotonic() < until and self._asked.count(signal.SIGINT) < 2:
            self._turn(0.1)
        for part in alive:
            self._finish(part)
