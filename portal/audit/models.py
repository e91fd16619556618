"""The history of every case: append-only, hash-chained."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal import guards
from portal.db import Instant, Key, Model


class AuditEvent(Model):
    """One thing that happened to a case; `hash` covers it and everything before it in its chain.

    `audience` says who may see its data: `platform`, `parties` (everybody who may open the case), or one party.
    `actor` is a pseudonym; who is behind it stands in `person` only, so erasing a person leaves the chain whole.
    """

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("chain", "seq"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    chain: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(40))
    actor_role: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(64))
    from_status: Mapped[str | None] = mapped_column(String(32))
    to_status: Mapped[str | None] = mapped_column(String(32))
    audience: Mapped[str] = mapped_column(String(16), default="parties")
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(32))
    data_hash: Mapped[str] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


guards.append_only(AuditEvent)
