"""Penalties (奖惩中心): what the marketplace holds against a shop, with its reasons and measures."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import guards
from portal.db import Instant, Key, Model, only

STATUSES = ("notified", "active", "held", "reduced", "overturned", "revoked", "served")
AUTOMATED = ("none", "assisted", "full")
MEASURES = (
    "fine",
    "points",
    "traffic_limit",
    "listing_removed",
    "withhold_funds",
    "suspend_shop",
    "close_shop",
    "review_kept",
    "score_deduction",
    "other",
)
FIGURES = ("amount_minor", "points", "days")


class Penalty(Model):
    """One violation found. `due_at` and `appeal_window` say until when and whether it may still be appealed.

    `content_sha256` is the fingerprint of what its source said, by which a second import knows the same thing again.
    `amount_minor` and `points` stay as issued; what a reduction left of them stands in the measures.
    """

    __tablename__ = "penalty"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint("status IN ({})".format(", ".join(f"'{s}'" for s in STATUSES)), name="status"),
        CheckConstraint("appeal_window IN ('open', 'closed')", name="appeal_window"),
        CheckConstraint("automated IN ({})".format(", ".join(f"'{a}'" for a in AUTOMATED)), name="automated"),
        CheckConstraint("amount_minor >= 0", name="amount_minor"),
        Index("ix_penalty_window", "shop_id", "appeal_window", "due_at", "id"),
        Index("ix_penalty_shop", "shop_id", "notified_at", "id"),
        Index("ix_penalty_external", "shop_id", "external_id"),
        Index("ix_penalty_order", "shop_id", "order_no"),
        Index("ix_penalty_notified", "effective_at", "id", **only("status = 'notified'")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(24), unique=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    source: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(String(64))
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    rule_code: Mapped[str] = mapped_column(String(64))
    facts: Mapped[str] = mapped_column(Text)
    reasons: Mapped[dict[str, Any]] = mapped_column(JSON)
    automated: Mapped[str] = mapped_column(String(16), default="none")
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    order_no: Mapped[str | None] = mapped_column(String(64))
    concerns: Mapped[str] = mapped_column(String(200), default="")
    amount_minor: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    points: Mapped[int] = mapped_column(default=0)
    notified_at: Mapped[datetime] = mapped_column(Instant)
    effective_at: Mapped[datetime] = mapped_column(Instant)
    imported_at: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[str] = mapped_column(String(16), default="active")
    appealable: Mapped[bool]
    appeal_window: Mapped[str] = mapped_column(String(8), default="closed")
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    appeal_rights_used: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    measures: Mapped[list["Measure"]] = relationship(lazy="selectin", order_by="Measure.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def is_open(self, at: datetime) -> bool:
        """Whether an appeal that arrives at this instant is in time; late is late, even if the sweep sleeps."""
        return self.appealable and self.appeal_window == "open" and self.due_at is not None and at < self.due_at


class Measure(Model):
    """One consequence of a penalty, and whether it is in effect.

    `params` has what its kind needs: amount_minor and currency, points, days, note; and after a reduction `was`.
    """

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("kind IN ({})".format(", ".join(f"'{k}'" for k in MEASURES)), name="kind"),
        CheckConstraint("effect IN ('active', 'held', 'lifted', 'reduced')", name="effect"),
        CheckConstraint("execution IN ('none', 'pending', 'acknowledged', 'failed')", name="execution"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    penalty_id: Mapped[int] = mapped_column(ForeignKey("penalty.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    effect: Mapped[str] = mapped_column(String(16), default="active")
    execution: Mapped[str] = mapped_column(String(16), default="none")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def figure(self) -> tuple[str, int] | None:
        """The figure that a decision can lower: its name in `params` and its value; None where there is none."""
        return next(((name, self.params[name]) for name in FIGURES if name in self.params), None)


guards.refuse(Penalty, "no_delete", "BEFORE DELETE")
guards.refuse(Measure, "no_delete", "BEFORE DELETE")
guards.tally(
    Penalty,
    "type",
    scope="'shop:' || @.shop_id",
    count="'type:' || @.rule_code",
    when="1 = 1",
    columns="rule_code",
)
guards.tally(
    Penalty,
    "to_appeal",
    scope="'shop:' || @.shop_id",
    count="'to_appeal'",
    when="@.appeal_window = 'open'",
    columns="appeal_window",
)
