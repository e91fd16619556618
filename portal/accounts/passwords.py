"""Passwords are hashed with argon2id, which is slow on purpose, so it is done before the unit of work takes its lock.

What was computed is remembered for the rest of the request, and Flask-Security's forms then find it done. A known
address and an unknown one cost one hash each.
"""

import time
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_security import Security, hash_password
from flask_security.utils import verify_password

from portal.accounts.models import Person
from portal.accounts.queries import by_email
from portal.accounts.who import me

LEAST_LENGTH = 10
LONGEST = 1024
SAME_TIME = 0.3
FOR_NOBODY = "not-a-password"
"""What Flask-Security hashes when nobody has the address."""
STRENGTH = {
    "argon2__type": "ID",
    "argon2__memory_cost": 19456,
    "argon2__time_cost": 2,
    "argon2__parallelism": 1,
}


class Once:
    """The password hashes of Flask-Security, each computed at most once in a request."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def hash(self, secret: str | bytes, **options: Any) -> str:
        """The hash of a new password."""
        return str(self._once(("hash", secret), lambda: self._context.hash(secret, **options)))

    def verify(self, secret: str | bytes, hashed: str | None) -> bool:
        """Whether the password is the one that was hashed."""
        return bool(self._once(("verify", secret, hashed), lambda: self._context.verify(secret, hashed)))

    def _once(self, what: tuple[Any, ...], work: Any) -> Any:
        known = g.setdefault("hashes", {})
        if what not in known:
            known[what] = work()
        return known[what]


def init_app(app: Flask, security: Security) -> None:
    """Put the memory in front of the hashes, and fill it before the unit of work begins."""
    security.pwd_context = Once(security.pwd_context)
    app.before_request(_prepare)
    app.after_request(_even_out)


def _prepare() -> None:
    g.pop("hashes", None)
    if request.method != "POST":
        return
    form = request.form
    match request.endpoint:
        case "security.login":
            _check(by_email(form.get("email", "")), form.get("password", ""))
        case "security.verify":
            _check(me(), form.get("password", ""))
        case "security.change_password":
            _check(me(), form.get("password", ""))
            _hash(form.get("new_password", ""))
        case "security.reset_password":
            _hash(form.get("password", ""))
        case "security.forgot_password":
            g.begun = time.monotonic()
            hash_password(FOR_NOBODY)


def _even_out(response: Response) -> Response:
    """Asking for a link takes as long for an unknown address, for which nothing is written, as for a known one."""
    if request.method == "POST" and request.endpoint == "security.forgot_password":
        time.sleep(max(0.0, g.get("begun", 0.0) + SAME_TIME - time.monotonic()))
    return response


def _check(person: Person | None, password: str) -> None:
    if not password:
        return
    if person is None or not person.password:
        hash_password(password)
    else:
        verify_password(normalised(password), person.password)


def _hash(password: str) -> None:
    if LEAST_LENGTH <= len(password) <= LONGEST:
        hash_password(normalised(password))


def normalised(password: str) -> str:
    """As it is hashed and compared: the same signs, however a keyboard composed them."""
    return str(current_app.extensions["security"].password_util.normalize(password))
