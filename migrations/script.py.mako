"""${message}."""

import portal.db
import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one step."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Go down one step."""
    ${downgrades if downgrades else "pass"}
