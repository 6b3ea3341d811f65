"""The window that each customer was last told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for name in ("told_start", "told_end"):
        column = sa.Column(name, postgresql.TIMESTAMP(timezone=True), nullable=True)
        op.add_column("shipments", column)


def downgrade() -> None:
    op.drop_column("shipments", "told_end")
    op.drop_column("shipments", "told_start")
