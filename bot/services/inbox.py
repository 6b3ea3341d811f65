"""What the console reads: lines of the queue, and the facts beside a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from bot.domain.case import Priority
from bot.domain.conversation import Author, Contact, Holder, Identity
from bot.domain.merchant import AuditEntry, Merchant
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
    last_at: datetime | None = None
    tags: Sequence[str] = ()
    priority: Priority | None = None
    """None where no case is open."""
    due_at: datetime | None = None
    """The target that counts now."""
    warned_at: datetime | None = None
    paused: bool = False
    snoozed: bool = False
    offered_to: UUID | None = None
    read_at: datetime | None = None
    found: str = ""
    """The words by which a search found it."""

    @property
    def unanswered(self) -> bool:
        """The customer had the last word, and it is a person's turn."""
        return self.last_author is Author.customer and self.holder is not Holder.bot

    @property
    def unread(self) -> bool:
        """The customer has written since the agent last looked."""
        news = self.read_at is None or (self.last_at is not None and self.last_at > self.read_at)
        return self.unanswered and news

    def lateness(self, now: datetime) -> str:
        """`late`, `soon` or empty; for the row's colour."""
        if self.due_at is None or self.snoozed:
            return ""
        if self.due_at <= now:
            return "late"
        return "soon" if self.warned_at is not None else ""


class ViewName(StrEnum):
    """The parts of the desk that have a name."""

    desk = "desk"
    """Waiting, one's own, and the latest of the rest: where agents begin."""
    late = "late"
    mentions = "mentions"
    undelivered = "undelivered"
    """Something that was lately said has reached nobody."""
    snoozed = "snoozed"
    others = "others"
    """In colleagues' hands."""
    bot = "bot"
    all = "all"


NARROWING = ("topic", "channel", "language", "tag", "priority")
"""By what a view can be narrowed down."""
_LONGEST_FILTER = 80


def _clean(text: str) -> str:
    return text.replace("\0", "")[:_LONGEST_FILTER]


@dataclass(frozen=True)
class View:
    """What an agent wants to see: a named part, narrowed down, or what a search finds."""

    name: ViewName = ViewName.desk
    topic: str = ""
    channel: str = ""
    language: str = ""
    tag: str = ""
    priority: str = ""
    search: str = ""

    @property
    def plain(self) -> bool:
        """The desk itself, not narrowed down."""
        return self == View()

    @property
    def narrowed(self) -> bool:
        """More is asked for than a part of the desk that has a name anyway."""
        return any(getattr(self, name) for name in NARROWING)

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "View":
        """The view that an address or a form asks for; what it does not know is left out."""
        given = {name: _clean(asked.get(name, "")) for name in NARROWING}
        name = asked.get("view", "")
        known = ViewName(name) if name in list(ViewName) else ViewName.desk
        return cls(known, **given, search=_clean(asked.get("q", "")).strip())

    def written(self) -> dict[str, str]:
        """What `read` takes, without the words of a search; empty for the desk itself."""
        parts = {"view": "" if self.name is ViewName.desk else str(self.name)}
        parts |= {name: getattr(self, name) for name in NARROWING}
        return {name: value for name, value in parts.items() if value}


@dataclass(frozen=True)
class Queue:
    """The queue as one agent sees it, each part cut at a reasonable length."""

    waiting: Sequence[QueueRow]
    """The one who has waited longest comes first."""
    mine: Sequence[QueueRow]
    recent: Sequence[QueueRow]
    waiting_count: int
    """All who wait, also those beyond the cut."""
    rows: Sequence[QueueRow] = ()
    """What a view other than the desk holds."""
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    """By the name of a view, of those that show a number."""
    topics: Sequence[str] = ()
    """Of the open cases, for narrowing down."""
    tags: Sequence[str] = ()


@dataclass(frozen=True)
class Board:
    """How the desk stands now."""

    waiting: int
    oldest_since: datetime | None
    late: int
    held: int
    snoozed: int
    answered_today: Mapping[UUID, int]
    """Replies by agent in the last 24 hours."""
    settled_today: Mapping[UUID, int]


@dataclass(frozen=True)
class Day:
    """How one day went. Times are medians; None where there was nothing to measure."""

    day: date
    talks: int
    """Conversations in which a customer wrote."""
    contained: int
    """Of these, those that the bot settled alone."""
    opened: int
    closed: int
    reopened: int
    late: int
    first_response: timedelta | None
    resolution: timedelta | None
    score: float | None
    """The mean score of surveys that were answered within a week of an agent's work."""


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

    async def queue(
        self, merchant_id: UUID, agent_id: UUID, view: View, *, now: datetime
    ) -> Queue: ...
    async def board(self, merchant_id: UUID, now: datetime) -> Board: ...
    async def days(
        self, merchant_id: UUID, since: datetime, until: datetime, zone: str
    ) -> Sequence[Day]:
        """How each day went, by the merchant's calendar, the latest first."""
        ...

    async def trail(
        self, merchant_id: UUID, before: datetime | None, limit: int
    ) -> Sequence[tuple[AuditEntry, str]]:
        """What was done, and by whom in words, the latest first."""
        ...

    async def facts(self, merchant_id: UUID, contact_id: UUID) -> Facts: ...
    async def agents(self, merchant_id: UUID) -> Mapping[UUID, str]:
        """The names of everybody who works for the merchant."""
        ...

    async def tracked(self, shipment_id: UUID) -> Tracked | None:
        """By id alone: a signed link names the shipment and stands for its merchant."""
        ...
