"""Who is asking: the person signed in, the shop they are in, and what they are there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, current_app, g, has_request_context, request
from flask import session as flask_session

from portal.accounts import sessions
from portal.accounts.models import STAFF_ROLES, Person, Shop
from portal.accounts.sessions import Rows, Visit
from portal.audit import Actor
from portal.db import session
from portal.hx import arrived_at

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
LANGUAGE_COOKIE = "language"
DEFAULT_ZONE = "Asia/Shanghai"
STRONGEST_FIRST = (
    *("merchant_owner", "merchant_agent", "merchant_viewer"),
    *("senior_reviewer", "reviewer", "lead", "penalty_issuer", "policy_admin", "auditor", "admin"),
)
BOTH_FACTORS = 2


@dataclass(frozen=True)
class ThisShop:
    """What pages need of a shop, without another read; `takes_returns` if it has said where goods go back to."""

    id: int
    ref: str
    name: str
    zone: str
    takes_returns: bool


@dataclass(frozen=True)
class Asking:
    """Who is signed in in this browser, as the database has it now; `id` is 0 for a visitor."""

    id: int = 0
    name: str = ""
    email: str = ""
    locale: str | None = None
    pseudonym: str = ""
    shop: ThisShop | None = None
    shops: tuple[ThisShop, ...] = ()
    roles: frozenset[str] = frozenset()
    may_submit: bool = False


NOBODY = Asking()


def asking() -> Asking:
    """Who is asking in this request."""
    if not has_request_context():
        return NOBODY
    visit = sessions.current()
    if visit.asking is None:
        visit.asking = _read(visit, visit.rows)
    found: Asking = visit.asking
    return found


def recall() -> None:
    """Look again who is asking, inside the unit of work: 401 if they were disabled or signed out meanwhile."""
    visit = sessions.current()
    if not visit.rows:
        return
    visit.rows = sessions.find(visit.token or "")
    visit.asking = None
    if not asking().id:
        abort(401)


def _read(visit: Visit, rows: Rows) -> Asking:
    if not rows or rows[0].fs_uniquifier != visit.get("_user_id"):
        return NOBODY
    at = arrived_at()
    valid = [m for m in rows if m.role and m.valid_from <= at and (m.valid_to is None or at < m.valid_to)]
    roles = frozenset(m.role for m in valid if m.shop_id is None)
    if roles and not current_app.config["DEMO"] and visit.get("factors") != BOTH_FACTORS:
        return NOBODY
    shops = {m.shop_id: ThisShop(m.shop_id, m.shop_ref, m.shop_name, m.zone, m.returns) for m in valid if m.shop_id}
    shop = shops.get(visit.get("shop"), next(iter(shops.values()), None))
    here = [m for m in valid if shop and m.shop_id == shop.id]
    return Asking(
        id=rows[0].person_id,
        name=rows[0].name,
        email=rows[0].email,
        locale=rows[0].locale,
        pseudonym=rows[0].pseudonym,
        shop=shop,
        shops=tuple(shops.values()),
        roles=roles | {m.role for m in here},
        may_submit=any(m.may_submit for m in here),
    )


def me() -> Person | None:
    """The person signed in in this browser."""
    found = asking()
    return session().get(Person, found.id) if found.id else None


def shop() -> Shop | None:
    """The shop the person is in now; None for staff and visitors."""
    here = asking().shop
    return session().get(Shop, here.id) if here else None


def present_shop() -> ThisShop:
    """The shop the person is in now, without another read; 403 if there is none."""
    return asking().shop or abort(403)


def actor() -> Actor:
    """The person as one who acts: under their pseudonym, in their strongest role here; 401 if nobody is signed in."""
    found = asking()
    if not found.id:
        abort(401)
    role = next((role for role in STRONGEST_FIRST if role in found.roles), "none")
    return Actor(found.pseudonym, role, found.id, found.shop.id if found.shop else None)


def has_role(*roles: str) -> bool:
    """Whether the person has one of the roles: in the present shop, or on the platform."""
    return not asking().roles.isdisjoint(roles)


def is_staff() -> bool:
    """Whether the person works for the marketplace."""
    return has_role(*STAFF_ROLES)


def may(verb: str) -> bool:
    """Whether the person may `read`, `write` (drafts, files), `submit` what can't be taken back, manage `members`."""
    if verb == "read":
        return bool(asking().roles)
    if verb == "members":
        return has_role("merchant_owner")
    writes = has_role("merchant_owner", "merchant_agent")
    return writes and (verb == "write" or has_role("merchant_owner") or asking().may_submit)


def is_fresh(within: timedelta = timedelta(minutes=30)) -> bool:
    """Whether the person proved who they are this short a time ago."""
    proved_at = float(sessions.current().get("fs_paa", 0))
    return timedelta(0) <= arrived_at() - datetime.fromtimestamp(proved_at, arrived_at().tzinfo) <= within


def locale() -> str | None:
    """The reader's language: chosen for good, else in this browser, else what the browser prefers, else Chinese."""
    if not has_request_context():
        return None
    return LOCALES[_language((asking().locale, request.cookies.get(LANGUAGE_COOKIE)))]


def _language(chosen: Iterable[str | None]) -> str:
    known = next((code for code in chosen if code in LOCALES), None)
    return known or ("en" if request.accept_languages.best_match(["zh", "en"]) == "en" else "zh")


def zone() -> str:
    """The zone in which times are shown: that of the case a link has opened, the present shop's, else Beijing time."""
    if not has_request_context():
        return DEFAULT_ZONE
    here = asking().shop
    return str(g.get("case_zone") or (here.zone if here else DEFAULT_ZONE))


def switch_to(ref: str) -> bool:
    """Go into another of one's own shops; False if it is not one's own."""
    mine = next((own for own in asking().shops if own.ref == ref), None)
    if mine is not None:
        flask_session["shop"] = mine.id
        sessions.current().asking = None
    return mine is not None
