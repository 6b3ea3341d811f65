"""How the topics of a comment were read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    words = sa.text("'words'")
    op.add_column(
        "surveys", sa.Column("topics_by", sa.Text(), nullable=False, server_default=words)
    )


def downgrade() -> None:
    op.drop_column("surveys", "topics_by")
