"""Cases with their clocks, tags, who reads and types where, and the search over everything."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _moment(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.TIMESTAMP(timezone=True), nullable=null)


def _json(name: str, empty: str = "{}") -> sa.Column[object]:
    default = sa.text(f"'{empty}'::jsonb")
    return sa.Column(name, postgresql.JSONB(), nullable=False, server_default=default)


def _text(name: str, default: str = "") -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _of(table: str, name: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}_{other}"))


def upgrade() -> None:
    op.add_column("merchants", _json("desk"))
    op.add_column("users", _text("availability", "online"))
    op.add_column("users", _json("skills"))
    op.add_column("conversations", _json("tags", "[]"))
    op.create_index("ix_conversations_latest", "conversations", ["merchant_id", "last_message_at"])
    _cases()
    op.create_table(
        "reads",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        _moment("at"),
        _of("reads", "user_id", "users"),
        _of("reads", "conversation_id", "conversations"),
        sa.PrimaryKeyConstraint("user_id", "conversation_id", name=op.f("pk_reads")),
    )
    op.create_table(
        "presences",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        _moment("seen_at"),
        _moment("typed_at", null=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_presences")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_presences_merchant_id"), "presences", ["merchant_id"])
    _search()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merchant_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        _moment("opened_at"),
        _text("topic"),
        _text("priority", "normal"),
        _json("facts"),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("offered_to", sa.Uuid(), nullable=True),
        *(
            _moment(name, null=True)
            for name in (
                "offered_at", "first_response_at", "first_due_at", "due_at", "paused_since",
                "snoozed_at", "snoozed_until",
            )
        ),
        sa.Column("snoozed_for", sa.Text(), nullable=True),
        *(_moment(name, null=True) for name in ("warned_at", "late_at", "closed_at")),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        _text("settled"),
        sa.Column("reopened", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        _of("cases", "merchant_id", "merchants"),
        _of("cases", "conversation_id", "conversations"),
        _of("cases", "agent_id", "users"),
        _of("cases", "offered_to", "users"),
        _of("cases", "closed_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )  # fmt: skip
    op.create_index(op.f("ix_cases_merchant_id"), "cases", ["merchant_id"])
    op.create_index(op.f("ix_cases_conversation_id"), "cases", ["conversation_id"])
    unclosed = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_cases_open", "cases", ["conversation_id"], unique=True, postgresql_where=unclosed
    )
    op.create_index("ix_cases_open", "cases", ["merchant_id"], postgresql_where=unclosed)
    op.create_index("ix_cases_opened", "cases", ["merchant_id", "opened_at"])
    # Those who are with a person already have a case as well.
    op.execute(
        "INSERT INTO cases (id, merchant_id, conversation_id, opened_at, topic, agent_id)"
        " SELECT gen_random_uuid(), merchant_id, id, coalesce(waiting_since, last_message_at),"
        " topic, agent_id FROM conversations WHERE holder <> 'bot'"
    )


def _search() -> None:
    # Small letters without accents: "Ines" finds "Inès". The extension `unaccent` is not in
    # every PostgreSQL, and not immutable.
    op.execute(
        "CREATE FUNCTION doorstep_fold(words text) RETURNS text"
        " LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS"
        " $$ SELECT regexp_replace(normalize(lower(words), NFKD), '[\\u0300-\\u036f]', '', 'g') $$"
    )
    op.execute(
        "CREATE INDEX ix_messages_words ON messages"
        " USING gin (to_tsvector('simple', doorstep_fold(text)))"
    )
    op.create_index(
        "ix_messages_comments",
        "messages",
        ["merchant_id", "created_at"],
        postgresql_where=sa.text("kind = 'comment'"),
    )
    op.execute(
        "CREATE INDEX ix_contacts_words ON contacts"
        " USING gin (to_tsvector('simple', doorstep_fold(name || ' ' || coalesce(email, ''))))"
    )
    op.execute(
        "CREATE INDEX ix_contacts_phone_end ON contacts (merchant_id, reverse(phone)"
        " text_pattern_ops)"
    )
    for column in ("reference", "tracking_number"):
        op.execute(
            f"CREATE INDEX ix_shipments_find_{column} ON shipments"
            f" (merchant_id, upper({column}) text_pattern_ops)"
        )


def downgrade() -> None:
    for column in ("reference", "tracking_number"):
        op.drop_index(f"ix_shipments_find_{column}", "shipments")
    op.drop_index("ix_contacts_phone_end", "contacts")
    op.drop_index("ix_contacts_words", "contacts")
    op.drop_index("ix_messages_comments", "messages")
    op.drop_index("ix_messages_words", "messages")
    op.execute("DROP FUNCTION doorstep_fold(text)")
    op.drop_table("presences")
    op.drop_table("reads")
    op.drop_table("cases")
    op.drop_index("ix_conversations_latest", "conversations")
    op.drop_column("conversations", "tags")
    op.drop_column("users", "skills")
    op.drop_column("users", "availability")
    op.drop_column("merchants", "desk")
