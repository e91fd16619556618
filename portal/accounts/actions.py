"""What is done to people, shops and roles. None commits."""

import secrets
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email
from flask_security import hash_password
from sqlalchemy import select

from portal import audit
from portal.accounts import factors, sessions
from portal.accounts.models import MERCHANT_ROLES, ROLES, Membership, Person, Shop
from portal.accounts.passwords import LEAST_LENGTH, normalised
from portal.accounts.queries import by_email
from portal.audit import SYSTEM, Actor
from portal.db import session
from portal.refs import new_ref
from portal.refusals import Refused

CHAIN = "accounts"


def add_shop(
    *,
    external_id: str,
    name: str,
    at: datetime,
    by: Actor = SYSTEM,
    policy_code: str = "douyin",
    zone: str = "Asia/Shanghai",
    locale: str = "zh",
    contact_email: str | None = None,
) -> Shop:
    """A new shop of the marketplace; refused if its number is taken."""
    if session().scalar(select(Shop.id).where(Shop.external_id == external_id)):
        raise Refused("shop_taken")
    shop = Shop(
        ref=new_ref("SH", at),
        external_id=external_id,
        name=name,
        zone=ZoneInfo(zone).key,
        locale=locale,
        policy_code=policy_code,
        contact_email=_address(contact_email) if contact_email else None,
        created_at=at,
    )
    session().add(shop)
    session().flush()
    _record("shop_added", by, at, shop=shop.ref)
    return shop


def add_person(
    *, email: str, name: str, at: datetime, by: Actor = SYSTEM, password: str | None = None, locale: str | None = None
) -> Person:
    """Somebody new, without a role. Without a password they sign in after asking for a link to set one."""
    address = _address(email)
    if by_email(address):
        raise Refused("email_taken")
    person = Person(
        email=address,
        name=name.strip(),
        locale=locale,
        pseudonym=f"P-{secrets.token_hex(8)}",
        password=None if password is None else _hashed(password),
        fs_uniquifier=uuid.uuid4().hex,
        fs_webauthn_user_handle=uuid.uuid4().hex,
        created_at=at,
    )
    session().add(person)
    session().flush()
    _record("person_added", by, at, person=person.pseudonym)
    return person


def grant(
    person: Person, role: str, *, at: datetime, by: Actor = SYSTEM, shop: Shop | None = None, may_submit: bool = True
) -> Membership:
    """Give the person a role: in the shop, or on the platform. Nobody may hold roles on both sides."""
    if role not in ROLES:
        raise Refused("role_unknown")
    if (role in MERCHANT_ROLES) != (shop is not None):
        raise Refused("role_of_shop" if role in MERCHANT_ROLES else "role_of_platform")
    session().refresh(person, with_for_update=True)
    held = [m for m in person.memberships if m.valid_to is None or m.valid_to > at]
    if any((m.shop_id is None) != (shop is None) for m in held):
        raise Refused("mixed_roles")
    membership = _membership(person, role, shop) or Membership(role=role, shop=shop)
    membership.valid_from, membership.valid_to, membership.may_submit = at, None, may_submit
    if membership not in person.memberships:
        person.memberships.append(membership)
    session().flush()
    sessions.end_all(person)
    _record("role_granted", by, at, person=person.pseudonym, role=role, shop=shop.ref if shop else None)
    return membership


def revoke(person: Person, role: str, *, at: datetime, by: Actor = SYSTEM, shop: Shop | None = None) -> None:
    """Take a role from the person, at once: their sessions end."""
    membership = _membership(person, role, shop)
    if membership is None or not membership.is_valid(at):
        raise Refused("role_missing")
    membership.valid_to = at
    sessions.end_all(person)
    session().flush()
    _record("role_revoked", by, at, person=person.pseudonym, role=role, shop=shop.ref if shop else None)


def disable(person: Person, *, at: datetime, by: Actor = SYSTEM) -> None:
    """Shut the person out, at once and everywhere."""
    person.active = False
    sessions.end_all(person)
    session().flush()
    _record("person_disabled", by, at, person=person.pseudonym)


def enable(person: Person, *, at: datetime, by: Actor = SYSTEM) -> None:
    """Let a person in again who was shut out."""
    person.active = True
    session().flush()
    _record("person_enabled", by, at, person=person.pseudonym)


def set_password(person: Person, password: str, *, at: datetime, by: Actor = SYSTEM, anew: bool = False) -> None:
    """Set the person's password; their sessions end. `anew` also takes their second factors, when the phone is lost."""
    person.password = _hashed(password)
    person.fs_uniquifier = uuid.uuid4().hex
    if anew:
        factors.forget(person)
    sessions.end_all(person)
    session().flush()
    _record("password_set", by, at, person=person.pseudonym, factors_forgotten=anew)


def choose_language(person: Person, code: str) -> None:
    """Remember in which language the person reads."""
    person.locale = code
    session().flush()


def set_return_address(shop: Shop, address: str, *, at: datetime, by: Actor = SYSTEM) -> None:
    """Say where the goods of the shop go back to; nowhere if it is empty. The record has the fact, not the address."""
    shop.return_address = address
    session().flush()
    _record("return_address_set", by, at, shop=shop.ref)


def _membership(person: Person, role: str, shop: Shop | None) -> Membership | None:
    where = shop.id if shop else None
    return next((m for m in person.memberships if m.role == role and m.shop_id == where), None)


def _address(email: str) -> str:
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.casefold()
    except EmailNotValidError as why:
        raise Refused("email_invalid") from why


def _hashed(password: str) -> str:
    """Its hash, of the form in which the sign-in page compares it; refused if it is too short, or no text."""
    try:
        password.encode()
    except UnicodeEncodeError as why:
        raise Refused("password_illegible") from why
    normal = normalised(password)
    if len(normal) < LEAST_LENGTH:
        raise Refused("password_short", least=LEAST_LENGTH)
    return str(hash_password(normal))


def _record(what: str, by: Actor, at: datetime, **about: str | bool | None) -> None:
    audit.record(CHAIN, f"account.{what}", by=by, at=at, data=dict(about), audience="platform")
