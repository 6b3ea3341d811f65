"""Every table. Rules that two processes could break at once are constraints here, not code."""

from bot.storage.tables.base import Word, metadata
from bot.storage.tables.changes import access_codes, delivery_requests, parcel_grants, pickup_points
from bot.storage.tables.parcels import (
    attempts,
    journeys,
    shipments,
    tracking_events,
    unclaimed_events,
    vehicle_positions,
)
from bot.storage.tables.people import consents, contacts, identities, merges, opt_outs, proofs
from bot.storage.tables.sending import flow_runs, flows, job_failures, message_templates, paces
from bot.storage.tables.talks import (
    cases,
    conversations,
    media,
    messages,
    presences,
    questions,
    reads,
    surveys,
)
from bot.storage.tables.team import (
    api_keys,
    audit,
    invitations,
    merchants,
    provider_accounts,
    saved_views,
    second_factors,
    users,
)

__all__ = [
    "Word",
    "access_codes",
    "api_keys",
    "attempts",
    "audit",
    "cases",
    "consents",
    "contacts",
    "conversations",
    "delivery_requests",
    "flow_runs",
    "flows",
    "identities",
    "invitations",
    "job_failures",
    "journeys",
    "media",
    "merchants",
    "merges",
    "message_templates",
    "messages",
    "metadata",
    "opt_outs",
    "paces",
    "parcel_grants",
    "pickup_points",
    "presences",
    "proofs",
    "provider_accounts",
    "questions",
    "reads",
    "saved_views",
    "second_factors",
    "shipments",
    "surveys",
    "tracking_events",
    "unclaimed_events",
    "users",
    "vehicle_positions",
]
