"""What goes out: flows, templates, paces, and jobs that were given up."""

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from bot.domain.templates import TemplateState
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

flows = Table(
    "flows",
    metadata,
    key(),
    merchant(),
    string("name"),
    Column("version", Integer, nullable=False),
    document("document"),
    flag("active"),
    instant("created_at"),
    UniqueConstraint("merchant_id", "name", "version"),
)

flow_runs = Table(
    "flow_runs",
    metadata,
    key(),
    merchant(),
    of("flows", "flow_id"),
    of("shipments", "shipment_id", index=True),
    string("key"),
    Column("step", Integer, nullable=False, server_default="0"),
    instant("created_at"),
    instant("finished_at", null=True),
    instant("due_at", null=True),
    string("note"),
    document("facts"),
    UniqueConstraint("merchant_id", "key"),
)

message_templates = Table(
    "message_templates",
    metadata,
    key(),
    merchant(),
    of("provider_accounts", "account_id"),
    string("name"),
    string("language"),
    string("category"),
    word("state", TemplateState),
    instant("changed_at"),
    string("body"),
    document("buttons", "[]"),
    string("provider_id"),
    string("reason"),
    UniqueConstraint("account_id", "name", "language"),
)

# How far the turns that were given out reach, by account and urgency, or by recipient.
paces = Table(
    "paces",
    metadata,
    Column("key", Text, primary_key=True),
    instant("free_at"),
    prefixes=["UNLOGGED"],
)

# Beside the queue's own table, whose rows come and go without us (see bot/jobs/failures.py).
job_failures = Table(
    "job_failures",
    metadata,
    Column("job_id", BigInteger, primary_key=True, autoincrement=False),
    instant("at"),
    string("reason"),
)
