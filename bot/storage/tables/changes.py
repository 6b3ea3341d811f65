"""What customers want changed, and may."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from bot.domain.request import RequestKind, RequestState
from bot.storage.tables.base import document, instant, key, merchant, metadata, of, string, word

delivery_requests = Table(
    "delivery_requests",
    metadata,
    key(),
    merchant(),
    of("shipments", "shipment_id", index=True),
    of("conversations", "conversation_id", null=True),
    word("kind", RequestKind),
    word("state", RequestState),
    instant("created_at"),
    instant("decided_at", null=True),
    instant("window_start", null=True),
    instant("window_end", null=True),
    string("note"),
    string("point"),
    Column("fee_amount", BigInteger, nullable=False, server_default="0"),
    string("fee_currency", "EUR"),
    string("reason"),
    Column("policy_version", Integer, nullable=False, server_default="0"),
    Column("along_with", Uuid),
    instant("work_due_at", null=True),
    instant("late_at", null=True),
    of("users", "decided_by", null=True),
    Index(
        "ix_delivery_requests_work",
        "merchant_id",
        "work_due_at",
        postgresql_where=text("state = 'requested' AND work_due_at IS NOT NULL"),
    ),
    Index(
        "ix_delivery_requests_point", "merchant_id", "point", postgresql_where=text("point <> ''")
    ),
)

pickup_points = Table(
    "pickup_points",
    metadata,
    key(),
    merchant(),
    string("code"),
    Column("place", Integer, nullable=False, server_default="0"),
    string("name"),
    string("address"),
    Column("latitude", Float),
    Column("longitude", Float),
    document("hours"),
    Column("capacity", Integer),
    instant("changed_at"),
    instant("closed_at", null=True),
    UniqueConstraint("merchant_id", "code"),
)

access_codes = Table(
    "access_codes",
    metadata,
    key(),
    merchant(),
    of("shipments", "shipment_id", index=True),
    of("conversations", "conversation_id", index=True),
    instant("created_at"),
    string("wish"),
    Column("wrong", Integer, nullable=False, server_default="0"),
    instant("used_at", null=True),
)

parcel_grants = Table(
    "parcel_grants",
    metadata,
    key(),
    merchant(),
    of("shipments", "shipment_id"),
    of("conversations", "conversation_id", index=True),
    instant("created_at"),
    instant("expires_at"),
)
