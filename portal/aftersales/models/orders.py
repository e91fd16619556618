"""Mirrors of the marketplace's orders: what was bought, by whom (a pseudonym), and what of it is claimed already."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import guards
from portal.db import Instant, Key, Model


class Buyer(Model):
    """Whoever bought, as far as the portal knows: no name, phone or address.

    `masked_name` is what the order shows (林**), `pseudonym` stands for them in the audit chain, and mail goes to the
    marketplace's relay.
    """

    __tablename__ = "buyer"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    source: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str] = mapped_column(String(64))
    pseudonym: Mapped[str] = mapped_column(String(40), unique=True)
    masked_name: Mapped[str] = mapped_column(String(40), default="")
    relay_address: Mapped[str | None] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(8), default="zh")
    created_at: Mapped[datetime] = mapped_column(Instant)


class Purchase(Model):
    """One order. `committed_minor` is what of `paid_minor` is given back, or has been promised for good.

    `content_sha256` is the fingerprint of what its source said, but for `delivered_at`, which comes later.
    """

    __tablename__ = "purchase"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint("paid_minor >= 0", name="paid"),
        CheckConstraint("committed_minor BETWEEN 0 AND paid_minor", name="committed"),
        Index("ix_purchase_number", "shop_id", "external_id"),
        Index("ix_purchase_buyer", "buyer_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(24), unique=True)
    source: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(String(64))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    buyer_id: Mapped[int] = mapped_column(ForeignKey("buyer.id"))
    placed_at: Mapped[datetime] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
    paid_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    committed_minor: Mapped[int] = mapped_column(default=0)
    imported_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    items: Mapped[list["PurchaseItem"]] = relationship(order_by="PurchaseItem.id")
    buyer: Mapped[Buyer] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PurchaseItem(Model):
    """One line of an order. `claimed_qty` pieces are in an after-sales case that runs, or that helped the buyer."""

    __tablename__ = "purchase_item"
    __table_args__ = (
        UniqueConstraint("purchase_id", "sku"),
        CheckConstraint("qty >= 1", name="qty"),
        CheckConstraint("unit_minor >= 0", name="unit_minor"),
        CheckConstraint("claimed_qty BETWEEN 0 AND qty", name="claimed"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"))
    sku: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    qty: Mapped[int]
    unit_minor: Mapped[int]
    claimed_qty: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


def _changes(*columns: str) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


TERMS = ("source", "external_id", "shop_id", "buyer_id", "placed_at", "paid_minor", "currency", "content_sha256")
guards.refuse(Purchase, "terms_stay", "BEFORE UPDATE", _changes(*TERMS))
guards.refuse(PurchaseItem, "terms_stay", "BEFORE UPDATE", _changes("purchase_id", "sku", "qty", "unit_minor"))
for model in (Buyer, Purchase, PurchaseItem):
    guards.refuse(model, "no_delete", "BEFORE DELETE")
