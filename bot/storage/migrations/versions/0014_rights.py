"""Second factors, invitations, and what is kept of people whose data was erased."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _moment(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.TIMESTAMP(timezone=True), nullable=null)


def _json(name: str, empty: str) -> sa.Column[object]:
    default = sa.text(f"'{empty}'::jsonb")
    return sa.Column(name, postgresql.JSONB(), nullable=False, server_default=default)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _of(table: str, name: str, target: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(name, sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_{target}")),
    ]


def _key(table: str, name: str) -> sa.schema.SchemaItem:
    return sa.PrimaryKeyConstraint(name, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_table(
        "second_factors",
        *_of("second_factors", "user_id", "users"),
        *_of("second_factors", "merchant_id", "merchants"),
        sa.Column("secret", sa.LargeBinary(), nullable=False, comment="Fernet-encrypted JSON"),
        _moment("created_at"),
        _moment("confirmed_at", null=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False, server_default="0"),
        _json("recovery", "[]"),
        _key("second_factors", "user_id"),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of("invitations", "merchant_id", "merchants"),
        _text("email"),
        sa.Column("role", sa.Text(), nullable=False),
        *_of("invitations", "invited_by", "users"),
        sa.Column("digest", sa.Text(), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("used_at", null=True),
        _key("invitations", "id"),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
    )
    op.create_index(op.f("ix_invitations_merchant_id"), "invitations", ["merchant_id"])
    op.create_table(
        "proofs",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of("proofs", "merchant_id", "merchants"),
        *_of("proofs", "contact_id", "contacts"),
        sa.Column("kind", sa.Text(), nullable=False),
        _text("actor"),
        _moment("at"),
        _json("counts", "{}"),
        _text("digest"),
        _key("proofs", "id"),
    )
    op.create_index(op.f("ix_proofs_merchant_id"), "proofs", ["merchant_id"])
    op.create_index(op.f("ix_proofs_contact_id"), "proofs", ["contact_id"])
    op.create_table(
        "opt_outs",
        *_of("opt_outs", "merchant_id", "merchants"),
        sa.Column("digest", sa.Text(), nullable=False),
        _text("channel"),
        _text("purpose"),
        _moment("at"),
        sa.PrimaryKeyConstraint(
            "merchant_id", "digest", "channel", "purpose", name=op.f("pk_opt_outs")
        ),
    )


def downgrade() -> None:
    for table in ("opt_outs", "proofs", "invitations", "second_factors"):
        op.drop_table(table)
