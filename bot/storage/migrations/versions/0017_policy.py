"""Service levels, pick-up points out of files, and what a carrier claims of an attempt."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _text(name: str, default: str = "") -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _moment(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.TIMESTAMP(timezone=True), nullable=null)


def upgrade() -> None:
    op.add_column("shipments", _text("service"))
    op.add_column("attempts", _text("claim", "nobody_in"))
    op.add_column("delivery_requests", _text("point"))
    op.create_index(
        "ix_delivery_requests_point",
        "delivery_requests",
        ["merchant_id", "point"],
        postgresql_where=sa.text("point <> ''"),
    )
    op.create_table(
        "pickup_points",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        _text("code"),
        sa.Column("place", sa.Integer(), nullable=False, server_default="0"),
        _text("name"),
        _text("address"),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column(
            "hours", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'::jsonb")
        ),
        sa.Column("capacity", sa.Integer(), nullable=True),
        _moment("changed_at"),
        _moment("closed_at", null=True),
        sa.ForeignKeyConstraint(
            ["merchant_id"],
            ["merchants.id"],
            name=op.f("fk_pickup_points_merchant_id_merchants"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pickup_points")),
        sa.UniqueConstraint("merchant_id", "code", name=op.f("uq_pickup_points_merchant_id")),
    )
    op.create_index(op.f("ix_pickup_points_merchant_id"), "pickup_points", ["merchant_id"])


def downgrade() -> None:
    op.drop_table("pickup_points")
    op.drop_index("ix_delivery_requests_point", "delivery_requests")
    op.drop_column("delivery_requests", "point")
    op.drop_column("attempts", "claim")
    op.drop_column("shipments", "service")
