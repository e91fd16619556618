"""The cookie: the id of somebody's session, or a visitor's few words, signed."""

from datetime import timedelta
from typing import Any

import structlog
from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFError
from itsdangerous import BadSignature
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import Unauthorized

from portal import clock, errors
from portal.accounts import access, sessions, who
from portal.accounts.sessions import OF_THE_SIGNED_IN, Visit

MARK = "~"
VISITOR_LIFETIME = timedelta(days=7)
OF_ONE_REQUEST = ("_login_user", "csrf_token", "fs_authn_via", "fs_paa")

log = structlog.get_logger(__name__)


class Sessions(SecureCookieSessionInterface):
    """Opens the session a request comes with, and keeps it when the answer is ready."""

    session_class = Visit

    def open_session(self, app: Flask, request: Request) -> Visit:
        """The session of this browser; an unknown, ended or idle one is that of a visitor."""
        for name in OF_ONE_REQUEST:
            g.pop(name, None)
        value = request.cookies.get(self.get_cookie_name(app), "")
        if not value.startswith(MARK):
            return self._visitor(app, value)
        try:
            return sessions.known(value.removeprefix(MARK), clock.now())
        except OperationalError as why:
            visit = Visit()
            visit.trouble = why
            return visit

    def _visitor(self, app: Flask, value: str) -> Visit:
        serializer: Any = self.get_signing_serializer(app)
        try:
            contents = serializer.loads(value, max_age=VISITOR_LIFETIME.total_seconds()) if value else {}
        except BadSignature:
            contents = {}
        visit = Visit({key: word for key, word in contents.items() if key not in OF_THE_SIGNED_IN})
        sessions.forget_half_sign_in(visit, clock.now())
        return visit

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed; the answer is sent even if it can't be kept."""
        assert isinstance(session, Visit)
        if session.accessed or session.token:
            response.vary.add("Cookie")
        if session.trouble is not None:
            return
        view = app.view_functions.get(request.endpoint or "")
        try:
            token = sessions.keep(session, clock.now(), touch=not getattr(view, "passive", False))
        except OperationalError as why:
            log.warning("session.not_kept", why=str(why.orig))
            return
        if token is None:
            self._keep_visitor(app, session, response)
        elif token != session.token:
            self._set(app, response, MARK + token)

    def _keep_visitor(self, app: Flask, visit: Visit, response: Response) -> None:
        if not (visit.modified or visit.token):
            return
        contents = {key: word for key, word in visit.items() if key not in OF_THE_SIGNED_IN}
        serializer: Any = self.get_signing_serializer(app)
        self._set(app, response, serializer.dumps(contents) if contents else "")

    def _set(self, app: Flask, response: Response, value: str) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            value,
            max_age=None if value else 0,
            path=self.get_cookie_path(app),
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite=self.get_cookie_samesite(app),
        )


def init_app(app: Flask) -> None:
    """Put the store in place; over https the cookie's name binds it to this host."""
    app.config["SESSION_COOKIE_NAME"] = "__Host-session" if app.config["SESSION_COOKIE_SECURE"] else "session"
    app.session_interface = Sessions()
    app.before_request(_fail_if_unreadable)
    app.register_error_handler(CSRFError, _ended_meanwhile)


def _ended_meanwhile(why: CSRFError) -> Response:
    """A form token died with its session, here or in another tab: say so, instead of that the form is wrong."""
    return errors.http(Unauthorized() if sessions.current().is_over or _left_open() else why)


def _left_open() -> bool:
    """Whether a form with a token comes from nobody, to a place that is only for people who are signed in."""
    known = who.asking().id or access.roles_of(request.endpoint or "") is None
    return not known and bool(request.form.get("csrf_token"))


def _fail_if_unreadable() -> None:
    trouble = sessions.current().trouble
    if trouble is not None:
        raise trouble
