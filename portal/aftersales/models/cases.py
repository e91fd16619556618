"""After-sales cases (售后): what a buyer asks of a shop, what both offer each other, and what they say."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import guards
from portal.aftersales.lifecycle import (
    FINDINGS,
    KINDS,
    OFFER_STATUSES,
    OFFERS,
    RESOLUTIONS,
    STATUSES,
    TAB_OF,
    goods_first,
)
from portal.aftersales.models.orders import Purchase, PurchaseItem
from portal.db import Instant, Key, Model, only


def _among(column: str, options: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(option) for option in options)})"


TAB_BY_STATUS = " OR ".join(f"(status = '{status}' AND tab = '{tab}')" for status, tab in TAB_OF.items())


class AfterSale(Model):
    """One request about an order. `turn` says who must act, `due_at` until when: the earliest deadline that runs.

    `tab` follows from the status; it stands here so that a list is read in the order of its index. `remedy` and
    `agreed_minor` are set once something is agreed, ruled, or follows from silence; of goods that were ruled it is what
    is paid if they don't come. `moved_at` is the last change.
    """

    __tablename__ = "after_sale"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint(_among("kind", KINDS), name="kind"),
        CheckConstraint(_among("status", STATUSES), name="status"),
        CheckConstraint(TAB_BY_STATUS, name="tab"),
        CheckConstraint(_among("resolution", RESOLUTIONS), name="resolution"),
        CheckConstraint("(status = 'closed') = (resolution IS NOT NULL)", name="resolution_iff_closed"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("requested_minor >= 1", name="requested"),
        CheckConstraint("agreed_minor BETWEEN 0 AND requested_minor", name="agreed"),
        CheckConstraint("status <> 'refund_pending' OR agreed_minor >= 1", name="refund"),
        CheckConstraint("remedy IN ('refund', 'goods', 'none')", name="remedy"),
        CheckConstraint(_among("inspection", ("ok", *FINDINGS)), name="inspection"),
        CheckConstraint("turn IN ('merchant', 'buyer', 'both', 'platform', 'nobody')", name="turn"),
        Index("ix_after_sale_tab", "shop_id", "tab", "due_at", "id"),
        Index("ix_after_sale_moved", "shop_id", "tab", "moved_at", "id"),
        Index("ix_after_sale_order", "shop_id", "order_no"),
        Index("ix_after_sale_number", "shop_id", "external_id"),
        Index("ix_after_sale_return", "shop_id", "return_no", **only("return_no IS NOT NULL")),
        Index("ix_after_sale_sent", "shop_id", "sent_no", **only("sent_no IS NOT NULL")),
        Index("ix_after_sale_purchase", "purchase_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(24), unique=True)
    source: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str] = mapped_column(String(64))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchase.id"))
    order_no: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    reason_code: Mapped[str] = mapped_column(String(64))
    requested_minor: Mapped[int]
    agreed_minor: Mapped[int | None]
    remedy: Mapped[str | None] = mapped_column(String(8))
    currency: Mapped[str] = mapped_column(String(3))
    buyer_statement: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(24), default="awaiting_merchant")
    tab: Mapped[str] = mapped_column(String(16), default="to_handle")
    resolution: Mapped[str | None] = mapped_column(String(16))
    return_carrier: Mapped[str | None] = mapped_column(String(64))
    return_no: Mapped[str | None] = mapped_column(String(64))
    sent_carrier: Mapped[str | None] = mapped_column(String(64))
    sent_no: Mapped[str | None] = mapped_column(String(64))
    inspection: Mapped[str | None] = mapped_column(String(16))
    inspection_note: Mapped[str] = mapped_column(Text, default="")
    refusal_code: Mapped[str | None] = mapped_column(String(64))
    refusal_note: Mapped[str] = mapped_column(Text, default="")
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    turn: Mapped[str] = mapped_column(String(16), default="merchant")
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    imported_at: Mapped[datetime] = mapped_column(Instant)
    moved_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    items: Mapped[list["AfterSaleItem"]] = relationship(order_by="AfterSaleItem.id")
    offers: Mapped[list["Offer"]] = relationship(order_by="Offer.seq")
    purchase: Mapped[Purchase] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def goods_first(self, offer_kind: str) -> bool:
        """Whether the buyer has to send something back before they get what is offered or ruled."""
        return goods_first(offer_kind, self.kind, goods_back=self.sent_back)

    @property
    def sent_back(self) -> bool:
        """Whether a parcel is on its way back, or came back with something in it."""
        return self.return_no is not None and self.inspection != "empty"


class AfterSaleItem(Model):
    """What of the order a request is about, and how much of its amount is for it."""

    __tablename__ = "after_sale_item"
    __table_args__ = (
        UniqueConstraint("after_sale_id", "purchase_item_id"),
        CheckConstraint("qty >= 1", name="qty"),
        CheckConstraint("amount_minor >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    after_sale_id: Mapped[int] = mapped_column(ForeignKey("after_sale.id"))
    purchase_item_id: Mapped[int] = mapped_column(ForeignKey("purchase_item.id"), index=True)
    qty: Mapped[int]
    amount_minor: Mapped[int]

    item: Mapped[PurchaseItem] = relationship()


class Offer(Model):
    """One proposal of one side; at most one of a case waits for the other side's answer."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("after_sale_id", "seq"),
        CheckConstraint("by_party IN ('merchant', 'buyer')", name="by_party"),
        CheckConstraint(_among("kind", OFFERS), name="kind"),
        CheckConstraint(_among("status", OFFER_STATUSES), name="status"),
        CheckConstraint("(kind IN ('no_refund', 'replacement')) = (amount_minor = 0)", name="amount"),
        CheckConstraint("amount_minor >= 0", name="not_negative"),
        CheckConstraint("(status = 'proposed') = (answered_at IS NULL)", name="answered"),
        Index("uq_offer_open", "after_sale_id", unique=True, **only("status = 'proposed'")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    after_sale_id: Mapped[int] = mapped_column(ForeignKey("after_sale.id"))
    seq: Mapped[int]
    by_party: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(24))
    amount_minor: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(16), default="proposed")
    at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AfterSaleMessage(Model):
    """What one side wrote to the other; never changed, corrected by another one. `key` is the form's one-time key."""

    __tablename__ = "after_sale_message"
    __table_args__ = (
        CheckConstraint("by_party IN ('merchant', 'buyer')", name="by_party"),
        Index("uq_after_sale_message_key", "after_sale_id", "key", unique=True),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    after_sale_id: Mapped[int] = mapped_column(ForeignKey("after_sale.id"), index=True)
    by_party: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)


guards.frozen(AfterSale, "OLD.status = 'closed'")
guards.refuse(AfterSale, "no_delete", "BEFORE DELETE")
guards.frozen(Offer, "OLD.status <> 'proposed'")
guards.refuse(Offer, "no_delete", "BEFORE DELETE")
guards.append_only(AfterSaleItem)
guards.append_only(AfterSaleMessage)
guards.tally(
    AfterSale,
    "tab",
    scope="'shop:' || @.shop_id",
    count="'aftersale:' || @.tab",
    when="1 = 1",
    columns="tab",
)
