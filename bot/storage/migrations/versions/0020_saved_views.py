"""Views of the queue that agents keep under a name; whom a parcel was addressed to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "merchant_id",
            sa.Uuid(),
            sa.ForeignKey("merchants.id", name="fk_saved_views_merchant_id_merchants"),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column(
            "owner_id",
            sa.Uuid(),
            sa.ForeignKey("users.id", name="fk_saved_views_owner_id_users"),
            nullable=True,
        ),
        sa.Column(
            "wanted", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")
        ),
    )
    op.create_index("ix_saved_views_merchant_id", "saved_views", ["merchant_id"])
    op.create_index("ix_saved_views_owner_id", "saved_views", ["owner_id"])
    op.add_column("shipments", sa.Column("addressed_to", sa.Uuid(), nullable=True))
    # What an agent sent by a template was kept as if a flow had sent it.
    op.execute(
        "UPDATE messages SET author = 'agent' WHERE author = 'flow' AND agent_id IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_column("shipments", "addressed_to")
    op.drop_table("saved_views")
