"""Shipments: their tracking events and what follows from the whole history of them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from bot.domain.estimate import By, Estimate, prevailing, still_holds
from bot.domain.places import Place
from bot.domain.when import Window

_LONGEST_ID = 200
TOLERANCE = timedelta(minutes=15)
"""A window that moves by less is the same to whoever waits."""


TAGS = "tags"
"""Under which name tags stand in a shipment's details."""
HANDOVER = "handover"
"""Under which name events tell how a parcel changes hands."""


class Status(StrEnum):
    """Where a shipment is in its life; `unknown` is a value and is shown as such."""

    created = "created"
    in_transit = "in_transit"
    out_for_delivery = "out_for_delivery"
    delivered = "delivered"
    attempt_failed = "attempt_failed"
    ready_for_pickup = "ready_for_pickup"
    delayed = "delayed"
    exception = "exception"
    returning = "returning"
    returned = "returned"
    cancelled = "cancelled"
    unknown = "unknown"

    @property
    def final(self) -> bool:
        """Nothing more will happen to this shipment."""
        return self in {Status.delivered, Status.returned, Status.cancelled}


class Handover(StrEnum):
    """How a parcel changes hands."""

    courier = "courier"
    neighbour = "neighbour"
    locker = "locker"
    shop = "shop"
    robot = "robot"
    drone = "drone"

    @property
    def by_itself(self) -> bool:
        """Nobody comes along with it."""
        return self in {Handover.robot, Handover.drone}

    @property
    def waits(self) -> bool:
        """It is fetched, within some days."""
        return self in {Handover.shop, Handover.locker}


@dataclass(frozen=True)
class Proof:
    """What shows that a parcel was handed over, as the carrier tells."""

    signed_by: str = ""
    photo_url: str = ""
    left_at: str = ""
    """Where it was left, in the carrier's words: "front door", "reception"."""
    code_checked: bool = False
    """The recipient's one-time code was asked for, and right."""
    code: str = ""
    """The code that was given, where it is ours to check."""


@dataclass(frozen=True)
class Collect:
    """Where a parcel waits to be fetched, or opened, by the customer."""

    place: str = ""
    """Its name and address, as a person would say them."""
    code: str = ""
    until: datetime | None = None
    link: str = ""
    """Opens the locker or the robot."""
    hours: str = ""
    """When the place is open, in the carrier's words: "Mon-Sat 9-19"."""


