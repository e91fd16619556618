"""Where a shop's goods go back to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one step: no shop has an address yet."""
    op.add_column("shop", sa.Column("return_address", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Go down one step; the addresses are dropped, and would be typed again."""
    op.drop_column("shop", "return_address")
