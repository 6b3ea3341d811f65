"""What the comment to a survey is about, and a parcel's surveys found by the parcel."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    empty = sa.text("'[]'::jsonb")
    op.add_column(
        "surveys", sa.Column("topics", postgresql.JSONB(), nullable=False, server_default=empty)
    )
    # Each step of a flow that waits for a score looks for its parcel's.
    op.create_index("ix_surveys_shipment_id", "surveys", ["shipment_id"])


def downgrade() -> None:
    op.drop_index("ix_surveys_shipment_id", "surveys")
    op.drop_column("surveys", "topics")
