"""The triggers count what a whole statement changed, and look for overwriting where a key changes.

No table changes: the triggers are made anew after each migration.
"""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one step."""


def downgrade() -> None:
    """Go down one step."""
