"""A box is read by its categories, which are merged: one index is enough, and each notice writes an entry less."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one step."""
    op.drop_index("ix_notice_box", "notice")


def downgrade() -> None:
    """Go down one step."""
    op.create_index("ix_notice_box", "notice", ["recipient", "created_at", "id"])
