"""What events tell besides, where vehicles were, and attempts with their verdicts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _moment(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.TIMESTAMP(timezone=True), nullable=null)


def _json(name: str, empty: str) -> sa.Column[object]:
    default = sa.text(f"'{empty}'::jsonb")
    return sa.Column(name, postgresql.JSONB(), nullable=False, server_default=default)


def _text(name: str, default: str = "") -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _merchant(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["merchants.id"], name=op.f(f"fk_{table}_merchant_id_merchants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    for table in ("shipments", "tracking_events"):
        op.add_column(table, _json("details", "{}"))
    op.create_table(
        "vehicle_positions",
        *_merchant("vehicle_positions"),
        _text("vehicle"),
        _moment("at"),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.UniqueConstraint(
            "merchant_id", "vehicle", "at", name=op.f("uq_vehicle_positions_merchant_id")
        ),
    )
    op.create_index(op.f("ix_vehicle_positions_merchant_id"), "vehicle_positions", ["merchant_id"])
    op.create_index("ix_vehicle_positions_at", "vehicle_positions", ["at"])
    op.create_table(
        "attempts",
        *_merchant("attempts"),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        _text("event_key"),
        _text("carrier"),
        _moment("claimed_at"),
        _moment("created_at"),
        _text("courier_id"),
        _text("depot"),
        sa.Column("customer", sa.Text(), nullable=True),
        _moment("customer_at", null=True),
        _text("verdict", "genuine"),
        sa.Column("score", sa.Float(), nullable=False, server_default="0"),
        _json("reasons", "[]"),
        _json("evidence", "{}"),
        _moment("judged_at", null=True),
        _moment("disputed_at", null=True),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_attempts_shipment_id_shipments")
        ),
        sa.UniqueConstraint("shipment_id", "event_key", name=op.f("uq_attempts_shipment_id")),
    )
    op.create_index(op.f("ix_attempts_merchant_id"), "attempts", ["merchant_id"])
    op.create_index("ix_attempts_claimed", "attempts", ["merchant_id", "claimed_at"])
    op.create_index(
        "ix_attempts_courier", "attempts", ["merchant_id", "carrier", "courier_id", "claimed_at"]
    )


def downgrade() -> None:
    op.drop_table("attempts")
    op.drop_table("vehicle_positions")
    for table in ("shipments", "tracking_events"):
        op.drop_column(table, "details")
