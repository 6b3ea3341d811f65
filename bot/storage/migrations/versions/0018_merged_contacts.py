"""Contacts that are one person, and what moved when they were merged."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _to(table: str, name: str, *, null: bool = False) -> sa.Column[object]:
    foreign = sa.ForeignKey(f"{table}.id", name=f"fk_merges_{name}_{table}")
    return sa.Column(name, sa.Uuid(), foreign, nullable=null)


def _json(name: str, default: str) -> sa.Column[object]:
    return sa.Column(
        name, postgresql.JSONB(), nullable=False, server_default=sa.text(f"'{default}'::jsonb")
    )


def upgrade() -> None:
    op.add_column("contacts", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_contacts_merged_into_contacts", "contacts", "contacts", ["merged_into"], ["id"]
    )
    op.create_index(
        "ix_contacts_merged_into",
        "contacts",
        ["merged_into"],
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_table(
        "merges",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _to("merchants", "merchant_id"),
        _to("contacts", "contact_id"),
        _to("contacts", "other_id"),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        _to("users", "merged_by"),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        _json("moved", "{}"),
        _json("copied", "[]"),
        sa.Column("undone_at", sa.TIMESTAMP(timezone=True), nullable=True),
        _to("users", "undone_by", null=True),
    )
    op.create_index("ix_merges_merchant_id", "merges", ["merchant_id"])
    op.create_index("ix_merges_contact_id", "merges", ["contact_id"])
    op.create_index("ix_merges_other_id", "merges", ["other_id"])
    op.create_index("ix_merges_conversation_id", "merges", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("merges")
    op.drop_index("ix_contacts_merged_into", "contacts")
    op.drop_constraint("fk_contacts_merged_into_contacts", "contacts")
    op.drop_column("contacts", "merged_into")
