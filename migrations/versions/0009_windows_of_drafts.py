"""Which window wrote the words of a draft last."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one step: of the drafts there are it is not known."""
    op.add_column("appeal", sa.Column("draft_window", sa.String(32), server_default="", nullable=False))


def downgrade() -> None:
    """Go down one step; windows that are open now may have to be reloaded before they go on."""
    op.drop_column("appeal", "draft_window")
