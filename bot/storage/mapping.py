"""Joins the domain's plain classes to the tables, so that the domain knows no database."""

from functools import cache

from sqlalchemy.orm import registry

from bot.domain.access import AccessCode, ParcelGrant
from bot.domain.attempt import Attempt
from bot.domain.case import Case
from bot.domain.consent import Consent
from bot.domain.conversation import Contact, Conversation, Identity, Message, Question
from bot.domain.flow import Flow, FlowRun
from bot.domain.invitation import Invitation
from bot.domain.media import Media
from bot.domain.merchant import ApiKey, AuditEntry, Merchant, User
from bot.domain.merge import Merge
from bot.domain.proof import Proof
from bot.domain.request import DeliveryRequest
from bot.domain.saved_view import SavedView
from bot.domain.shipment import Shipment, TrackingEvent, UnclaimedEvent
from bot.domain.survey import Survey
from bot.domain.templates import Template
from bot.domain.usual import Journey
from bot.storage import tables

_PAIRS = (
    (Merchant, tables.merchants),
    (ApiKey, tables.api_keys),
    (User, tables.users),
    (Contact, tables.contacts),
    (Identity, tables.identities),
    (Shipment, tables.shipments),
    (Journey, tables.journeys),
    (TrackingEvent, tables.tracking_events),
    (UnclaimedEvent, tables.unclaimed_events),
    (Conversation, tables.conversations),
    (Question, tables.questions),
    (Message, tables.messages),
    (DeliveryRequest, tables.delivery_requests),
    (AccessCode, tables.access_codes),
    (ParcelGrant, tables.parcel_grants),
    (Survey, tables.surveys),
    (Flow, tables.flows),
    (FlowRun, tables.flow_runs),
    (Consent, tables.consents),
    (AuditEntry, tables.audit),
    (Invitation, tables.invitations),
    (Proof, tables.proofs),
    (Merge, tables.merges),
    (Media, tables.media),
    (Template, tables.message_templates),
    (Attempt, tables.attempts),
    (Case, tables.cases),
    (SavedView, tables.saved_views),
)


@cache
def map_domain() -> registry:
    """Map every stored class, once a process."""
    mapper = registry(metadata=tables.metadata)
    for domain_class, table in _PAIRS:
        mapper.map_imperatively(domain_class, table)
    return mapper
