"""Every table. Rules that two processes could break at once are constraints here, not code."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.engine import Dialect

from bot.domain.attempt import Claim, CustomerSays, Verdict
from bot.domain.case import Priority, SnoozedFor
from bot.domain.conversation import Author, Holder, MessageStatus
from bot.domain.merchant import Availability, Role
from bot.domain.proof import ProofKind
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Handover, Status
from bot.domain.templates import TemplateState
from bot.domain.topics import TopicsBy
from bot.domain.usual import Leg

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[Any]:
    return Column("id", Uuid, primary_key=True)


def _of(table: str, name: str, *, null: bool = False, index: bool = False) -> Column[Any]:
    return Column(name, Uuid, ForeignKey(f"{table}.id"), nullable=null, index=index)


def _merchant() -> Column[Any]:
    return _of("merchants", "merchant_id", index=True)


def _text(name: str, default: str | None = "") -> Column[Any]:
    return Column(name, Text, nullable=False, server_default=default)


class Word(TypeDecorator[StrEnum]):
    """One of a StrEnum's words, kept as text so that a new word needs no migration."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.words(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


def _word(name: str, words: type[StrEnum], default: str | None = None) -> Column[Any]:
    return Column(name, Word(words), nullable=False, server_default=default)


def _time(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, TIMESTAMP(timezone=True), nullable=null)


def _json(name: str, default: str = "{}") -> Column[Any]:
    return Column(name, JSONB, nullable=False, server_default=text(f"'{default}'::jsonb"))


def _flag(name: str, default: str = "false") -> Column[Any]:
    return Column(name, Boolean, nullable=False, server_default=text(default))


merchants = Table(
    "merchants",
    metadata,
    _id(),
    _text("name"),
    _time("created_at"),
    _text("language", "en"),
    _text("timezone", "UTC"),
    _text("country"),
    _json("policy"),
    Column("policy_version", Integer, nullable=False, server_default="1"),
    _json("wording"),
    _json("ladder", "[]"),
    _json("templates"),
    _json("desk"),
)

provider_accounts = Table(
    "provider_accounts",
    metadata,
    _id(),
    _merchant(),
    _text("kind"),
    _text("name"),
    _text("address"),
    Column("secrets", LargeBinary, nullable=False, comment="Fernet-encrypted JSON"),
    _json("options"),
    _flag("active", "true"),
    UniqueConstraint("merchant_id", "kind", "name", "address"),
)

api_keys = Table(
    "api_keys",
    metadata,
    _id(),
    _merchant(),
    _text("name"),
    Column("hash", Text, nullable=False, unique=True),
    _time("created_at"),
    _time("revoked_at", null=True),
)

users = Table(
    "users",
    metadata,
    _id(),
    _merchant(),
    Column("email", Text, nullable=False, unique=True),
    _text("name"),
    _word("role", Role),
    _text("password"),
    _time("created_at"),
    _text("language", "en"),
    _flag("active", "true"),
    Column("session_epoch", Integer, nullable=False, server_default="0"),
    _word("availability", Availability, "online"),
    _json("skills"),
)

contacts = Table(
    "contacts",
    metadata,
    _id(),
    _merchant(),
    _time("created_at"),
    _text("name"),
    Column("phone", Text),
    Column("email", Text),
    _text("language", "en"),
    _text("timezone", "UTC"),
    _text("country"),
    _flag("language_fixed"),
    _json("language_evidence"),
    _of("contacts", "merged_into", null=True),
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
    _id(),
    _merchant(),
    _of("contacts", "contact_id", index=True),
    _of("provider_accounts", "account_id"),
    _text("channel"),
    _text("address"),
    _time("created_at"),
    _flag("verified"),
    _time("last_inbound_at", null=True),
    _time("unreachable_at", null=True),
    UniqueConstraint("account_id", "address"),
)

