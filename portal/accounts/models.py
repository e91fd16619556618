"""Shops, people and what people may do where."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Instant, Key, Model, only

if TYPE_CHECKING:

    class SignsIn:
        """What Flask-Security adds to a person, as far as we call it."""

    class SignsInByKey:
        """What Flask-Security adds to a passkey, as far as we call it."""
else:
    from flask_security import UserMixin as SignsIn
    from flask_security import WebAuthnMixin as SignsInByKey

MERCHANT_ROLES = ("merchant_owner", "merchant_agent", "merchant_viewer")
REVIEW_ROLES = ("reviewer", "senior_reviewer")
STAFF_ROLES = (*REVIEW_ROLES, "lead", "penalty_issuer", "policy_admin", "auditor", "admin")
ROLES = MERCHANT_ROLES + STAFF_ROLES


class Shop(Model):
    """A merchant's shop on the marketplace; `policy_code` names the rules that bind it.

    `return_address` is where its goods go back to, empty while it has given none.
    """

    __tablename__ = "shop"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(24), unique=True)
    external_id: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    locale: Mapped[str] = mapped_column(String(8), default="zh")
    policy_code: Mapped[str] = mapped_column(String(40), default="douyin")
    contact_email: Mapped[str | None] = mapped_column(String(254))
    return_address: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Person(SignsIn, Model):
    """Somebody who signs in. `pseudonym` stands for them in the audit chain.

    `fs_uniquifier` is what a browser session knows them by: a new one ends every session there is.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    locale: Mapped[str | None] = mapped_column(String(8))
    pseudonym: Mapped[str] = mapped_column(String(40), unique=True)
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    password: Mapped[str | None] = mapped_column(String(255))
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(16))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    totp_counter: Mapped[int | None] = mapped_column(BigInteger)
    mf_recovery_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    memberships: Mapped[list["Membership"]] = relationship(back_populates="person", lazy="selectin")
    webauthn: Mapped[list["Passkey"]] = relationship(back_populates="person", order_by="Passkey.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def roles_at(self, at: datetime, shop_id: int | None = None) -> Iterator[str]:
        """The roles in force at `at`: those on the platform and those in the shop."""
        return (m.role for m in self.memberships if m.is_valid(at) and m.shop_id in (None, shop_id))

    def is_staff(self, at: datetime) -> bool:
        """Whether they work for the marketplace."""
        return any(True for _ in self.roles_at(at))

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in with the password asks for a code, too."""
        return bool(self.tf_totp_secret and self.tf_primary_method)

    def check_tf_required_setup(self) -> bool:
        """Whether they can't do without a second factor: staff, outside the demo. Flask-Security asks."""
        return not current_app.config["DEMO"] and self.is_staff(clock.now())

    def check_tf_required(self, methods: list[tuple[str, str]], _fresh: bool) -> tuple[bool, list[tuple[str, str]]]:
        """Whether the right password is not enough to sign in. Flask-Security asks."""
        return bool(methods) or self.check_tf_required_setup(), methods


class Membership(Model):
    """A role of a person, in one shop (merchant roles) or on the platform (`shop_id` null)."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "shop_id", "role"),
        Index("uq_membership_platform", "person_id", "role", unique=True, **only("shop_id IS NULL")),
        CheckConstraint("role IN ({})".format(", ".join(f"'{role}'" for role in ROLES)), name="role"),
        CheckConstraint("(role LIKE 'merchant_%') = (shop_id IS NOT NULL)", name="scope"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shop.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    may_submit: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[datetime] = mapped_column(Instant)
    valid_to: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(back_populates="memberships")
    shop: Mapped[Shop | None] = relationship(lazy="joined")

    def is_valid(self, at: datetime) -> bool:
        """Whether the role may be used at `at`; its end is exclusive."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


class Passkey(SignsInByKey, Model):
    """A key of a device with which a person signs in; the columns are those that Flask-Security fills."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(64))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(1024))
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[list[str] | None] = mapped_column(JSON)
    extensions: Mapped[str | None] = mapped_column(String(255))
    device_type: Mapped[str] = mapped_column(String(64))
    backup_state: Mapped[bool] = mapped_column(default=False, server_default=false())
    usage: Mapped[str] = mapped_column(String(16))
    lastuse_datetime: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship(back_populates="webauthn")


class BrowserSession(Model):
    """A browser in which somebody is signed in; the browser knows the id, we know its hash."""

    __tablename__ = "browser_session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    contents: Mapped[str] = mapped_column(Text)
    idle_minutes: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Guess(Model):
    """Wrong passwords and codes in a row, by account and address (hashed); no try is looked at before `next_at`."""

    __tablename__ = "guess"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    wrong: Mapped[int]
    since: Mapped[datetime] = mapped_column(Instant)
    next_at: Mapped[datetime] = mapped_column(Instant, index=True)


class CaseLink(Model):
    """The right of whoever has the link to be one party of one case, until it expires or is revoked."""

    __tablename__ = "case_link"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="lasts"),
        Index("ix_case_link_case", "case_type", "case_ref", "party"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_type: Mapped[str] = mapped_column(String(16))
    case_ref: Mapped[str] = mapped_column(String(24))
    party: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
