"""The appeal (申诉): one per subject and round, final when completed."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal import guards
from portal.appeals.lifecycle import chance
from portal.db import Instant, Key, Model, only

STATUSES = ("draft", "under_review", "needs_evidence", "completed")
OUTCOMES = ("upheld", "partially_upheld", "rejected", "inadmissible", "closed_timeout", "withdrawn", "moot", "lapsed")


class Appeal(Model):
    """A party's appeal against a subject. `due_at` is when whoever holds it must act, null when completed.

    `round_no` counts the party's appeals against this subject, of which the policy allows `rounds_allowed`.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "appellant", "round_no"),
        CheckConstraint("round_no BETWEEN 1 AND rounds_allowed", name="round_no"),
        CheckConstraint("status IN ({})".format(", ".join(f"'{s}'" for s in STATUSES)), name="status"),
        CheckConstraint("outcome IN ({})".format(", ".join(f"'{o}'" for o in OUTCOMES)), name="outcome"),
        CheckConstraint("(status = 'completed') = (outcome IS NOT NULL)", name="outcome_iff_completed"),
        CheckConstraint("(status = 'completed') = (completed_at IS NOT NULL)", name="completed_at"),
        CheckConstraint("appellant IN ('merchant', 'buyer')", name="appellant"),
        Index("ix_appeal_tab", "shop_id", "status", "due_at", "id", **only("status <> 'completed'")),
        Index("ix_appeal_completed", "shop_id", "completed_at", "id", **only("status = 'completed'")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(24), unique=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    subject_type: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int]
    subject_ref: Mapped[str] = mapped_column(String(64))
    subject_no: Mapped[str] = mapped_column(String(64))
    concerns: Mapped[str] = mapped_column(String(200), default="")
    appellant: Mapped[str] = mapped_column(String(16), default="merchant")
    round_no: Mapped[int] = mapped_column(default=1)
    rounds_allowed: Mapped[int] = mapped_column(default=1)
    rule_code: Mapped[str] = mapped_column(String(64))
    order_no: Mapped[str | None] = mapped_column(String(64))
    amount_minor: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    ground_code: Mapped[str | None] = mapped_column(String(64))
    statement: Mapped[str] = mapped_column(Text, default="")
    declarations: Mapped[dict[str, str]] = mapped_column(JSON)
    draft_rev: Mapped[int] = mapped_column(default=0)
    draft_window: Mapped[str] = mapped_column(String(32), default="", server_default="")
    supplement_statement: Mapped[str] = mapped_column(Text, default="")
    supplement_declarations: Mapped[dict[str, str]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(16), default="draft")
    outcome: Mapped[str | None] = mapped_column(String(32))
    attempt: Mapped[int] = mapped_column(default=0)
    supplement_rounds: Mapped[int] = mapped_column(default=0)
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    overdue: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(Instant)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    filed_via: Mapped[str] = mapped_column(String(16), default="appeal_centre")
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def chance(self) -> str:
        """Whether it is the `only` appeal that the policy allows, one with `more` after it, or the `last`."""
        return chance(self.round_no, self.rounds_allowed)


guards.frozen(Appeal, "OLD.status = 'completed'")
guards.refuse(Appeal, "never_draft_again", "BEFORE UPDATE", "NEW.status = 'draft' AND OLD.status <> 'draft'")
guards.refuse(Appeal, "no_delete_once_sent", "BEFORE DELETE", "OLD.status <> 'draft'")
guards.tally(
    Appeal,
    "status",
    scope="'shop:' || @.shop_id",
    count="@.status",
    when="@.status <> 'draft'",
    columns="status",
)
