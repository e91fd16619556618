"""Messages of after-sales cases are there once, however often they are sent."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one step."""
    op.add_column("after_sale_message", sa.Column("key", sa.String(length=64), nullable=True))
    op.create_index("uq_after_sale_message_key", "after_sale_message", ["after_sale_id", "key"], unique=True)


def downgrade() -> None:
    """Go down one step."""
    op.drop_index("uq_after_sale_message_key", "after_sale_message")
    op.drop_column("after_sale_message", "key")
