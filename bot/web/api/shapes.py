"""What the API answers: the shapes, and how they are filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.conversation import Author, Contact, Conversation, Holder, Message, MessageStatus
from bot.domain.estimate import By, Estimate
from bot.domain.flow import Flow, FlowRun
from bot.domain.flow_run import stands
from bot.domain.request import DeliveryRequest, RequestKind, RequestState
from bot.domain.shipment import Handover, Shipment, Status, TrackingEvent
from bot.domain.when import Window
from bot.services.links import Links


class Shown(BaseModel):
    """Something that the API answers."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class WindowOut(Shown):
    start: datetime = Field(serialization_alias="from")
    end: datetime = Field(serialization_alias="to")

    @classmethod
    def of(cls, window: Window | None) -> "WindowOut | None":
        return cls(start=window.start, end=window.end) if window else None


class EstimateOut(WindowOut):
    by: By = Field(description="position and history are our own, see docs/eta.md")

    @classmethod
    def by_whom(cls, found: Estimate | None) -> "EstimateOut | None":
        if found is None:
            return None
        return cls(start=found.window.start, end=found.window.end, by=found.by)


class MoneyOut(Shown):
    amount: int = Field(description="in minor units: 1290 for 12.90")
    currency: str


class CourierOut(Shown):
    name: str | None
    phone: str | None

    @classmethod
    def of(cls, thing: Shipment | TrackingEvent) -> "CourierOut | None":
        if thing.courier_name is None and thing.courier_phone is None:
            return None
        return cls(name=thing.courier_name, phone=thing.courier_phone)


class RecipientOut(Shown):
    name: str
    phone: str | None
    email: str | None
    language: str
    country: str


class FlowVersion(Shown):
    """A version of a flow, and where its runs stand."""

    name: str
    version: int
    active: bool
    created_at: datetime
    runs: dict[str, int] = Field(description="how many runs stand at which note")


class FlowList(Shown):
    flows: list[FlowVersion]


class FlowOut(Shown):
    """A version of a flow with its document."""

    name: str
    version: int
    active: bool
    created_at: datetime
    yaml: str


class FlowChecked(Shown):
    """There is nothing wrong."""

    steps: int


class FlowRunOut(Shown):
    """One run: for which parcel, and where it stands."""

    id: str
    version: int
    reference: str = Field(description="the parcel's")
    variant: str | None
    begun_at: datetime
    step: int = Field(description="at which it stands, the first is 1")
    stands: str = Field(description="`held: quiet hours until 2026-11-24 08:00`, by the parcel's "
                                    "clock")  # fmt: skip
    due_at: datetime | None = Field(description="when it goes on, unless something wakes it before")
    finished_at: datetime | None

    @classmethod
    def of(cls, run: FlowRun, flow: Flow, shipment: Shipment) -> Self:
        return cls(
            id=str(run.id),
            version=flow.version,
            reference=shipment.reference,
            variant=run.facts.get("variant"),
            begun_at=run.created_at,
            step=run.step + 1,
            stands=stands(run, ZoneInfo(shipment.timezone)),
            due_at=run.due_at,
            finished_at=run.finished_at,
        )


class FlowRunPage(Shown):
    """Runs, the last begun first."""

    runs: list[FlowRunOut]
    next: str | None = Field(description="`before` for the next page; null: this is the last")


class UndeliveredOut(Shown):
    """A message that has reached nobody."""

    id: str
    conversation: str
    author: Author
    channel: str
    to: str = Field(description="the number or address it was for")
    purpose: str
    say: str | None = Field(description="which sentence; null: an agent's own words")
    text: str = Field(description="as it was worded; empty where it failed before")
    reason: str
    said_at: datetime
    failed_at: datetime | None

    @classmethod
    def of(cls, message: Message, to: str) -> Self:
        return cls(
            id=str(message.id),
            conversation=str(message.conversation_id),
            author=message.author,
            channel=message.channel,
            to=to,
            purpose=message.purpose,
            say=message.say,
            text=message.text,
            reason=message.error,
            said_at=message.created_at,
            failed_at=message.status_at,
        )


class UndeliveredPage(Shown):
    """Messages that have reached nobody, the newest first."""

    messages: list[UndeliveredOut]
    next: str | None = Field(description="`before` for the next page; null: this is the last")


class RunsMoved(Shown):
    """What became of a flow's open runs."""

    version: int = Field(description="by which they go on")
    runs: int = Field(description="how many were moved")
    left: dict[str, int] = Field(description="those that stay where they began, by the reason")


class PointOut(Shown):
    """A pick-up point."""

    id: str
    name: str
    address: str
    latitude: float | None
    longitude: float | None
    hours: dict[str, str] = Field(description="empty: always open")
    capacity: int | None
    taken: int = Field(description="parcels that wait there, or are on their way")


class PointList(Shown):
    points: list[PointOut]


class PointsTaken(Shown):
    """What became of a list of points."""

    points: int = Field(description="that are open now")
    closed: int = Field(description="that were not in the list")


class ShipmentOut(Shown):
    """A shipment as it stands."""

    reference: str
    tracking_number: str
    carrier: str
    status: Status
    status_at: datetime | None
    window: WindowOut | None = Field(description="as the carrier or the merchant gave it")
    estimate: EstimateOut | None = Field(description="the estimate that stands, whose ever it is")
    courier: CourierOut | None
    recipient: RecipientOut | None = Field(
        description="the contact, shared by all shipments to one phone; null: nobody to write to"
    )
    address: dict[str, str | float]
    item: str
    value: MoneyOut | None
    timezone: str
    handover: Handover
    service: str = Field(description="the carrier's service level; empty: not known")
    created_at: datetime
    tracking_page: str = Field(description="a signed link, to be given to the recipient alone")
    telegram_link: str | None = Field(
        description="opens the chat; a Telegram bot cannot write first"
    )


