"""The portal: the only file that knows every slice."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, g, request, session
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse

from portal import (
    accounts,
    aftersales,
    appeals,
    arbitration,
    assets,
    bundles,
    clock,
    deadlines,
    errors,
    evidence,
    home,
    jsons,
    kept,
    logs,
    messages,
    parts,
    penalties,
    policies,
    queue,
    reader,
    redress,
    review,
    security,
    text,
)
from portal.config import Config
from portal.db import db as database
from portal.db import end_reading, unit_of_work
from portal.refusals import Overtaken

ROOT = Path(__file__).parent.parent
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TRIES = 3
LOST = ("40001", "40P01")
"""What PostgreSQL calls a unit that gave way to another: it could not be serialised, or they waited crosswise."""


class Portal(Flask):
    """A Flask in which a request is a unit of work: returning commits, raising rolls back."""

    request_class = evidence.UploadRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Ours are plain functions, every one; Flask would look at each of them in each request."""
        return func

    def dispatch_request(self) -> AnyResponse:
        """Run the view; for an unsafe method in a unit of work that begins only when the whole body has been read."""
        if request.method in SAFE:
            return self.make_response(super().dispatch_request())
        end_reading()
        request.form  # noqa: B018 - reads the body, with no lock held
        evidence.take_in(request)
        return self._again(lambda: self.make_response(super(Portal, self).dispatch_request()))

    def _again(self, view: Callable[[], AnyResponse]) -> AnyResponse:
        """Run the view in a unit of work, and anew if the database let another unit win.

        The second look tells the person what the winner did, instead of only that there was one.
        """
        before = dict(session)
        for left in reversed(range(TRIES)):
            try:
                with unit_of_work():
                    accounts.recall()
                    return view()
            except (Overtaken, OperationalError) as why:
                if not left or not _another_won(why):
                    raise
                session.clear()
                session.update(before)
        raise AssertionError("unreachable")


def _another_won(why: Overtaken | OperationalError) -> bool:
    if isinstance(why, Overtaken):
        return why.code == "overtaken"
    return getattr(why.orig, "sqlstate", None) in LOST


def create_app(config: Config | None = None) -> Portal:
    """The portal with everything it has, ready to serve."""
    config = config or Config.from_environment()
    logs.configure(config)
    app = Portal(__name__, root_path=str(ROOT), template_folder="templates", static_folder=None)
    app.config.from_mapping(_flask_settings(config))
    app.extensions["recourse.config"] = config
    app.before_request(_arrive)
    database.init_app(app)
    CSRFProtect(app)
    app.before_request(security.turn_away_the_illegible)
    Babel(app, locale_selector=accounts.locale, timezone_selector=accounts.zone)
    for part in (reader, kept, text, parts, errors, queue, security, assets):
        part.init_app(app)
    accounts.init_app(app, mail=messages.OutboxMailUtil)
    for room in (policies, deadlines, messages, evidence, review, bundles):
        room.init_app(app)
    for case in (penalties, aftersales, arbitration, appeals, redress, home):
        case.init_app(app)
    return app


def _arrive() -> None:
    """The request's time is read once, before its body: it is the time of every verdict about it."""
    g.arrived_at = clock.now()
    g.request_id = secrets.token_hex(6)


def _flask_settings(config: Config) -> dict[str, Any]:
    return {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(config),
        "REDIS_URL": config.redis,
        "DATA_DIR": config.data_dir,
        "DEMO": config.demo,
        "TRUSTED_HOSTS": config.trusted_hosts,
        "MAX_CONTENT_LENGTH": 21 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 512 * 1024,
        "MAX_FORM_PARTS": 200,
        "SESSION_COOKIE_SECURE": config.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PREFERRED_URL_SCHEME": "https" if config.secure else "http",
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "zh_Hans_CN",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "MARKET_NAME": config.market,
    }


def _engine_options(config: Config) -> dict[str, Any]:
    sqlite = config.database.startswith("sqlite")
    limits = "-c statement_timeout=10000 -c lock_timeout=3000"
    return {
        "pool_size": config.web_threads + 2,
        "connect_args": {"timeout": 5} if sqlite else {"options": limits},
        "json_serializer": jsons.write,
        "json_deserializer": jsons.read,
    }
