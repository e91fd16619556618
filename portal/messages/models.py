"""The message box and the outbox behind it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal import guards
from portal.db import Instant, Key, Model, only

CATEGORIES = ("penalty", "appeal", "aftersale", "system")
WAITING = "done_at IS NULL"


class Notice(Model):
    """One line in a message box: of a shop (all its people share it) or of one person of the staff.

    `recipient` is `shop:<id>`, `person:<id>`, or `guest:<id>` for who has no box and gets it by mail alone; `event`
    names what happened, so that it is told once.
    The words are made when it is read, from `template` and `params`, in the reader's language.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("event", "recipient"),
        CheckConstraint("category IN ('penalty', 'appeal', 'aftersale', 'system')", name="category"),
        Index("ix_notice_category", "recipient", "category", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    event: Mapped[str] = mapped_column(String(120))
    recipient: Mapped[str] = mapped_column(String(32))
    category: Mapped[str] = mapped_column(String(16))
    template: Mapped[str] = mapped_column(String(64))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    case_type: Mapped[str | None] = mapped_column(String(16))
    case_ref: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    read_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Delivery(Model):
    """One notice by one channel to one address, or a mail without a notice (`payload` has its words).

    The `payload` of a guest's mail says how its link is made; it is emptied once the mail is sent.
    The outbox is the rows with `done_at` null: claimed with a lease (`next_at` pushed ahead), tried, settled.
    `attempts` counts claims, `failures` the tries that were answered with no: a drainer that died cost no try.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel", "address"),
        CheckConstraint("state IN ('queued', 'sent', 'failed', 'bounced')", name="state"),
        Index("ix_delivery_waiting", "next_at", "id", **only(WAITING)),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(8))
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(Instant)


guards.tally(
    Notice,
    "unread",
    scope="@.recipient",
    count="'unread:' || @.category",
    when="@.read_at IS NULL AND substr(@.recipient, 1, 6) <> 'guest:'",  # nobody asks how much a guest has not read
    columns="read_at",
)
