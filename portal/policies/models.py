"""Policies: versioned, immutable once published."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal import guards
from portal.db import Instant, Key, Model


class PolicyVersion(Model):
    """One published version of a policy with its rules; a case keeps the version it was filed under."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("code", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    jurisdiction: Mapped[str] = mapped_column(String(16))
    effective_from: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime] = mapped_column(Instant)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))


guards.append_only(PolicyVersion)