class EventOut(Shown):
    """A tracking event as it is stored."""

    id: str
    status: Status
    at: datetime
    received_at: datetime
    code: str
    description: str
    window: WindowOut | None
    courier: CourierOut | None


class RequestOut(Shown):
    """Something that the customer asked for."""

    id: UUID
    kind: RequestKind
    state: RequestState
    created_at: datetime
    decided_at: datetime | None
    window: WindowOut | None
    note: str
    fee: MoneyOut
    reason: str


class MessageOut(Shown):
    """A message of a conversation; `say` names the sentence of one that is not yet worded."""

    id: UUID
    author: Author
    channel: str
    kind: str
    text: str
    say: str | None
    status: MessageStatus
    at: datetime


class ConversationOut(Shown):
    """A conversation with the recipient and its last messages, oldest first."""

    id: UUID
    holder: Holder
    topic: str
    last_message_at: datetime
    messages: list[MessageOut]


class ShipmentDetails(ShipmentOut):
    """A shipment with all that has happened around it."""

    events: list[EventOut]
    requests: list[RequestOut]
    conversations: list[ConversationOut]


class ShipmentPage(Shown):
    """Some of the shipments, oldest first."""

    shipments: list[ShipmentOut]
    next: str | None = Field(description="`after` for the next page; null: this is the last")


class EventList(Shown):
    """The events of a shipment in the order in which they happened."""

    events: list[EventOut]


class WarningOut(Shown):
    field: str
    detail: str


class EventsTaken(Shown):
    """What became of the events that were sent."""

    stored: list[str] = Field(description="ids that were new")
    repeated: list[str] = Field(description="ids that were known and changed nothing")
    warnings: list[WarningOut] = Field(description="what was taken, but perhaps not as meant")
    shipment: ShipmentOut


class FieldProblem(Shown):
    field: str
    detail: str


class Problem(BaseModel):
    """Problem details, RFC 9457."""

    type: str
    title: str
    status: int
    detail: str | None = None
    instance: str | None = Field(None, description="the path that was asked for")
    errors: list[FieldProblem] | None = Field(None, description="each field that is wrong")
    request_id: str | None = Field(None, description="to be quoted, when we are to blame")


@dataclass(frozen=True)
class Shaper:
    """Fills the shapes for one merchant."""

    links: Links
    bot_name: str | None
    """Of the merchant's Telegram account."""

    def shipment(self, shipment: Shipment, contact: Contact | None) -> ShipmentOut:
        return ShipmentOut(**self._shipment(shipment, contact))

    def details(
        self,
        shipment: Shipment,
        contact: Contact | None,
        events: Sequence[TrackingEvent],
        requests: Sequence[DeliveryRequest],
        conversations: Sequence[tuple[Conversation, Sequence[Message]]],
    ) -> ShipmentDetails:
        return ShipmentDetails(
            **self._shipment(shipment, contact),
            events=[event_out(event) for event in events],
            requests=[_request_out(request) for request in requests],
            conversations=[_conversation_out(*each) for each in conversations],
        )

    def _shipment(self, shipment: Shipment, contact: Contact | None) -> dict[str, Any]:
        chat: str | None = None
        if contact is not None and self.bot_name is not None:
            chat = self.links.telegram_chat(self.bot_name, contact.id)
        return {
            "reference": shipment.reference,
            "tracking_number": shipment.tracking_number,
            "carrier": shipment.carrier,
            "status": shipment.status,
            "status_at": shipment.status_at,
            "window": WindowOut.of(shipment.window),
            "estimate": EstimateOut.by_whom(shipment.estimate),
            "courier": CourierOut.of(shipment),
            "recipient": _recipient_out(contact) if contact else None,
            "address": shipment.address,
            "item": shipment.item,
            "value": _money(shipment.value_amount, shipment.value_currency),
            "timezone": shipment.timezone,
            "handover": shipment.handover,
            "service": shipment.service_level,
            "created_at": shipment.created_at,
            "tracking_page": self.links.tracking_page(shipment.id),
            "telegram_link": chat,
        }


def event_out(event: TrackingEvent) -> EventOut:
    """An event as the API shows it."""
    return EventOut(
        id=event.told_as,
        status=event.status,
        at=event.at,
        received_at=event.received_at,
        code=event.code,
        description=event.description,
        window=WindowOut.of(event.window),
        courier=CourierOut.of(event),
    )


def _recipient_out(contact: Contact) -> RecipientOut:
    return RecipientOut(
        name=contact.name,
        phone=contact.phone,
        email=contact.email,
        language=contact.language,
        country=contact.country,
    )


def _money(amount: int | None, currency: str | None) -> MoneyOut | None:
    if amount is None or currency is None:
        return None
    return MoneyOut(amount=amount, currency=currency)


def _request_out(request: DeliveryRequest) -> RequestOut:
    return RequestOut(
        id=request.id,
        kind=request.kind,
        state=request.state,
        created_at=request.created_at,
        decided_at=request.decided_at,
        window=WindowOut.of(request.window),
        note=request.note,
        fee=MoneyOut(amount=request.fee_amount, currency=request.fee_currency),
        reason=request.reason,
    )


def _conversation_out(conversation: Conversation, messages: Sequence[Message]) -> ConversationOut:
    return ConversationOut(
        id=conversation.id,
        holder=conversation.holder,
        topic=conversation.topic,
        last_message_at=conversation.last_message_at,
        messages=[
            MessageOut(
                id=message.id,
                author=message.author,
                channel=message.channel,
                kind=message.kind,
                text=message.text,
                say=message.say,
                status=message.status,
                at=message.created_at,
            )
            for message in messages
        ],
    )
