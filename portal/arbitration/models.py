"""Arbitrations (退款仲裁) of after-sales cases: the first, and the one re-review."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import guards
from portal.aftersales.models import AfterSale
from portal.arbitration.lifecycle import LIABLE, OVER, STATUSES
from portal.db import Instant, Key, Model, only
from portal.policies import RULINGS

AGAIN = "again:"


def _among(column: str, options: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(option) for option in options)})"


class Arbitration(Model):
    """One hearing of one dispute: round 1, or the re-review as round 2, whose `parent` it is.

    `due_at` is the earliest time that runs, null once it is over. What one side handed in is shown to the other from
    `disclosed_at` on. `awaited` is the party that more was asked of. `appeal_window` and `appeal_due_at` say whether
    and until when the merchant may appeal the ruling; `second_via` which way was taken: an appeal, or a re-review;
    `replaced` whether that brought another ruling.
    """

    __tablename__ = "arbitration"
    __table_args__ = (
        UniqueConstraint("after_sale_id", "round"),
        CheckConstraint("round IN (1, 2)", name="round"),
        CheckConstraint("(round = 2) = (parent_id IS NOT NULL)", name="parent"),
        CheckConstraint("opened_by IN ('merchant', 'buyer', 'platform', 'system')", name="opened_by"),
        CheckConstraint(_among("status", STATUSES), name="status"),
        CheckConstraint(f"({_among('status', OVER)}) = (ended_at IS NOT NULL)", name="ended_at"),
        CheckConstraint(_among("outcome", RULINGS), name="outcome"),
        CheckConstraint(_among("liability", LIABLE), name="liability"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("appeal_window IN ('none', 'open', 'closed')", name="appeal_window"),
        CheckConstraint("appeal_window <> 'open' OR appeal_due_at IS NOT NULL", name="appeal_due_at"),
        CheckConstraint("second_via IN ('appeal', 're_review')", name="second_via"),
        CheckConstraint("awaited IN ('merchant', 'buyer')", name="awaited"),
        CheckConstraint("amount_minor >= 1", name="amount"),
        Index("ix_arbitration_appealable", "shop_id", "appeal_due_at", "id", **only("appeal_window = 'open'")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(24), unique=True)
    after_sale_id: Mapped[int] = mapped_column(ForeignKey("after_sale.id"))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    round: Mapped[int] = mapped_column(default=1)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("arbitration.id"))
    opened_by: Mapped[str] = mapped_column(String(16))
    ground: Mapped[str | None] = mapped_column(String(16))
    reason_code: Mapped[str] = mapped_column(String(64))
    order_no: Mapped[str] = mapped_column(String(64))
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    status: Mapped[str] = mapped_column(String(16), default="collecting")
    attempt: Mapped[int] = mapped_column(default=0)
    supplement_rounds: Mapped[int] = mapped_column(default=0)
    awaited: Mapped[str | None] = mapped_column(String(16))
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    overdue: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str | None] = mapped_column(String(32))
    liability: Mapped[str | None] = mapped_column(String(16))
    refund_minor: Mapped[int | None]
    appeal_window: Mapped[str] = mapped_column(String(8), default="none")
    appeal_due_at: Mapped[datetime | None] = mapped_column(Instant)
    appeal_rights_used: Mapped[int] = mapped_column(default=0)
    second_via: Mapped[str | None] = mapped_column(String(16))
    replaced: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    stage_at: Mapped[datetime] = mapped_column(Instant)
    disclosed_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    after_sale: Mapped[AfterSale] = relationship()

    @property
    def title_code(self) -> str:
        """What the queue names it by: why the buyer complains, and whether it is looked at once more."""
        return self.reason_code if self.round == 1 else f"{AGAIN}{self.reason_code}"

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def may_be_appealed(self, at: datetime) -> bool:
        """Whether an appeal of the ruling that arrives at this instant is in time, even if the sweep sleeps."""
        return self.appeal_window == "open" and self.appeal_due_at is not None and at < self.appeal_due_at


guards.frozen(Arbitration, _among("OLD.status", OVER))
guards.refuse(Arbitration, "no_delete", "BEFORE DELETE")
guards.refuse(
    Arbitration,
    "ruling_stands",
    "BEFORE UPDATE",
    "OLD.outcome IS NOT NULL AND (NEW.outcome IS DISTINCT FROM OLD.outcome "
    "OR NEW.liability IS DISTINCT FROM OLD.liability OR NEW.refund_minor IS DISTINCT FROM OLD.refund_minor "
    "OR NEW.decided_at IS DISTINCT FROM OLD.decided_at)",
)
guards.tally(
    Arbitration,
    "appealable",
    scope="'shop:' || @.shop_id",
    count="'to_appeal'",
    when="@.appeal_window = 'open'",
    columns="appeal_window",
)
