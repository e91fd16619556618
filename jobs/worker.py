"""The RQ worker-pool: runs the jobs that were woken, and nothing else that might stand in Redis."""

import importlib
import logging
import re
from typing import Any

import structlog
from redis import Redis
from rq import SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker_pool import WorkerPool

from jobs.schedule import EVERY
from portal import queue
from portal.config import Config

JOB_NAME = re.compile(r"jobs\.[a-z_]+\.run")

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
    """Runs jobs in its own process, so that the app is made once and nothing outlives a kill of the process group."""

    def work(self, *args: Any, **options: Any) -> bool:
        """Without RQ's scheduler process: nothing is enqueued for later, `jobs.schedule` is the clock."""
        return super().work(*args, **options | {"with_scheduler": False, "logging_level": "WARNING"})


def main(config: Config) -> None:
    """Run until SIGTERM or SIGINT; a job at work is finished first."""
    for job in EVERY:
        importlib.import_module(job.rpartition(".")[0])
    connection = Redis.from_url(config.redis)
    pool = WorkerPool(
        [queue.NAME],
        connection,
        num_workers=config.workers,
        worker_class=Worker,
        job_class=Wakeup,
        serializer=JSONSerializer,
    )
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    log.info("worker.started", processes=config.workers)
    pool.start(logging_level="WARNING")
