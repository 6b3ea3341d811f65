"""Customers, their addresses, and what they have agreed to."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from bot.domain.proof import ProofKind
from bot.storage.tables.base import (
    document,
    flag,
    instant,
    key,
    merchant,
    metadata,
    of,
    string,
    word,
)

contacts = Table(
    "contacts",
    metadata,
    key(),
    merchant(),
    instant("created_at"),
    string("name"),
    Column("phone", Text),
    Column("email", Text),
    string("language", "en"),
    string("timezone", "UTC"),
    string("country"),
    flag("language_fixed"),
    document("language_evidence"),
    of("contacts", "merged_into", null=True),
    UniqueConstraint("merchant_id", "phone"),
    Index(
        "ix_contacts_merged_into",
        "merged_into",
        postgresql_where=text("merged_into IS NOT NULL"),
    ),
    # Whoever has no phone is known by e-mail.
    Index(
        "uq_contacts_email_only",
        "merchant_id",
        "email",
        unique=True,
        postgresql_where=text("phone IS NULL"),
    ),
)

identities = Table(
    "identities",
    metadata,
    key(),
    merchant(),
    of("contacts", "contact_id", index=True),
    of("provider_accounts", "account_id"),
    string("channel"),
    string("address"),
    instant("created_at"),
    flag("verified"),
    instant("last_inbound_at", null=True),
    instant("unreachable_at", null=True),
    UniqueConstraint("account_id", "address"),
)

consents = Table(
    "consents",
    metadata,
    key(),
    merchant(),
    of("contacts", "contact_id", index=True),
    string("channel"),
    string("purpose"),
    flag("given"),
    string("source"),
    string("text"),
    instant("at"),
)

# Refusals of people who were erased: by a keyed digest of their address, and nothing else.
opt_outs = Table(
    "opt_outs",
    metadata,
    Column("merchant_id", Uuid, ForeignKey("merchants.id"), primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("channel", Text, primary_key=True, server_default=""),
    Column("purpose", Text, primary_key=True, server_default=""),
    instant("at"),
)

merges = Table(
    "merges",
    metadata,
    key(),
    merchant(),
    of("contacts", "contact_id", index=True),
    of("contacts", "other_id", index=True),
    instant("at"),
    of("users", "merged_by"),
    string("reason"),
    Column("conversation_id", Uuid, index=True),
    document("moved"),
    document("copied", "[]"),
    instant("undone_at", null=True),
    of("users", "undone_by", null=True),
)

proofs = Table(
    "proofs",
    metadata,
    key(),
    merchant(),
    of("contacts", "contact_id", index=True),
    word("kind", ProofKind),
    string("actor"),
    instant("at"),
    document("counts"),
    string("digest"),
)
