"""What the merchant's people have to arrange with a carrier, and who decided it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for name in ("work_due_at", "late_at"):
        column = sa.Column(name, postgresql.TIMESTAMP(timezone=True), nullable=True)
        op.add_column("delivery_requests", column)
    op.add_column("delivery_requests", sa.Column("decided_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_delivery_requests_decided_by_users"),
        "delivery_requests",
        "users",
        ["decided_by"],
        ["id"],
    )
    op.create_index(
        "ix_delivery_requests_work",
        "delivery_requests",
        ["merchant_id", "work_due_at"],
        postgresql_where=sa.text("state = 'requested' AND work_due_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_requests_work", "delivery_requests")
    op.drop_constraint(op.f("fk_delivery_requests_decided_by_users"), "delivery_requests")
    for name in ("decided_by", "late_at", "work_due_at"):
        op.drop_column("delivery_requests", name)
