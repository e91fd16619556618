"""Wake a job by name. A lost wake-up costs seconds, never work: the truth is in the database."""

import secrets
from typing import Any

import structlog
from flask import Flask, current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from portal.db import after_commit

NAME = "recourse"
TIMEOUT = 300

log = structlog.get_logger(__name__)


def init_app(app: Flask) -> None:
    """Remember where Redis is; nothing is opened before the first wake-up."""
    app.extensions["recourse.redis"] = connect(app.config["REDIS_URL"])


def connect(url: str) -> Redis:
    """A client that gives up quickly: a wake-up must never make a person wait."""
    return Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5, retry=Retry(NoBackoff(), 0))


def wake(job: str) -> None:
    """Run the job with this dotted name soon, after the open unit of work has committed."""
    after_commit(lambda: wake_now(job))


def wake_now(job: str) -> None:
    """Run the job soon; while one wake-up of it waits, another adds nothing, so the queue can't grow without a worker.

    The queue itself is asked, not a key beside it: a wake-up that is at work, failed or died holds back no later one.
    """
    redis: Any = current_app.extensions["recourse.redis"]
    mark = f"{job.replace('.', '-')}-"
    try:
        queue = Queue(NAME, connection=redis, serializer=JSONSerializer)
        if not any(waiting.startswith(mark) for waiting in queue.job_ids):
            job_id = mark + secrets.token_hex(6)
            queue.enqueue(job, job_id=job_id, result_ttl=0, failure_ttl=3600, job_timeout=TIMEOUT)
    except (RedisError, OSError) as why:
        log.warning("queue.unreachable", job=job, why=str(why))