shipments = Table(
    "shipments",
    metadata,
    _id(),
    _merchant(),
    _text("reference"),
    _text("carrier"),
    _text("tracking_number"),
    _of("contacts", "contact_id", null=True, index=True),
    Column("addressed_to", Uuid),
    _time("created_at"),
    _text("timezone", "UTC"),
    _text("country"),
    _json("address"),
    _text("item"),
    Column("value_amount", BigInteger),
    Column("value_currency", Text),
    _text("service"),
    _word("handover", Handover, "courier"),
    _word("status", Status, "created"),
    _time("status_at", null=True),
    _time("window_start", null=True),
    _time("window_end", null=True),
    Column("courier_name", Text),
    Column("courier_phone", Text),
    _json("details"),
    _time("promised_start", null=True),
    _time("promised_end", null=True),
    _time("promised_at", null=True),
    _time("told_start", null=True),
    _time("told_end", null=True),
    _text("told_by"),
    _time("own_start", null=True),
    _time("own_end", null=True),
    _text("own_by"),
    _time("own_until", null=True),
    _time("poll_due_at", null=True),
    Column("poll_misses", Integer, nullable=False, server_default="0"),
    UniqueConstraint("merchant_id", "reference"),
    Index("ix_shipments_tracking", "merchant_id", "tracking_number"),
    Index("ix_shipments_polling", "merchant_id", "carrier", "poll_due_at"),
    Index(
        "ix_shipments_own_until",
        "own_until",
        postgresql_where=text("own_until IS NOT NULL"),
    ),
    # Who and what is on a van is asked with each of its positions.
    Index(
        "ix_shipments_vehicle",
        "merchant_id",
        text("(details ->> 'vehicle')"),
        postgresql_where=text("status = 'out_for_delivery'"),
    ),
    Index(
        "ix_shipments_courier",
        "merchant_id",
        text("(details ->> 'courier_id')"),
        postgresql_where=text("status = 'out_for_delivery'"),
    ),
)

