"""Browser sessions: who is signed in, in which browser, stands in the database.

The browser holds nothing but a random id, of which we keep the hash. What is written here is a unit of its own on its
own connection, so that neither a refused request nor one rolled back loses it.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from flask import session as flask_session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession
from sqlalchemy import Connection, CursorResult, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from portal.accounts.models import BrowserSession, Guess, Membership, Person, Shop
from portal.db import apart, end_reading, rows, session

STAFF_IDLE = timedelta(minutes=30)
MERCHANT_IDLE = timedelta(hours=8)
TOUCHED_EVERY = timedelta(minutes=1)
HALF_SIGNED_IN = timedelta(minutes=10)
OF_THE_SIGNED_IN = frozenset({"_user_id", "_fresh", "_id", "fs_paa", "fs_gexp", "factors", "shop"})
HALF = "tf_user_id"
HALF_SINCE = "tf_since"

Rows = Sequence[Row[*tuple[Any, ...]]]
View = TypeVar("View", bound=Callable[..., Any])
_json = TaggedJSONSerializer()
_found = (
    select(
        BrowserSession.contents,
        BrowserSession.seen_at,
        BrowserSession.idle_minutes,
        Person.id.label("person_id"),
        Person.name,
        Person.email,
        Person.locale,
        Person.pseudonym,
        Person.fs_uniquifier,
        Membership.role,
        Membership.may_submit,
        Membership.valid_from,
        Membership.valid_to,
        Membership.shop_id,
        Shop.ref.label("shop_ref"),
        Shop.name.label("shop_name"),
        Shop.zone,
        (Shop.return_address != "").label("returns"),
    )
    .join(Person, Person.id == BrowserSession.person_id)
    .outerjoin(Membership, Membership.person_id == Person.id)
    .outerjoin(Shop, Shop.id == Membership.shop_id)
    .where(Person.active, BrowserSession.id_hash == bindparam("id_hash"))
    .order_by(Membership.id)
)


class Visit(SecureCookieSession):
    """What is remembered of one browser. `rows` is who is signed in there, one row for each membership."""

    def __init__(self, initial: Any = None) -> None:
        super().__init__(initial)
        self.token: str | None = None
        self.rows: Rows = ()
        self.before: tuple[Any, Any] = (None, None)
        self.renewed = False
        self.asking: Any = None
        self.trouble: OperationalError | None = None

    @property
    def identity(self) -> tuple[Any, Any]:
        """Whose session it is, and when they last proved it: if either changes, the id changes too."""
        return self.get("_user_id"), self.get("fs_paa")

    @property
    def is_over(self) -> bool:
        """Whether somebody was signed in in this browser, and the session has ended."""
        return bool(self.token) and not self.rows

    def is_due(self, at: datetime) -> bool:
        """Whether it is long enough ago that `seen_at` was written."""
        return bool(self.rows) and at - self.rows[0].seen_at >= TOUCHED_EVERY


def current() -> Visit:
    """The session of this request."""
    visit: Visit = flask_session._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001
    return visit


def forget_ended(at: datetime) -> int:
    """Delete the sessions nobody has used for a day, and the counters of guesses that no longer hold anybody up."""
    day = timedelta(days=1)
    ended = session().execute(delete(BrowserSession).where(BrowserSession.seen_at < at - day))
    session().execute(delete(Guess).where(Guess.next_at < at - day))
    return cast(CursorResult[Any], ended).rowcount


def find(token: str) -> Rows:
    """Who is signed in under this id: a row for each membership, none if the session has ended."""
    return rows(_found, id_hash=_hashed(token))


def known(token: str, at: datetime) -> Visit:
    """The session with this id. After too long without a request it is that of a visitor.

    An idle one leaves its form token behind, so that what was typed meanwhile can be sent after the same person has
    signed in again.
    """
    end_reading()
    found = find(token)
    if not found:
        return _of(token, Visit())
    contents = _json.loads(found[0].contents)
    if at - found[0].seen_at < timedelta(minutes=found[0].idle_minutes):
        visit = _of(token, Visit(contents))
        visit.rows, visit.before = found, visit.identity
        return visit
    left = {key: contents[key] for key in ("csrf_token",) if key in contents}
    return _of(token, Visit(left | {"left": contents["_user_id"]}))


def _of(token: str, visit: Visit) -> Visit:
    visit.token = token
    return visit


def keep(visit: Visit, at: datetime, *, touch: bool = True) -> str | None:
    """Write what changed; the id from now on, None if nobody is signed in. A session that ended is not brought back."""
    _limit_half_sign_in(visit, at)
    if "_user_id" not in visit:
        if visit.token:
            with apart() as connection:
                _end(connection, visit.token)
        return None
    if visit.token and visit.identity == visit.before and not visit.renewed:
        _write(visit, at, touch)
        return visit.token
    return _begin(visit, at)


def _write(visit: Visit, at: datetime, touch: bool) -> None:
    values: dict[str, Any] = {"contents": _json.dumps(dict(visit))} if visit.modified else {}
    if touch and (values or visit.is_due(at)):
        values["seen_at"] = at
    if values:
        with apart() as connection:
            of_this = BrowserSession.id_hash == _hashed(visit.token or "")
            connection.execute(update(BrowserSession).where(of_this).values(values))


def _begin(visit: Visit, at: datetime) -> str | None:
    """A new id for this browser; the old one is dead at once. A form token survives only the same person's return."""
    mine = visit["_user_id"] in (visit.before[0], visit.pop("left", None))
    if not mine:
        visit.pop("csrf_token", None)
    token = secrets.token_urlsafe(32)
    with apart() as connection:
        connection.execute(delete(BrowserSession).where(BrowserSession.seen_at < at - 2 * MERCHANT_IDLE))
        if visit.token:
            _end(connection, visit.token)
        person_id = connection.scalar(select(Person.id).where(Person.fs_uniquifier == visit["_user_id"], Person.active))
        if person_id is None:
            return None
        row = {
            "id_hash": _hashed(token),
            "person_id": person_id,
            "contents": _json.dumps(dict(visit)),
            "idle_minutes": _idle(connection, person_id) // timedelta(minutes=1),
            "started_at": at,
            "seen_at": at,
        }
        connection.execute(insert(BrowserSession).values(row))
    return token


