"""A notice by the next channel of the ladder stands in for the one that did not arrive."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("stands_in_for", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("messages", "stands_in_for")
