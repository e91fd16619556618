"""Links that let a buyer into one case; messages of a case that are there once, however often they are sent."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one step."""
    op.create_table(
        "case_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_type", sa.String(length=16), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("party", sa.String(length=16), nullable=False),
        sa.Column("created_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", portal.db.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_case_link_lasts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_link")),
    )
    op.create_index("ix_case_link_case", "case_link", ["case_type", "case_ref", "party"])
    op.add_column("after_sale_message", sa.Column("key", sa.String(length=64), nullable=True))
    op.create_index("uq_after_sale_message_key", "after_sale_message", ["after_sale_id", "key"], unique=True)


def downgrade() -> None:
    """Go down one step."""
    op.drop_index("uq_after_sale_message_key", "after_sale_message")
    op.drop_column("after_sale_message", "key")
    op.drop_table("case_link")