@dataclass(eq=False)
class Shipment:
    """A parcel on its way. Status, window and courier are derived: see `Standing`."""

    id: UUID
    merchant_id: UUID
    reference: str
    """The merchant's own name for it, unique within the merchant."""
    carrier: str
    tracking_number: str
    contact_id: UUID | None
    """Whose it is: where two contacts were merged, the one who stayed."""
    created_at: datetime
    timezone: str = "UTC"
    country: str = ""
    address: dict[str, Any] = field(default_factory=dict[str, Any])
    item: str = ""
    value_amount: int | None = None
    value_currency: str | None = None
    service: str = ""
    """The carrier's service level, in small letters: `express`, `standard`."""
    handover: Handover = Handover.courier
    status: Status = Status.created
    status_at: datetime | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    courier_name: str | None = None
    courier_phone: str | None = None
    details: dict[str, Any] = field(default_factory=dict[str, Any])
    """What was last told besides: see `TrackingEvent.details`."""
    promised_start: datetime | None = None
    promised_end: datetime | None = None
    promised_at: datetime | None = None
    """When the merchant said so; see `Promise`."""
    told_start: datetime | None = None
    told_end: datetime | None = None
    """The window that the customer was last told unasked."""
    told_by: str = ""
    """Whose that was, one of `By`; empty where it is not known."""
    own_start: datetime | None = None
    own_end: datetime | None = None
    own_by: str = ""
    own_until: datetime | None = None
    """Our own estimate, by what, and when it is to be made anew; see `expect`."""
    addressed_to: UUID | None = None
    """The contact whose number or mail address it came with, where that is not whose it is now."""
    poll_due_at: datetime | None = None
    """When its carrier is to be asked next, where that has to be asked."""
    poll_misses: int = 0

    @property
    def window(self) -> Window | None:
        """When it is expected, if its carrier or its merchant has said so."""
        if self.window_start is None or self.window_end is None:
            return None
        return Window(self.window_start, self.window_end)

    @property
    def own(self) -> Estimate | None:
        """Our own estimate."""
        if self.own_start is None or self.own_end is None or not self.own_by:
            return None
        return Estimate(Window(self.own_start, self.own_end), By(self.own_by))

    @property
    def estimate(self) -> Estimate | None:
        """The estimate that stands, and whose it is: see `prevailing`."""
        window, promise = self.window, self.promise
        promised = promise is not None and promise.window == window
        by = By.merchant if promised else By.carrier
        return prevailing(Estimate(window, by) if window else None, self.own)

    @property
    def expected(self) -> Window | None:
        """When it is expected, whoever says so."""
        return self.estimate.window if self.estimate else None

    @property
    def bound(self) -> Window | None:
        """What cut-offs go by: what was given, else where the courier is; never what is usual."""
        by_position = self.own is not None and self.own.by is By.position
        return self.window or (self.expected if by_position else None)

    def expect(self, own: Estimate | None, until: datetime | None = None) -> bool:
        """Keep our own estimate; whether that changes the one that stands.

        Args:
            own: None takes back what there was.
            until: when it is to be made anew.
        """
        before = self.estimate
        self.own_start = own.window.start if own else None
        self.own_end = own.window.end if own else None
        self.own_by = str(own.by) if own else ""
        self.own_until = until if own else None
        return before != self.estimate

    @property
    def promise(self) -> "Promise | None":
        """What the merchant itself has said about the time."""
        if self.promised_start is None or self.promised_end is None or self.promised_at is None:
            return None
        return Promise(Window(self.promised_start, self.promised_end), self.promised_at)

    def make_promise(self, window: Window, now: datetime) -> bool:
        """Keep the merchant's window; False when it only says again what it said last."""
        if self.promise is not None and self.promise.window == window:
            return False
        self.promised_start, self.promised_end, self.promised_at = window.start, window.end, now
        return True

    @property
    def told(self) -> Window | None:
        """What the customer goes by."""
        if self.told_start is None or self.told_end is None or self.told_start == self.told_end:
            return None
        return Window(self.told_start, self.told_end)

    def tell(self) -> None:
        """The customer is told the present estimate.

        Told of a delay of unknown length they are promised the new time: until it is known they
        go by no window, which is kept as one without length. What they went by when it came stays.
        """
        if self.status.final:
            return
        window = self.expected
        self.told_start = window.start if window else None
        self.told_end = window.end if window else None
        self.told_by = str(self.estimate.by) if self.estimate else ""
        if window is None and self.status in _ENDS_WINDOW:
            self.told_start = self.told_end = self.status_at or self.created_at

    @property
    def told_wrong(self) -> bool:
        """Whether what the customer was told does not hold any more; not for a few minutes."""
        told, now = self.told, self.estimate
        if now is None or self.told_start is None:
            return False
        return told is None or not still_holds(told, now, TOLERANCE)

    @property
    def news(self) -> str:
        """What tells one wrong window from the next, so that each is put right once.

        Our own estimates move all the time: of those it is what was told that counts.
        """
        now = self.estimate
        window = self.told if now is not None and now.by.ours else self.expected
        return f"{window.start.isoformat()}/{window.end.isoformat()}" if window else ""

    @property
    def last_day(self) -> datetime | None:
        """Until when it waits to be fetched, if anybody has said so."""
        collect: Mapping[str, Any] = self.details.get("collect") or {}
        try:
            until = datetime.fromisoformat(str(collect.get("until") or ""))
        except ValueError:
            return None
        return until if until.tzinfo else None

    @property
    def service_level(self) -> str:
        """The service as the merchant names it, else as the carrier does, in small letters."""
        return (self.service or str(self.details.get("service") or "")).lower()

    @property
    def tags(self) -> list[str]:
        """The merchant's own words on it."""
        return list(self.details.get(TAGS, ()))

    def tag(self, *tags: str) -> None:
        """Put tags on it; one that is there already stays once."""
        self.details = {**self.details, TAGS: list(dict.fromkeys([*self.tags, *tags]))}

    @property
    def open(self) -> bool:
        return not self.status.final

    @property
    def last_digits(self) -> str:
        """The end of the tracking number, by which people tell parcels apart."""
        return self.tracking_number[-4:]

    def take(self, standing: "Standing") -> bool:
        """Adopt what the history says; returns whether anything a customer sees changed."""
        before = (self.status, self.window, self.courier_name)
        self.status, self.status_at = standing.status, standing.at
        self.window_start = standing.window.start if standing.window else None
        self.window_end = standing.window.end if standing.window else None
        self.courier_name = standing.courier_name
        self.courier_phone = standing.courier_phone
        told = standing.details.get(HANDOVER)
        # Said again it is no news: what the merchant or the customer has changed since stays.
        if told and told != self.details.get(HANDOVER):
            self.handover = Handover(told)
        # Carriers tell the rest; tags are the merchant's own.
        own = {TAGS: self.tags} if self.tags else {}
        self.details = {**standing.details, **own}
        return before != (self.status, self.window, self.courier_name)


