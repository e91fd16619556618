"""Guessing is slow: wrong passwords and codes are counted before they are looked at, and after ten the waiting grows.

The counters stand in the database on a connection of their own: a refused request keeps its count, and losing Redis
loses none.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from flask import Flask, after_this_request, g, request
from sqlalchemy import Connection, bindparam, delete, select, text, update
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from portal.accounts import sessions
from portal.accounts.models import Guess
from portal.accounts.who import asking
from portal.db import Instant, apart
from portal.hx import arrived_at

WINDOW = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """How many wrong tries pass in a window; each further one doubles the waiting, up to the longest."""

    allowed: int
    first: timedelta
    longest: timedelta

    def wait(self, wrong: int) -> timedelta:
        """How long to wait after so many wrong tries."""
        beyond = wrong - self.allowed
        return min(self.first * 2 ** min(beyond, 10), self.longest) if beyond >= 0 else timedelta(0)


BOTH = Limit(10, WINDOW, timedelta(hours=4))
ADDRESS = Limit(100, WINDOW, WINDOW)
ACCOUNT = Limit(50, timedelta(minutes=1), timedelta(minutes=5))
FIRST = text(
    "INSERT INTO guess (key, wrong, since, next_at) VALUES (:key, 0, :at, :at) ON CONFLICT (key) DO NOTHING"
).bindparams(bindparam("at", type_=Instant))


def keys(kind: str, account: str, address: str) -> dict[str, Limit]:
    """The counters of a try, the exact one first: this account from this address, this address, this account."""
    named = {f"{kind}|{account}|{address}": BOTH, f"{kind}||{address}": ADDRESS, f"{kind}|{account}|": ACCOUNT}
    return {hashlib.sha256(name.encode()).hexdigest(): limit for name, limit in named.items()}


def count(counters: dict[str, Limit], at: datetime) -> datetime | None:
    """Count a try as wrong until it proves right; if it comes too soon it is not counted: when the next may come."""
    with apart() as connection:
        rows = {key: _row(connection, key, at) for key in sorted(counters)}
        barred: list[datetime] = [row.next_at for row in rows.values() if at < row.next_at]
        if barred:
            return max(barred)
        for key, limit in counters.items():
            _add(connection, rows[key], limit, at)
        connection.execute(delete(Guess).where(Guess.next_at < at - 24 * FORGOTTEN_AFTER))
    return None


def _row(connection: Connection, key: str, at: datetime) -> Any:
    connection.execute(FIRST, {"key": key, "at": at})
    return connection.execute(
        select(Guess.key, Guess.wrong, Guess.since, Guess.next_at).where(Guess.key == key).with_for_update()
    ).one()


def _add(connection: Connection, row: Any, limit: Limit, at: datetime) -> None:
    over = row.wrong >= limit.allowed
    anew = at - row.next_at >= FORGOTTEN_AFTER if over else at - row.since >= WINDOW
    wrong = 1 if anew else row.wrong + 1
    since = at if anew else row.since
    connection.execute(
        update(Guess).where(Guess.key == row.key).values(wrong=wrong, since=since, next_at=at + limit.wait(wrong))
    )


def forgive(counters: dict[str, Limit]) -> None:
    """The try was right: forget the wrong ones of this account from this address, take it off the other counters."""
    exact, *others = counters
    with apart() as connection:
        connection.execute(delete(Guess).where(Guess.key == exact))
        connection.execute(update(Guess).where(Guess.key.in_(others), Guess.wrong > 0).values(wrong=Guess.wrong - 1))


def init_app(app: Flask) -> None:
    """Count the tries of the forms that ask for a secret."""
    app.before_request(_count_this)


def right() -> None:
    """What was typed in this request is right; its count is taken back when the unit of work is over."""
    counters = g.pop("guess", None)
    if counters:
        after_this_request(lambda response: _forgiven(response, counters))


def _forgiven(response: Response, counters: dict[str, Limit]) -> Any:
    forgive(counters)
    return response


def _count_this() -> None:
    g.pop("guess", None)
    account = _account() if request.method == "POST" else None
    if account is None:
        return
    g.guess = keys(*account, request.remote_addr or "")
    until = count(g.guess, arrived_at())
    if until is not None:
        seconds = (until - arrived_at()) / timedelta(seconds=1)
        raise TooManyRequests(retry_after=ceil(seconds))


def _account() -> tuple[str, str] | None:
    """Which secret is tried, and whose."""
    match request.endpoint:
        case "security.login":
            return "password", request.form.get("email", "").strip().casefold()[:254]
        case "security.verify" | "security.change_password":
            return "password", asking().email
        case "security.two_factor_token_validation" | "security.mf_recovery":
            return "code", str(sessions.current().get(sessions.HALF, asking().email))
    return None
