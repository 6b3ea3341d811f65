"""What the comment to a survey is about."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0019"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    empty = sa.text("'[]'::jsonb")
    op.add_column(
        "surveys", sa.Column("topics", postgresql.JSONB(), nullable=False, server_default=empty)
    )


def downgrade() -> None:
    op.drop_column("surveys", "topics")
