"""After-sales: orders, requests, offers, messages."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one step."""
    op.create_table(
        "buyer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("masked_name", sa.String(length=40), nullable=False),
        sa.Column("relay_address", sa.String(length=254), nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("created_at", portal.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_buyer_pseudonym")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_buyer_source_external_id")),
    )
    op.create_table(
        "purchase",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("buyer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("placed_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("delivered_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("paid_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("committed_minor", sa.Integer(), nullable=False),
        sa.Column("imported_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("committed_minor BETWEEN 0 AND paid_minor", name=op.f("ck_purchase_committed")),
        sa.CheckConstraint("paid_minor >= 0", name=op.f("ck_purchase_paid")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyer.id"], name=op.f("fk_purchase_buyer_id_buyer")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_purchase_shop_id_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase")),
        sa.UniqueConstraint("ref", name=op.f("uq_purchase_ref")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_purchase_source_external_id")),
    )
    with op.batch_alter_table("purchase", schema=None) as batch_op:
        batch_op.create_index("ix_purchase_buyer", ["buyer_id"], unique=False)
        batch_op.create_index("ix_purchase_number", ["shop_id", "external_id"], unique=False)

    op.create_table(
        "after_sale",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purchase_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_no", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason_code", sa.String(length=64), nullable=False),
        sa.Column("requested_minor", sa.Integer(), nullable=False),
        sa.Column("agreed_minor", sa.Integer(), nullable=True),
        sa.Column("remedy", sa.String(length=8), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("buyer_statement", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("tab", sa.String(length=16), nullable=False),
        sa.Column("resolution", sa.String(length=16), nullable=True),
        sa.Column("return_carrier", sa.String(length=64), nullable=True),
        sa.Column("return_no", sa.String(length=64), nullable=True),
        sa.Column("sent_carrier", sa.String(length=64), nullable=True),
        sa.Column("sent_no", sa.String(length=64), nullable=True),
        sa.Column("inspection", sa.String(length=16), nullable=True),
        sa.Column("inspection_note", sa.Text(), nullable=False),
        sa.Column("refusal_code", sa.String(length=64), nullable=True),
        sa.Column("refusal_note", sa.Text(), nullable=False),
        sa.Column("policy_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("turn", sa.String(length=16), nullable=False),
        sa.Column("due_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("opened_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("imported_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("moved_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("closed_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'awaiting_merchant' AND tab = 'to_handle') OR (status = 'negotiating' AND tab = 'to_handle') OR (status = 'refused' AND tab = 'to_handle') OR (status = 'awaiting_shipment' AND tab = 'to_handle') OR (status = 'awaiting_return' AND tab = 'to_return') OR (status = 'return_in_transit' AND tab = 'to_return') OR (status = 'awaiting_inspection' AND tab = 'to_inspect') OR (status = 'in_arbitration' AND tab = 'in_arbitration') OR (status = 'refund_pending' AND tab = 'completed') OR (status = 'closed' AND tab = 'completed')",
            name=op.f("ck_after_sale_tab"),
        ),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_after_sale_closed_at")),
        sa.CheckConstraint(
            "(status = 'closed') = (resolution IS NOT NULL)", name=op.f("ck_after_sale_resolution_iff_closed")
        ),
        sa.CheckConstraint(
            "inspection IN ('ok', 'damaged', 'empty', 'missing', 'different')", name=op.f("ck_after_sale_inspection")
        ),
        sa.CheckConstraint(
            "kind IN ('refund_only', 'return_refund', 'exchange', 'reship', 'repair', 'compensation')",
            name=op.f("ck_after_sale_kind"),
        ),
        sa.CheckConstraint("remedy IN ('refund', 'goods', 'none')", name=op.f("ck_after_sale_remedy")),
        sa.CheckConstraint(
            "resolution IN ('refunded', 'partial', 'compensated', 'exchanged', 'reshipped', 'repaired', 'replaced', 'no_refund', 'no_escalation', 'buyer_no_return', 'cancelled', 'dismissed')",
            name=op.f("ck_after_sale_resolution"),
        ),
        sa.CheckConstraint("status <> 'refund_pending' OR agreed_minor >= 1", name=op.f("ck_after_sale_refund")),
        sa.CheckConstraint(
            "status IN ('awaiting_merchant', 'negotiating', 'refused', 'awaiting_shipment', 'awaiting_return', 'return_in_transit', 'awaiting_inspection', 'in_arbitration', 'refund_pending', 'closed')",
            name=op.f("ck_after_sale_status"),
        ),
        sa.CheckConstraint(
            "turn IN ('merchant', 'buyer', 'both', 'platform', 'nobody')", name=op.f("ck_after_sale_turn")
        ),
        sa.CheckConstraint("agreed_minor BETWEEN 0 AND requested_minor", name=op.f("ck_after_sale_agreed")),
        sa.CheckConstraint("requested_minor >= 1", name=op.f("ck_after_sale_requested")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_version.id"], name=op.f("fk_after_sale_policy_version_id_policy_version")
        ),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_after_sale_purchase_id_purchase")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_after_sale_shop_id_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_after_sale")),
        sa.UniqueConstraint("ref", name=op.f("uq_after_sale_ref")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_after_sale_source_external_id")),
    )
    with op.batch_alter_table("after_sale", schema=None) as batch_op:
        batch_op.create_index("ix_after_sale_moved", ["shop_id", "tab", "moved_at", "id"], unique=False)
        batch_op.create_index("ix_after_sale_number", ["shop_id", "external_id"], unique=False)
        batch_op.create_index("ix_after_sale_order", ["shop_id", "order_no"], unique=False)
        batch_op.create_index("ix_after_sale_purchase", ["purchase_id"], unique=False)
        batch_op.create_index(
            "ix_after_sale_return",
            ["shop_id", "return_no"],
            unique=False,
            sqlite_where=sa.text("return_no IS NOT NULL"),
            postgresql_where=sa.text("return_no IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_after_sale_sent",
            ["shop_id", "sent_no"],
            unique=False,
            sqlite_where=sa.text("sent_no IS NOT NULL"),
            postgresql_where=sa.text("sent_no IS NOT NULL"),
        )
        batch_op.create_index("ix_after_sale_tab", ["shop_id", "tab", "due_at", "id"], unique=False)

    op.create_table(
        "purchase_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purchase_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("unit_minor", sa.Integer(), nullable=False),
        sa.Column("claimed_qty", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("claimed_qty BETWEEN 0 AND qty", name=op.f("ck_purchase_item_claimed")),
        sa.CheckConstraint("qty >= 1", name=op.f("ck_purchase_item_qty")),
        sa.CheckConstraint("unit_minor >= 0", name=op.f("ck_purchase_item_unit_minor")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_purchase_item_purchase_id_purchase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_item")),
        sa.UniqueConstraint("purchase_id", "sku", name=op.f("uq_purchase_item_purchase_id_sku")),
    )
    op.create_table(
        "after_sale_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("after_sale_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purchase_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_after_sale_item_amount")),
        sa.CheckConstraint("qty >= 1", name=op.f("ck_after_sale_item_qty")),
        sa.ForeignKeyConstraint(
            ["after_sale_id"], ["after_sale.id"], name=op.f("fk_after_sale_item_after_sale_id_after_sale")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_item_id"], ["purchase_item.id"], name=op.f("fk_after_sale_item_purchase_item_id_purchase_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_after_sale_item")),
        sa.UniqueConstraint(
            "after_sale_id", "purchase_item_id", name=op.f("uq_after_sale_item_after_sale_id_purchase_item_id")
        ),
    )
    with op.batch_alter_table("after_sale_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_after_sale_item_purchase_item_id"), ["purchase_item_id"], unique=False)

    op.create_table(
        "after_sale_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("after_sale_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_party", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", portal.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("by_party IN ('merchant', 'buyer')", name=op.f("ck_after_sale_message_by_party")),
        sa.ForeignKeyConstraint(
            ["after_sale_id"], ["after_sale.id"], name=op.f("fk_after_sale_message_after_sale_id_after_sale")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_after_sale_message")),
    )
    with op.batch_alter_table("after_sale_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_after_sale_message_after_sale_id"), ["after_sale_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("after_sale_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("by_party", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("answered_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind IN ('no_refund', 'replacement')) = (amount_minor = 0)", name=op.f("ck_offer_amount")),
        sa.CheckConstraint("(status = 'proposed') = (answered_at IS NULL)", name=op.f("ck_offer_answered")),
        sa.CheckConstraint("by_party IN ('merchant', 'buyer')", name=op.f("ck_offer_by_party")),
        sa.CheckConstraint(
            "kind IN ('refund', 'partial_refund', 'refund_with_return', 'replacement', 'no_refund')",
            name=op.f("ck_offer_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'accepted', 'declined', 'countered', 'withdrawn', 'expired')",
            name=op.f("ck_offer_status"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_offer_not_negative")),
        sa.ForeignKeyConstraint(["after_sale_id"], ["after_sale.id"], name=op.f("fk_offer_after_sale_id_after_sale")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("after_sale_id", "seq", name=op.f("uq_offer_after_sale_id_seq")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(
            "uq_offer_open",
            ["after_sale_id"],
            unique=True,
            sqlite_where=sa.text("status = 'proposed'"),
            postgresql_where=sa.text("status = 'proposed'"),
        )


def downgrade() -> None:
    """Go down one step: the cases go, and with them the deadlines and totals that nobody would answer for any more."""
    op.execute(
        "DELETE FROM deadline_extension WHERE deadline_id IN (SELECT id FROM deadline WHERE subject_type = 'aftersale')"
    )
    op.execute("DELETE FROM deadline WHERE subject_type = 'aftersale'")
    op.execute("DELETE FROM tally WHERE name LIKE 'aftersale:%'")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_offer_open",
            sqlite_where=sa.text("status = 'proposed'"),
            postgresql_where=sa.text("status = 'proposed'"),
        )

    op.drop_table("offer")
    with op.batch_alter_table("after_sale_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_after_sale_message_after_sale_id"))

    op.drop_table("after_sale_message")
    with op.batch_alter_table("after_sale_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_after_sale_item_purchase_item_id"))

    op.drop_table("after_sale_item")
    op.drop_table("purchase_item")
    with op.batch_alter_table("after_sale", schema=None) as batch_op:
        batch_op.drop_index("ix_after_sale_tab")
        batch_op.drop_index(
            "ix_after_sale_sent",
            sqlite_where=sa.text("sent_no IS NOT NULL"),
            postgresql_where=sa.text("sent_no IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_after_sale_return",
            sqlite_where=sa.text("return_no IS NOT NULL"),
            postgresql_where=sa.text("return_no IS NOT NULL"),
        )
        batch_op.drop_index("ix_after_sale_purchase")
        batch_op.drop_index("ix_after_sale_order")
        batch_op.drop_index("ix_after_sale_number")
        batch_op.drop_index("ix_after_sale_moved")

    op.drop_table("after_sale")
    with op.batch_alter_table("purchase", schema=None) as batch_op:
        batch_op.drop_index("ix_purchase_number")
        batch_op.drop_index("ix_purchase_buyer")

    op.drop_table("purchase")
    op.drop_table("buyer")
