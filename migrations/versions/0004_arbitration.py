"""Arbitration: both sides heard, a ruling, one more look; decisions with terms, and words for both sides."""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.schema import WouldLose

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one step."""
    op.create_table(
        "arbitration",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("after_sale_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opened_by", sa.String(length=16), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=True),
        sa.Column("reason_code", sa.String(length=64), nullable=False),
        sa.Column("order_no", sa.String(length=64), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("policy_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("supplement_rounds", sa.Integer(), nullable=False),
        sa.Column("awaited", sa.String(length=16), nullable=True),
        sa.Column("due_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("liability", sa.String(length=16), nullable=True),
        sa.Column("refund_minor", sa.Integer(), nullable=True),
        sa.Column("appeal_window", sa.String(length=8), nullable=False),
        sa.Column("appeal_due_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("appeal_rights_used", sa.Integer(), nullable=False),
        sa.Column("second_via", sa.String(length=16), nullable=True),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.Column("opened_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("stage_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("disclosed_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("decided_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("ended_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('final', 'settled', 'withdrawn')) = (ended_at IS NOT NULL)",
            name=op.f("ck_arbitration_ended_at"),
        ),
        sa.CheckConstraint(
            "appeal_window <> 'open' OR appeal_due_at IS NOT NULL", name=op.f("ck_arbitration_appeal_due_at")
        ),
        sa.CheckConstraint("appeal_window IN ('none', 'open', 'closed')", name=op.f("ck_arbitration_appeal_window")),
        sa.CheckConstraint("awaited IN ('merchant', 'buyer')", name=op.f("ck_arbitration_awaited")),
        sa.CheckConstraint(
            "liability IN ('merchant', 'buyer', 'shared', 'platform', 'carrier', 'creator', 'none')",
            name=op.f("ck_arbitration_liability"),
        ),
        sa.CheckConstraint(
            "opened_by IN ('merchant', 'buyer', 'platform', 'system')", name=op.f("ck_arbitration_opened_by")
        ),
        sa.CheckConstraint(
            "outcome IN ('refund_full', 'refund_partial', 'return_then_refund', 'exchange_or_reship', 'claim_rejected', 'platform_compensates')",
            name=op.f("ck_arbitration_outcome"),
        ),
        sa.CheckConstraint("second_via IN ('appeal', 're_review')", name=op.f("ck_arbitration_second_via")),
        sa.CheckConstraint(
            "status IN ('collecting', 'rebuttal', 'under_decision', 'more_evidence', 'decided', 'second_instance', 'final', 'settled', 'withdrawn')",
            name=op.f("ck_arbitration_status"),
        ),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_arbitration_decided_at")),
        sa.CheckConstraint("(round = 2) = (parent_id IS NOT NULL)", name=op.f("ck_arbitration_parent")),
        sa.CheckConstraint("amount_minor >= 1", name=op.f("ck_arbitration_amount")),
        sa.CheckConstraint("round IN (1, 2)", name=op.f("ck_arbitration_round")),
        sa.ForeignKeyConstraint(
            ["after_sale_id"], ["after_sale.id"], name=op.f("fk_arbitration_after_sale_id_after_sale")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["arbitration.id"], name=op.f("fk_arbitration_parent_id_arbitration")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_version.id"], name=op.f("fk_arbitration_policy_version_id_policy_version")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_arbitration_shop_id_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arbitration")),
        sa.UniqueConstraint("after_sale_id", "round", name=op.f("uq_arbitration_after_sale_id_round")),
        sa.UniqueConstraint("ref", name=op.f("uq_arbitration_ref")),
    )
    with op.batch_alter_table("arbitration", schema=None) as batch_op:
        batch_op.create_index(
            "ix_arbitration_appealable",
            ["shop_id", "appeal_due_at", "id"],
            unique=False,
            sqlite_where=sa.text("appeal_window = 'open'"),
            postgresql_where=sa.text("appeal_window = 'open'"),
        )

    op.add_column("decision", sa.Column("terms", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("decision", sa.Column("texts", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Go down one step; what a shop can appeal is counted without rulings, and nobody's time runs in them any more.

    Refused while there is an appeal of a ruling, a draft too: it would be left without what it is about.
    """
    appeals = op.get_bind().scalar(sa.text("SELECT count(*) FROM appeal WHERE subject_type = 'arbitration'"))
    if appeals:
        raise WouldLose(
            f"{appeals} appeal(s) are about a ruling, and version {down_revision} knows no rulings: they would be left "
            "without what they are about. Nothing was changed. To go back, restore a backup from before this version."
        )
    ours = "subject_type = 'arbitration'"
    op.execute(f"DELETE FROM deadline_extension WHERE deadline_id IN (SELECT id FROM deadline WHERE {ours})")
    op.execute(f"DELETE FROM deadline WHERE {ours}")
    op.execute(
        "UPDATE tally SET n = n - (SELECT count(*) FROM arbitration r WHERE 'shop:' || r.shop_id = tally.scope "
        "AND r.appeal_window = 'open') WHERE name = 'to_appeal' AND scope LIKE 'shop:%'"
    )
    op.drop_column("decision", "texts")
    op.drop_column("decision", "terms")
    op.drop_table("arbitration")
