"""The merchant, its accounts with providers, and the people who work there."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from bot.domain.merchant import Availability, Role
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

merchants = Table(
    "merchants",
    metadata,
    key(),
    string("name"),
    instant("created_at"),
    string("language", "en"),
    string("timezone", "UTC"),
    string("country"),
    document("policy"),
    Column("policy_version", Integer, nullable=False, server_default="1"),
    document("wording"),
    document("ladder", "[]"),
    document("templates"),
    document("desk"),
)

provider_accounts = Table(
    "provider_accounts",
    metadata,
    key(),
    merchant(),
    string("kind"),
    string("name"),
    string("address"),
    Column("secrets", LargeBinary, nullable=False, comment="Fernet-encrypted JSON"),
    document("options"),
    flag("active", "true"),
    UniqueConstraint("merchant_id", "kind", "name", "address"),
)

api_keys = Table(
    "api_keys",
    metadata,
    key(),
    merchant(),
    string("name"),
    Column("hash", Text, nullable=False, unique=True),
    instant("created_at"),
    instant("revoked_at", null=True),
)

users = Table(
    "users",
    metadata,
    key(),
    merchant(),
    Column("email", Text, nullable=False, unique=True),
    string("name"),
    word("role", Role),
    string("password"),
    instant("created_at"),
    string("language", "en"),
    flag("active", "true"),
    Column("session_epoch", Integer, nullable=False, server_default="0"),
    word("availability", Availability, "online"),
    document("skills"),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    of("merchants", "merchant_id"),
    Column("secret", LargeBinary, nullable=False, comment="Fernet-encrypted JSON"),
    instant("created_at"),
    instant("confirmed_at", null=True),
    Column("last_step", BigInteger, nullable=False, server_default="0"),
    document("recovery", "[]"),
)

invitations = Table(
    "invitations",
    metadata,
    key(),
    merchant(),
    string("email"),
    word("role", Role),
    of("users", "invited_by"),
    Column("digest", Text, nullable=False, unique=True),
    instant("created_at"),
    instant("expires_at"),
    instant("used_at", null=True),
)

saved_views = Table(
    "saved_views",
    metadata,
    key(),
    merchant(),
    string("name"),
    instant("created_at"),
    of("users", "owner_id", null=True, index=True),
    document("wanted"),
)

audit = Table(
    "audit",
    metadata,
    key(),
    merchant(),
    string("actor"),
    string("action"),
    string("subject"),
    instant("at"),
    document("details"),
)