journeys = Table(
    "journeys",
    metadata,
    _id(),
    Column("merchant_id", Uuid, ForeignKey("merchants.id"), nullable=False),
    _of("shipments", "shipment_id"),
    _word("leg", Leg),
    _text("carrier"),
    _text("lane"),
    Column("weekday", Integer, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("minute", Integer, nullable=False),
    _time("arrived_at"),
    UniqueConstraint("shipment_id", "leg"),
    Index(
        "ix_journeys_alike",
        *("merchant_id", "leg", "carrier", "lane", "weekday", "hour", "arrived_at"),
    ),
    Index("ix_journeys_carrier", "merchant_id", "leg", "carrier", "arrived_at"),
    Index("ix_journeys_arrived_at", "arrived_at"),
)

tracking_events = Table(
    "tracking_events",
    metadata,
    _id(),
    _merchant(),
    _of("shipments", "shipment_id"),
    _text("key"),
    _word("status", Status),
    _time("at"),
    _time("received_at"),
    _text("code"),
    _text("description"),
    _time("window_start", null=True),
    _time("window_end", null=True),
    Column("courier_name", Text),
    Column("courier_phone", Text),
    _json("details"),
    _json("raw"),
    UniqueConstraint("shipment_id", "key"),
)

vehicle_positions = Table(
    "vehicle_positions",
    metadata,
    _id(),
    _merchant(),
    _text("vehicle"),
    _time("at"),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    UniqueConstraint("merchant_id", "vehicle", "at"),
    Index("ix_vehicle_positions_at", "at"),
)

attempts = Table(
    "attempts",
    metadata,
    _id(),
    _merchant(),
    _of("shipments", "shipment_id"),
    _text("event_key"),
    _text("carrier"),
    _time("claimed_at"),
    _time("created_at"),
    _text("courier_id"),
    _text("depot"),
    _word("claim", Claim, "nobody_in"),
    Column("customer", Word(CustomerSays)),
    _time("customer_at", null=True),
    _word("verdict", Verdict, "genuine"),
    Column("score", Float, nullable=False, server_default="0"),
    _json("reasons", "[]"),
    _json("evidence"),
    _time("judged_at", null=True),
    _time("disputed_at", null=True),
    UniqueConstraint("shipment_id", "event_key"),
    Index("ix_attempts_claimed", "merchant_id", "claimed_at"),
    Index("ix_attempts_courier", "merchant_id", "carrier", "courier_id", "claimed_at"),
)

unclaimed_events = Table(
    "unclaimed_events",
    metadata,
    _id(),
    _merchant(),
    _of("provider_accounts", "account_id"),
    _text("tracking_number"),
    _text("key"),
    _json("payload"),
    _time("received_at"),
    # As events are unique within their shipment.
    UniqueConstraint("account_id", "tracking_number", "key"),
    Index("ix_unclaimed_events_number", "merchant_id", "tracking_number"),
)

conversations = Table(
    "conversations",
    metadata,
    _id(),
    _merchant(),
    Column("contact_id", Uuid, ForeignKey("contacts.id"), nullable=False, unique=True),
    _time("created_at"),
    _time("last_message_at"),
    _of("identities", "identity_id", null=True),
    _word("holder", Holder, "bot"),
    _of("users", "agent_id", null=True),
    _text("topic"),
    _time("waiting_since", null=True),
    Column("session", Integer, nullable=False, server_default="1"),
    Column("session_turns", Integer, nullable=False, server_default="0"),
    _time("session_at", null=True),
    _json("tags", "[]"),
    Index("ix_conversations_queue", "merchant_id", "holder", "last_message_at"),
    Index("ix_conversations_latest", "merchant_id", "last_message_at"),
)

cases = Table(
    "cases",
    metadata,
    _id(),
    _merchant(),
    _of("conversations", "conversation_id", index=True),
    _time("opened_at"),
    _text("topic"),
    _word("priority", Priority, "normal"),
    _json("facts"),
    _of("users", "agent_id", null=True),
    _of("users", "offered_to", null=True),
    _time("offered_at", null=True),
    _time("first_response_at", null=True),
    _time("first_due_at", null=True),
    _time("due_at", null=True),
    _time("paused_since", null=True),
    _time("snoozed_at", null=True),
    _time("snoozed_until", null=True),
    Column("snoozed_for", Word(SnoozedFor)),
    _time("warned_at", null=True),
    _time("late_at", null=True),
    _time("closed_at", null=True),
    _of("users", "closed_by", null=True),
    _text("settled"),
    _flag("reopened"),
    # One at a time: two processes that hand over at once open one case.
    Index(
        "uq_cases_open",
        "conversation_id",
        unique=True,
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index("ix_cases_open", "merchant_id", postgresql_where=text("closed_at IS NULL")),
    Index("ix_cases_opened", "merchant_id", "opened_at"),
)

# How far each agent has read each conversation.
reads = Table(
    "reads",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    Column("conversation_id", Uuid, ForeignKey("conversations.id"), primary_key=True),
    _time("at"),
)

# Where each agent is looking, and since when they type there. Lost with a crash, as they are.
presences = Table(
    "presences",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("merchant_id", Uuid, nullable=False, index=True),
    Column("conversation_id", Uuid),
    _time("seen_at"),
    _time("typed_at", null=True),
    prefixes=["UNLOGGED"],
)

questions = Table(
    "questions",
    metadata,
    _id(),
    _merchant(),
    _of("conversations", "conversation_id"),
    _time("asked_at"),
    Column("loop", Text),
    Column("requested", Text),
    _json("slots"),
    _json("options", "[]"),
    Column("session", Integer),
    _time("closed_at", null=True),
    _time("expires_at", null=True),
    Index("ix_questions_open", "conversation_id", postgresql_where=text("closed_at IS NULL")),
)

messages = Table(
    "messages",
    metadata,
    _id(),
    _merchant(),
    _of("conversations", "conversation_id"),
    _word("author", Author),
    _time("created_at"),
    _word("status", MessageStatus),
    _text("channel"),
    _of("provider_accounts", "account_id", null=True),
    _of("identities", "identity_id", null=True),
    _text("kind", "text"),
    _text("text"),
    Column("key", Text),
    Column("say", Text),
    _json("variables"),
    _json("options", "[]"),
    _of("questions", "question_id", null=True),
    _text("purpose", "service"),
    Column("in_reply_to", Uuid),
    _of("users", "agent_id", null=True),
    _json("provider_ids", "[]"),
    _text("error"),
    _json("payloads", "[]"),
    Column("sent_parts", Integer, nullable=False, server_default="0"),
    _time("attempted_at", null=True),
    Column("doubts", Integer, nullable=False, server_default="0"),
    _time("status_at", null=True),
    _json("status_times"),
    _time("slot_at", null=True),
    _time("answered_at", null=True),
    Column("engine_session", Integer),
    _json("cost"),
    Column("answers_with", Uuid),
    Column("stands_in_for", Uuid),
    _json("understood"),
    _json("raw"),
    Index("ix_messages_thread", "conversation_id", "id"),
    # Notes between agents, for those who are called in one.
    Index(
        "ix_messages_comments",
        "merchant_id",
        "created_at",
        postgresql_where=text("kind = 'comment'"),
    ),
    Index("ix_messages_failed", "merchant_id", "id", postgresql_where=text("status = 'failed'")),
    Index("ix_messages_parked", "identity_id", "id", postgresql_where=text("status = 'parked'")),
    Index(
        "ix_messages_unanswered",
        "conversation_id",
        "id",
        postgresql_where=text("author = 'customer' AND answered_at IS NULL"),
    ),
    Index(
        "uq_messages_inbound_key",
        "account_id",
        "key",
        unique=True,
        postgresql_where=text("author = 'customer'"),
    ),
    Index(
        "uq_messages_effect_key",
        "merchant_id",
        "key",
        unique=True,
        postgresql_where=text("author <> 'customer' AND key IS NOT NULL"),
    ),
)

delivery_requests = Table(
    "delivery_requests",
    metadata,
    _id(),
    _merchant(),
    _of("shipments", "shipment_id", index=True),
    _of("conversations", "conversation_id", null=True),
    _word("kind", RequestKind),
    _word("state", RequestState),
    _time("created_at"),
    _time("decided_at", null=True),
    _time("window_start", null=True),
    _time("window_end", null=True),
    _text("note"),
    _text("point"),
    Column("fee_amount", BigInteger, nullable=False, server_default="0"),
    _text("fee_currency", "EUR"),
    _text("reason"),
    Column("policy_version", Integer, nullable=False, server_default="0"),
    Column("along_with", Uuid),
    _time("work_due_at", null=True),
    _time("late_at", null=True),
    _of("users", "decided_by", null=True),
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
    _id(),
    _merchant(),
    _text("code"),
    Column("place", Integer, nullable=False, server_default="0"),
    _text("name"),
    _text("address"),
    Column("latitude", Float),
    Column("longitude", Float),
    _json("hours"),
    Column("capacity", Integer),
    _time("changed_at"),
    _time("closed_at", null=True),
    UniqueConstraint("merchant_id", "code"),
)

access_codes = Table(
    "access_codes",
    metadata,
    _id(),
    _merchant(),
    _of("shipments", "shipment_id", index=True),
    _of("conversations", "conversation_id", index=True),
    _time("created_at"),
    _text("wish"),
    Column("wrong", Integer, nullable=False, server_default="0"),
    _time("used_at", null=True),
)

parcel_grants = Table(
    "parcel_grants",
    metadata,
    _id(),
    _merchant(),
    _of("shipments", "shipment_id"),
    _of("conversations", "conversation_id", index=True),
    _time("created_at"),
    _time("expires_at"),
)

surveys = Table(
    "surveys",
    metadata,
    _id(),
    _merchant(),
    _of("contacts", "contact_id", index=True),
    _of("shipments", "shipment_id", null=True, index=True),
    _time("asked_at"),
    Column("score", Integer),
    _text("comment"),
    _json("topics", "[]"),
    _word("topics_by", TopicsBy, "words"),
    _time("scored_at", null=True),
    _time("commented_at", null=True),
)

flows = Table(
    "flows",
    metadata,
    _id(),
    _merchant(),
    _text("name"),
    Column("version", Integer, nullable=False),
    _json("document"),
    _flag("active"),
    _time("created_at"),
    UniqueConstraint("merchant_id", "name", "version"),
)

flow_runs = Table(
    "flow_runs",
    metadata,
    _id(),
    _merchant(),
    _of("flows", "flow_id"),
    _of("shipments", "shipment_id", index=True),
    _text("key"),
    Column("step", Integer, nullable=False, server_default="0"),
    _time("created_at"),
    _time("finished_at", null=True),
    _time("due_at", null=True),
    _text("note"),
    _json("facts"),
    UniqueConstraint("merchant_id", "key"),
)

consents = Table(
    "consents",
    metadata,
    _id(),
    _merchant(),
    _of("contacts", "contact_id", index=True),
    _text("channel"),
    _text("purpose"),
    _flag("given"),
    _text("source"),
    _text("text"),
    _time("at"),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    _merchant(),
    _text("actor"),
    _text("action"),
    _text("subject"),
    _time("at"),
    _json("details"),
)

message_templates = Table(
    "message_templates",
    metadata,
    _id(),
    _merchant(),
    _of("provider_accounts", "account_id"),
    _text("name"),
    _text("language"),
    _text("category"),
    _word("state", TemplateState),
    _time("changed_at"),
    _text("body"),
    _json("buttons", "[]"),
    _text("provider_id"),
    _text("reason"),
    UniqueConstraint("account_id", "name", "language"),
)

media = Table(
    "media",
    metadata,
    _id(),
    _merchant(),
    Column("message_id", Uuid, ForeignKey("messages.id"), nullable=False, unique=True),
    _time("created_at"),
    _text("content_type"),
    Column("size", Integer, nullable=False, server_default="0"),
    _text("digest"),
    _text("error"),
    Index("ix_media_digest", "digest"),
    Index("ix_media_age", "created_at"),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("user_id", Uuid, ForeignKey("users.id"), primary_key=True),
    _of("merchants", "merchant_id"),
    Column("secret", LargeBinary, nullable=False, comment="Fernet-encrypted JSON"),
    _time("created_at"),
    _time("confirmed_at", null=True),
    Column("last_step", BigInteger, nullable=False, server_default="0"),
    _json("recovery", "[]"),
)

invitations = Table(
    "invitations",
    metadata,
    _id(),
    _merchant(),
    _text("email"),
    _word("role", Role),
    _of("users", "invited_by"),
    Column("digest", Text, nullable=False, unique=True),
    _time("created_at"),
    _time("expires_at"),
    _time("used_at", null=True),
)

proofs = Table(
    "proofs",
    metadata,
    _id(),
    _merchant(),
    _of("contacts", "contact_id", index=True),
    _word("kind", ProofKind),
    _text("actor"),
    _time("at"),
    _json("counts"),
    _text("digest"),
)

merges = Table(
    "merges",
    metadata,
    _id(),
    _merchant(),
    _of("contacts", "contact_id", index=True),
    _of("contacts", "other_id", index=True),
    _time("at"),
    _of("users", "merged_by"),
    _text("reason"),
    Column("conversation_id", Uuid, index=True),
    _json("moved"),
    _json("copied", "[]"),
    _time("undone_at", null=True),
    _of("users", "undone_by", null=True),
)

saved_views = Table(
    "saved_views",
    metadata,
    _id(),
    _merchant(),
    _text("name"),
    _time("created_at"),
    _of("users", "owner_id", null=True, index=True),
    _json("wanted"),
)

# Refusals of people who were erased: by a keyed digest of their address, and nothing else.
opt_outs = Table(
    "opt_outs",
    metadata,
    Column("merchant_id", Uuid, ForeignKey("merchants.id"), primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("channel", Text, primary_key=True, server_default=""),
    Column("purpose", Text, primary_key=True, server_default=""),
    _time("at"),
)

# How far the turns that were given out reach, by account and urgency, or by recipient.
paces = Table(
    "paces",
    metadata,
    Column("key", Text, primary_key=True),
    _time("free_at"),
    prefixes=["UNLOGGED"],
)

# Beside the queue's own table, whose rows come and go without us (see bot/jobs/failures.py).
job_failures = Table(
    "job_failures",
    metadata,
    Column("job_id", BigInteger, primary_key=True, autoincrement=False),
    _time("at"),
    _text("reason"),
)
