"""One-time codes and what they open; one answer to several messages; the language spoken."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIME = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "access_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("wish", sa.Text(), server_default="", nullable=False),
        sa.Column("wrong", sa.Integer(), server_default="0", nullable=False),
        sa.Column("used_at", _TIME, nullable=True),
        *_belonging("access_codes"),
    )
    _index("access_codes", "merchant_id")
    _index("access_codes", "shipment_id")
    _index("access_codes", "conversation_id")
    op.create_table(
        "parcel_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        *_belonging("parcel_grants"),
    )
    _index("parcel_grants", "merchant_id")
    _index("parcel_grants", "conversation_id")
    op.add_column("messages", sa.Column("answers_with", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_messages_unanswered",
        "messages",
        ["conversation_id", "id"],
        postgresql_where=sa.text("author = 'customer' AND answered_at IS NULL"),
    )
    op.add_column(
        "contacts",
        sa.Column("language_fixed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "contacts",
        sa.Column(
            "language_evidence",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )


def _belonging(table: str) -> list[sa.Constraint]:
    """What both new tables hang on: a merchant's shipment and conversation."""
    owners = {
        "merchant_id": "merchants",
        "shipment_id": "shipments",
        "conversation_id": "conversations",
    }
    return [
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{owner}.id"], name=op.f(f"fk_{table}_{column}_{owner}")
            )
            for column, owner in owners.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    op.drop_column("contacts", "language_evidence")
    op.drop_column("contacts", "language_fixed")
    op.drop_index("ix_messages_unanswered", "messages")
    op.drop_column("messages", "answers_with")
    op.drop_table("parcel_grants")
    op.drop_table("access_codes")