@dataclass(eq=False)
class TrackingEvent:
    """Something that happened to a shipment, as its carrier told it."""

    id: UUID
    merchant_id: UUID
    shipment_id: UUID
    key: str
    """Unique within the shipment; the same event told twice is one event.

    It is the teller's own id behind the teller's name, see `event_key`: the merchant and
    each carrier count for themselves.
    """
    status: Status
    at: datetime
    received_at: datetime
    code: str = ""
    description: str = ""
    window_start: datetime | None = None
    window_end: datetime | None = None
    courier_name: str | None = None
    courier_phone: str | None = None
    details: dict[str, Any] = field(default_factory=dict[str, Any])
    """`courier_id`, `depot`, `vehicle`, `place`, `proof`, `collect`, `calls`: what was told."""
    raw: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def place(self) -> Place | None:
        """Where the courier was, if that was told."""
        told = self.details.get("place")
        return (float(told[0]), float(told[1])) if told else None

    @property
    def told_as(self) -> str:
        """The id that its teller gave it."""
        source, _, rest = self.key.partition(":")
        return rest.partition(":")[2] if source == "carrier" else rest or self.key

    @property
    def window(self) -> Window | None:
        if self.window_start is None or self.window_end is None:
            return None
        return Window(self.window_start, self.window_end)


@dataclass(eq=False)
class UnclaimedEvent:
    """A carrier's event for a number that no shipment has yet; `payload` is all it told."""

    id: UUID
    merchant_id: UUID
    account_id: UUID
    tracking_number: str
    key: str
    payload: dict[str, Any]
    received_at: datetime


@dataclass(frozen=True)
class UnknownCode:
    """A carrier's code that nothing of ours reads: its words, how often it came, when last."""

    carrier: str
    code: str
    description: str
    events: int
    last_at: datetime
    reference: str
    """One of the shipments that it was told of."""


def event_key(source: str, told_as: str) -> str:
    """The key of an event: its teller's id of it, behind who that is.

    Args:
        source: `api` for the merchant, `carrier:<account id>` for a carrier.
        told_as: the id; too long a one is kept as its SHA-256, since an index takes no text
            of any length.
    """
    short = len(told_as) <= _LONGEST_ID
    return f"{source}:{told_as if short else hashlib.sha256(told_as.encode()).hexdigest()}"


@dataclass(frozen=True)
class Promise:
    """A window that the merchant gave, and when; whoever speaks of the time later prevails."""

    window: Window
    at: datetime


@dataclass(frozen=True)
class Standing:
    """What a shipment's whole history comes to."""

    status: Status
    at: datetime | None = None
    window: Window | None = None
    courier_name: str | None = None
    courier_phone: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The last word on each thing that events tell besides."""
    event: TrackingEvent | None = None
    """The event that determines the status."""
    streak: tuple[TrackingEvent, ...] = ()
    """The events that have said this status since it was last reached; `event` ends them."""
    before: Status = Status.created
    """The status that it was reached from."""


# Of two events at the same instant the one further along counts.
_PROGRESS = {status: place for place, status in enumerate((
    Status.unknown, Status.created, Status.in_transit, Status.delayed, Status.exception,
    Status.out_for_delivery, Status.attempt_failed, Status.ready_for_pickup,
    Status.returning, Status.cancelled, Status.returned, Status.delivered,
))}  # fmt: skip


def in_order(history: Iterable[TrackingEvent]) -> list[TrackingEvent]:
    """Events as they happened, in whatever order they were told."""
    return sorted(history, key=lambda e: (e.at, _PROGRESS[e.status], e.key))


# Whoever tells one of these without a new window takes the old one back.
_ENDS_WINDOW = {Status.attempt_failed, Status.returning, Status.exception, Status.delayed}


def derive(history: Iterable[TrackingEvent], promise: Promise | None = None) -> Standing:
    """Derive a shipment's standing; the order in which events arrived does not matter.

    An event whose code nobody knows changes nothing that is known. A window holds until a
    later event gives another one or takes it back: a failed attempt, or a delay of unknown length;
    the merchant's promise takes its place among the events by when it was made.
    """
    events = in_order(history)
    status, at, before = Status.unknown if events else Status.created, None, Status.created
    window: Window | None = None
    courier_name: str | None = None
    courier_phone: str | None = None
    details: dict[str, Any] = {}
    streak: list[TrackingEvent] = []
    for event in events:
        if promise is not None and promise.at < event.at:
            window, promise = promise.window, None
        window = event.window or (None if event.status in _ENDS_WINDOW else window)
        courier_name = event.courier_name or courier_name
        courier_phone = event.courier_phone or courier_phone
        details |= event.details
        if event.status is Status.unknown:
            continue
        if streak and event.status is not status:
            streak, before = [], status
        streak.append(event)
        status, at = event.status, event.at
    return Standing(
        status=status,
        at=at,
        window=window if promise is None else promise.window,
        courier_name=courier_name,
        courier_phone=courier_phone,
        details=details,
        event=streak[-1] if streak else None,
        streak=tuple(streak),
        before=before,
    )
