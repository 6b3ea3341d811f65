"""Templates, messages that wait for the customer, and the pace at which accounts may send."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_JSON = postgresql.JSONB()
_TIME = postgresql.TIMESTAMP(timezone=True)


def _json(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, _JSON, nullable=False, server_default=sa.text(f"'{default}'::jsonb"))


def upgrade() -> None:
    op.add_column("merchants", _json("templates", "{}"))
    op.add_column("messages", _json("status_times", "{}"))
    op.add_column("messages", sa.Column("slot_at", _TIME, nullable=True))
    op.create_index(
        "ix_messages_parked",
        "messages",
        ["identity_id", "id"],
        postgresql_where=sa.text("status = 'parked'"),
    )
    op.create_table(
        "message_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Text(), server_default="", nullable=False)
            for name in ("name", "language", "category")
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        _json("buttons", "[]"),
        *(
            sa.Column(name, sa.Text(), server_default="", nullable=False)
            for name in ("provider_id", "reason")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["provider_accounts.id"],
            name=op.f("fk_message_templates_account_id_provider_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id"],
            ["merchants.id"],
            name=op.f("fk_message_templates_merchant_id_merchants"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_templates")),
        sa.UniqueConstraint(
            "account_id", "name", "language", name=op.f("uq_message_templates_account_id")
        ),
    )
    op.create_index(op.f("ix_message_templates_merchant_id"), "message_templates", ["merchant_id"])
    op.create_table(
        "paces",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("free_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_paces")),
        # Forgotten in a crash: then a few messages go at once, which every provider forgives.
        prefixes=["UNLOGGED"],
    )


def downgrade() -> None:
    op.drop_table("paces")
    op.drop_table("message_templates")
    op.drop_index("ix_messages_parked", table_name="messages")
    op.drop_column("messages", "slot_at")
    op.drop_column("messages", "status_times")
    op.drop_column("merchants", "templates")
