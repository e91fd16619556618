"""Too often is 429: how often one address may knock at the door, and one person may send files."""

from typing import Any

from flask import Flask, request
from flask_limiter import Limiter
from limits.storage import RedisStorage

from portal.accounts.who import asking

MOST = {
    "security.login": "30 per minute",
    "security.wan_signin": "30 per minute",
    "security.wan_signin_response": "30 per minute",
    "security.forgot_password": "10 per 15 minutes",
    "security.reset_password": "30 per minute",
}
MOST_UPLOADS = "240 per minute"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UPLOAD = "multipart/form-data"
PATIENCE: dict[str, Any] = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}


class Counters(RedisStorage):
    """Redis by the client that the rest uses: the library would load Valkey's besides, which nothing here asks for."""

    STORAGE_SCHEME = ["redis", "rediss", "redis+unix"]  # noqa: RUF012 - the library reads a list
    DEPENDENCIES = {"redis": RedisStorage.DEPENDENCIES["redis"]}  # noqa: RUF012


def init_app(app: Flask) -> None:
    """Count in Redis in a sliding window, and in this process alone while Redis does not answer."""
    limiter = Limiter(
        key_func=_who,
        app=app,
        default_limits=[_most],
        default_limits_exempt_when=_is_free,
        strategy="sliding-window-counter",
        storage_uri=_storage(app.config["REDIS_URL"]),
        storage_options=PATIENCE,
        in_memory_fallback_enabled=True,
        key_prefix="recourse",
    )
    check = limiter._check_request_limit  # noqa: SLF001 - it would look at every page, which has no limit
    app.before_request_funcs[None].remove(check)
    app.before_request(lambda: None if request.method in SAFE else check())


def _most() -> str:
    return MOST.get(request.endpoint or "", MOST_UPLOADS)


def _is_free() -> bool:
    return not (request.endpoint in MOST or request.mimetype == UPLOAD)


def _who() -> str:
    found = asking()
    return f"person:{found.id}" if found.id else f"address:{request.remote_addr}"


def _storage(url: str) -> str:
    if not url:
        return "memory://"
    return f"redis+{url}" if url.startswith("unix:") else url
