"""The worker, through a real Valkey: what it runs, what it refuses, what a wake-up leaves."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import cast
from unittest.mock import Mock

import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import ConnectionError as RedisIsGone
from rq import Queue, SimpleWorker
from rq.job import JobStatus
from rq.serializers import JSONSerializer
from structlog.testing import capture_logs

from jobs import worker
from jobs.worker import Wakeup, Worker
from portal import queue

GONE = RedisIsGone("Connection refused")
ran: list[str] = []


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A job of ours that only notes that it ran."""
    module = ModuleType("jobs.trial")
    module.run = lambda: ran.append("trial")  # type: ignore[attr-defined]
    module.fail = module.run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "jobs.trial", module)
    ran.clear()
    return ran


@pytest.fixture
def waking(valkey_url: str) -> Iterator[Flask]:
    """An app that only knows where Redis is."""
    app = Flask("waking")
    app.config["REDIS_URL"] = valkey_url
    queue.init_app(app)
    with app.app_context():
        yield app
    app.extensions["recourse.redis"].close()


def work(redis: Redis) -> None:
    """Run what waits."""
    options = {"connection": redis, "serializer": JSONSerializer, "job_class": Wakeup}
    Worker([queue.NAME], **options).work(burst=True)


def waiting(redis: Redis) -> Queue:
    return Queue(queue.NAME, connection=redis, serializer=JSONSerializer)


def test_a_woken_job_runs_and_leaves_nothing(redis: Redis, waking: Flask, trial: list[str]) -> None:
    queue.wake_now("jobs.trial.run")
    work(redis)
    assert trial == ["trial"]
    assert not list(redis.scan_iter("rq:job:*"))


def test_without_a_worker_a_thousand_wake_ups_are_one(redis: Redis, waking: Flask, trial: list[str]) -> None:
    for _ in range(1000):
        queue.wake_now("jobs.trial.run")
    queue.wake_now("jobs.other.run")
    assert len(waiting(redis)) == 2
    work(redis)
    assert trial == ["trial"]


def test_a_failed_job_holds_back_no_later_wake_up(redis: Redis, waking: Flask, trial: list[str]) -> None:
    queue.wake_now("jobs.missing.run")
    work(redis)
    assert waiting(redis).failed_job_registry.count == 1
    queue.wake_now("jobs.missing.run")
    assert len(waiting(redis)) == 1


def test_without_redis_a_wake_up_is_lost_quickly_and_quietly(waking: Flask, tmp_path: Path) -> None:
    waking.extensions["recourse.redis"] = queue.connect(f"unix://{tmp_path}/none.sock")
    began = perf_counter()
    queue.wake_now("jobs.trial.run")
    assert perf_counter() - began < 1


@pytest.mark.parametrize(
    ("name", "words"),
    [("os.system", ["touch /tmp/recourse-was-here"]), ("jobs.trial.fail", []), ("jobs.worker.main", []),
     ("jobs.trial.run", ["words"]), ("builtins.print", ["x"])],
)  # fmt: skip
def test_nothing_but_a_job_of_ours_can_be_called_through_redis(
    redis: Redis, trial: list[str], name: str, words: list[str]
) -> None:
    job = waiting(redis).enqueue(name, *words)
    work(redis)
    assert job.get_status() == JobStatus.FAILED
    assert trial == []


def test_a_callback_named_in_redis_is_not_called(redis: Redis, trial: list[str]) -> None:
    job = waiting(redis).enqueue("jobs.trial.run")
    redis.hset(job.key, "success_callback_name", "jobs.trial.run")
    work(redis)
    assert trial == ["trial"]


class Away:
    """A Redis that does not answer for a while."""

    def __init__(self, times: int) -> None:
        self.times = times

    def ping(self) -> None:
        self.times -= 1
        if self.times >= 0:
            raise GONE


def test_a_worker_waits_for_redis_ever_longer_and_says_so_in_a_line() -> None:
    pauses: list[float] = []
    with capture_logs() as lines:
        worker.wait_for(cast(Redis, Away(8)), pauses.append)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert [line["event"] for line in lines] == ["worker.waits_for_redis"] * 8


def test_a_worker_that_loses_redis_ends_with_a_line(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleWorker, "work", Mock(side_effect=GONE))
    with capture_logs() as lines:
        work(redis)
    assert [line["event"] for line in lines] == ["worker.lost_redis"]


def test_where_in_rq_a_lost_redis_was_noticed_is_not_logged() -> None:
    record = logging.LogRecord("rq.worker", logging.ERROR, "", 0, "found %s", ("x",), (type(GONE), GONE, None))
    assert worker.without_trace(record)
    assert (record.getMessage(), record.exc_info) == ("Redis is gone: Connection refused", None)


def test_a_process_of_the_pool_that_ends_by_itself_is_said(redis: Redis) -> None:
    pool = worker.Pool([queue.NAME], redis, num_workers=1)
    ended = Mock(pid=4711, process=Mock(exitcode=-9))
    ended.name = "one"
    pool.worker_dict[ended.name] = ended
    with capture_logs() as lines:
        pool.handle_dead_worker(ended)
    assert [(line["event"], line["process"], line["code"]) for line in lines] == [("worker.ended", 4711, -9)]
    assert pool.worker_dict == {}
