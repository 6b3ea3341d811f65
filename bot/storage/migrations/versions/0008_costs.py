"""What each message costs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    empty = sa.text("'{}'")
    column = sa.Column("cost", postgresql.JSONB(), nullable=False, server_default=empty)
    op.add_column("messages", column)


def downgrade() -> None:
    op.drop_column("messages", "cost")
