"""What a run of a flow has to remember: its variant, its survey, and how its waits ended."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    empty = sa.text("'{}'::jsonb")
    op.add_column(
        "flow_runs", sa.Column("facts", postgresql.JSONB(), nullable=False, server_default=empty)
    )


def downgrade() -> None:
    op.drop_column("flow_runs", "facts")
