"""When each parcel's carrier is asked next."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    due = sa.Column("poll_due_at", postgresql.TIMESTAMP(timezone=True), nullable=True)
    op.add_column("shipments", due)
    op.add_column(
        "shipments", sa.Column("poll_misses", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_index("ix_shipments_polling", "shipments", ["merchant_id", "carrier", "poll_due_at"])


def downgrade() -> None:
    op.drop_index("ix_shipments_polling", "shipments")
    op.drop_column("shipments", "poll_misses")
    op.drop_column("shipments", "poll_due_at")
