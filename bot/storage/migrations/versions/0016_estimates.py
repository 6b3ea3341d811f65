"""Our own estimates: how long parcels took, what we expect of one, and whose word was told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIMES = ("own_start", "own_end", "own_until")
_WORDS = ("told_by", "own_by")
_ABOARD = {"ix_shipments_vehicle": "vehicle", "ix_shipments_courier": "courier_id"}


def upgrade() -> None:
    for name in _TIMES:
        op.add_column("shipments", sa.Column(name, _time(), nullable=True))
    for name in _WORDS:
        op.add_column("shipments", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_index(
        "ix_shipments_own_until",
        "shipments",
        ["own_until"],
        postgresql_where=sa.text("own_until IS NOT NULL"),
    )
    for name, detail in _ABOARD.items():
        op.create_index(
            name,
            "shipments",
            ["merchant_id", sa.text(f"(details ->> '{detail}')")],
            postgresql_where=sa.text("status = 'out_for_delivery'"),
        )
    _create_journeys()


def _create_journeys() -> None:
    numbers = ("weekday", "hour", "seconds", "days", "minute")
    op.create_table(
        "journeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("leg", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False, server_default=""),
        sa.Column("lane", sa.Text(), nullable=False, server_default=""),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.Column("arrived_at", _time(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["merchants.id"], name=op.f("fk_journeys_merchant_id_merchants")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_journeys_shipment_id_shipments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journeys")),
        sa.UniqueConstraint("shipment_id", "leg", name=op.f("uq_journeys_shipment_id")),
    )
    alike = ["merchant_id", "leg", "carrier", "lane", "weekday", "hour", "arrived_at"]
    op.create_index("ix_journeys_alike", "journeys", alike)
    op.create_index(
        "ix_journeys_carrier", "journeys", ["merchant_id", "leg", "carrier", "arrived_at"]
    )
    op.create_index("ix_journeys_arrived_at", "journeys", ["arrived_at"])


def _time() -> postgresql.TIMESTAMP:
    return postgresql.TIMESTAMP(timezone=True)


def downgrade() -> None:
    op.drop_table("journeys")
    for name in ("ix_shipments_own_until", *_ABOARD):
        op.drop_index(name, "shipments")
    for name in (*_TIMES, *_WORDS):
        op.drop_column("shipments", name)
