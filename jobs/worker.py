"""The RQ worker-pool: runs the jobs that were woken, and nothing else that might stand in Redis."""

import importlib
import logging
import re
import signal
import time
from collections.abc import Callable
from multiprocessing import parent_process
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker_pool import WorkerData, WorkerPool

from jobs.schedule import EVERY
from portal import queue
from portal.config import Config

JOB_NAME = re.compile(r"jobs\.[a-z_]+\.run")
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0

log = structlog.get_logger(__name__)


class NotAJob(Exception):
    """Something in Redis names a function that is not a job of ours."""


class Wakeup(Job):
    """A job that is only a name: whoever can write to Redis can wake a job of ours, and call nothing else."""

    @property
    def func(self) -> Any:
        """The job's function; `NotAJob` for any other name."""
        name = self.func_name or ""
        if not JOB_NAME.fullmatch(name) or self.instance or self.args or self.kwargs:
            raise NotAJob(name)
        module, _, function = name.rpartition(".")
        return getattr(importlib.import_module(module), function)

    @property
    def success_callback(self) -> None:
        """None: a callback is a name out of Redis, too."""

    @property
    def failure_callback(self) -> None:
        """None: a callback is a name out of Redis, too."""

    @property
    def stopped_callback(self) -> None:
        """None: a callback is a name out of Redis, too."""


class Worker(SimpleWorker):
    """Runs jobs in its own process, so that the app is made once and nothing outlives a kill of the process group.

    Redis may be away at any time. One line says so, and the next worker waits until it is back.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        if parent_process() is not None:
            obey_signals()
        wait_for(options["connection"])
        super().__init__(*args, **options)

    def work(self, *args: Any, **options: Any) -> bool:
        """Without RQ's scheduler process: nothing is enqueued for later, `jobs.schedule` is the clock."""
        try:
            return super().work(*args, **options | {"with_scheduler": False, "logging_level": "WARNING"})
        except RedisError as why:
            log.warning("worker.lost_redis", why=str(why))
            return False


def wait_for(connection: Redis, sleep: Callable[[float], None] = time.sleep) -> None:
    """Return once Redis answers, asking less and less often."""
    pause = FIRST_PAUSE
    while True:
        try:
            connection.ping()
        except RedisError as why:
            log.warning("worker.waits_for_redis", why=str(why), seconds=pause)
            sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
        else:
            return


def obey_signals() -> None:
    """End at a signal, in a worker that has no job yet: the pool's own way of stopping is not for its children."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


class Pool(WorkerPool):
    """A pool that says so when one of its processes ends by itself; another one takes its place."""

    def handle_dead_worker(self, worker_data: WorkerData) -> None:
        """Forget it; what it was at is woken again by the next round."""
        if self.status != self.Status.STOPPED:
            log.warning("worker.ended", process=worker_data.pid, code=worker_data.process.exitcode)
        super().handle_dead_worker(worker_data)


def without_trace(record: logging.LogRecord) -> bool:
    """Let a lost Redis be one line of the log: where in RQ it was noticed tells nobody anything."""
    if record.exc_info and isinstance(record.exc_info[1], RedisError):
        record.msg, record.args, record.exc_info = "Redis is gone: %s", (record.exc_info[1],), None
    return True


def main(config: Config) -> None:
    """Run until SIGTERM or SIGINT; a job at work is finished first."""
    for job in EVERY:
        importlib.import_module(job.rpartition(".")[0])
    connection = Redis.from_url(config.redis)
    pool = Pool(
        [queue.NAME],
        connection,
        num_workers=config.workers,
        worker_class=Worker,
        job_class=Wakeup,
        serializer=JSONSerializer,
    )
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    logging.getLogger("rq.worker").addFilter(without_trace)
    log.info("worker.started", processes=config.workers)
    pool.start(logging_level="WARNING")
