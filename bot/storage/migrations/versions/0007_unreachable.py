"""Addresses that nothing reaches."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    column = sa.Column("unreachable_at", postgresql.TIMESTAMP(timezone=True), nullable=True)
    op.add_column("identities", column)


def downgrade() -> None:
    op.drop_column("identities", "unreachable_at")
