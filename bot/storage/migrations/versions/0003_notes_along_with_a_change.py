"""A note for the courier that goes along with a change belongs to it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("delivery_requests", sa.Column("along_with", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery_requests", "along_with")
