"""Deadlines: who must act until when, how that instant was found, and what moved it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal import guards
from portal.db import Instant, Key, Model, only

LIVE = "state IN ('running', 'paused')"


class CalendarVersion(Model):
    """The working days of one calendar as known at one time; immutable."""

    __tablename__ = "calendar_version"
    __table_args__ = (UniqueConstraint("code", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Instant)


class Deadline(Model):
    """Until when a party must act: in time iff the act arrived before `due_at` (exclusive; never moves earlier)."""

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'paused', 'met', 'expired', 'cancelled')", name="state"),
        CheckConstraint("party IN ('merchant', 'buyer', 'platform')", name="party"),
        Index("uq_deadline_live", "subject_type", "subject_id", "kind", "party", unique=True, **only(LIVE)),
        Index("ix_deadline_running", "due_at", "id", **only("state = 'running' AND set_aside_at IS NULL")),
        Index("ix_deadline_remind", "remind_at", "id", **only("state = 'running' AND remind_at IS NOT NULL")),
        Index("ix_deadline_subject", "subject_type", "subject_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    subject_type: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    party: Mapped[str] = mapped_column(String(16))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    base_due_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(16), default="running")
    spec: Mapped[dict[str, Any]] = mapped_column(JSON)
    explain: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    provisional: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str] = mapped_column(String(40))
    calendar_version_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_version.id"))
    policy_version_id: Mapped[int | None] = mapped_column(ForeignKey("policy_version.id"))
    reminders: Mapped[list[int]] = mapped_column(JSON)
    remind_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    remaining: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    set_aside_at: Mapped[datetime | None] = mapped_column(Instant)
    set_aside_why: Mapped[str | None] = mapped_column(String(500))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def may_move(self) -> bool:
        """Whether it isn't over and was counted before all its holidays were known: it may still move, and later."""
        return self.provisional and self.state in ("running", "paused")


class DeadlineExtension(Model):
    """Why a deadline moved, from when to when."""

    __tablename__ = "deadline_extension"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"), index=True)
    old_due: Mapped[datetime] = mapped_column(Instant)
    new_due: Mapped[datetime] = mapped_column(Instant)
    cause: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(500), default="")
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)


guards.append_only(CalendarVersion)
guards.append_only(DeadlineExtension)
guards.refuse(Deadline, "never_earlier", "BEFORE UPDATE", "NEW.due_at < OLD.due_at")
guards.no_overwrite(Deadline)
