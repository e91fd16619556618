"""The index of the tabs has the open appeals alone: the completed ones have one of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TAB = ["shop_id", "status", "due_at", "id"]


def upgrade() -> None:
    """Go up one step."""
    op.drop_index("ix_appeal_tab", "appeal")
    is_open = sa.text("status <> 'completed'")
    op.create_index("ix_appeal_tab", "appeal", TAB, sqlite_where=is_open, postgresql_where=is_open)


def downgrade() -> None:
    """Go down one step."""
    op.drop_index("ix_appeal_tab", "appeal")
    op.create_index("ix_appeal_tab", "appeal", TAB)
