"""What the console reads: lines of the queue, and the facts beside a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bot.domain.conversation import Author, Contact, Holder, Identity
from bot.domain.merchant import Merchant
from bot.domain.request import DeliveryRequest
from bot.domain.shipment import Shipment, TrackingEvent
from bot.domain.survey import Survey


@dataclass(frozen=True)
class QueueRow:
    """One conversation as the queue lists it."""

    id: UUID
    holder: Holder
    agent_id: UUID | None
    agent_name: str
    topic: str
    waiting_since: datetime | None
    last_message_at: datetime
    name: str
    phone: str | None
    language: str
    channel: str
    last_author: Author | None
    last_kind: str
    last_text: str

    @property
    def unanswered(self) -> bool:
        """The customer had the last word, and it is a person's turn."""
        return self.last_author is Author.customer and self.holder is not Holder.bot


@dataclass(frozen=True)
class Queue:
    """The queue as one agent sees it, each part cut at a reasonable length."""

    waiting: Sequence[QueueRow]
    """The one who has waited longest comes first."""
    mine: Sequence[QueueRow]
    recent: Sequence[QueueRow]
    waiting_count: int
    """All who wait, also those beyond the cut."""


@dataclass(frozen=True)
class Parcel:
    """A shipment with its history and what has been asked for it."""

    shipment: Shipment
    events: Sequence[TrackingEvent]
    requests: Sequence[DeliveryRequest]


@dataclass(frozen=True)
class Facts:
    """What an agent sees beside a conversation."""

    contact: Contact
    identities: Sequence[Identity]
    parcels: Sequence[Parcel]
    more_parcels: int
    surveys: Sequence[Survey]


@dataclass(frozen=True)
class Tracked:
    """What the tracking page shows."""

    merchant: Merchant
    shipment: Shipment
    contact: Contact | None
    events: Sequence[TrackingEvent]


class Inbox(Protocol):
    """The console's queries; all but `tracked` are scoped to a merchant."""

    async def queue(self, merchant_id: UUID, agent_id: UUID) -> Queue: ...
    async def facts(self, merchant_id: UUID, contact_id: UUID) -> Facts: ...
    async def agents(self, merchant_id: UUID) -> Mapping[UUID, str]:
        """The names of everybody who works for the merchant."""
        ...

    async def tracked(self, shipment_id: UUID) -> Tracked | None:
        """By id alone: a signed link names the shipment and stands for its merchant."""
        ...