def _idle(connection: Connection, person_id: int) -> timedelta:
    works_here = select(Membership.id).where(Membership.person_id == person_id, Membership.shop_id.is_(None)).limit(1)
    return MERCHANT_IDLE if connection.scalar(works_here) is None else STAFF_IDLE


def _end(connection: Connection, token: str) -> None:
    connection.execute(delete(BrowserSession).where(BrowserSession.id_hash == _hashed(token)))


def _limit_half_sign_in(visit: Visit, at: datetime) -> None:
    """A right password without its second factor is good for ten minutes."""
    since = visit.get(HALF_SINCE)
    if HALF not in visit:
        if since is not None:
            visit.pop(HALF_SINCE)
    elif since is None:
        visit[HALF_SINCE] = at.timestamp()


def forget_half_sign_in(visit: Visit, at: datetime) -> None:
    """Forget a sign-in that was begun too long ago."""
    if at.timestamp() - visit.get(HALF_SINCE, at.timestamp()) > HALF_SIGNED_IN.total_seconds():
        for key in [key for key in visit if key.startswith("tf_")]:
            visit.pop(key)


def end_all(person: Person, *, but: str | None = None) -> None:
    """End every session of the person, in the open unit of work; `but` is the id of one that stays."""
    others = delete(BrowserSession).where(BrowserSession.person_id == person.id)
    session().execute(others.where(BrowserSession.id_hash != _hashed(but)) if but else others)


def passive(view: View) -> View:
    """Mark a view that the page asks for by itself: a poll does not keep anybody signed in."""
    vars(view)["passive"] = True
    return view


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
