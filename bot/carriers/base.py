"""What a carrier is: the words in which the house and every carrier speak to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from bot.channels.base import Account, WebhookAnswer, WebhookRequest
from bot.domain.places import Place
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import HANDOVER, Collect, Handover, Proof, Status
from bot.domain.when import Window


@dataclass(frozen=True)
class CarrierEvent:
    """A tracking event as a carrier told it. `key` is unique within the carrier's account.

    `code` and `description` are the carrier's own; a code that the adapter does not know has
    the status `unknown`.
    """

    key: str
    tracking_number: str
    status: Status
    at: datetime
    code: str = ""
    description: str = ""
    window: Window | None = None
    courier_name: str | None = None
    courier_phone: str | None = None
    line: bool = False
    """`courier_phone` is a line of the merchant's that leads to couriers, nobody's own number."""
    courier_id: str = ""
    """The carrier's own name for whoever drives, by which attempts are compared."""
    depot: str = ""
    at_place: Place | None = None
    """Where the courier, or the parcel, was."""
    vehicle: str = ""
    """What carries it, where positions are told by vehicle."""
    service: str = ""
    """The service level, as the carrier calls it: "Express"."""
    handover: Handover | None = None
    """How it changes hands, where that is told."""
    proof: Proof | None = None
    collect: Collect | None = None
    calls: int = 0
    """How often the courier rang the recipient up."""
    minutes_away: int | None = None
    """How soon the courier will be there, as the carrier says."""
    stops_away: int | None = None
    """How many stops it says they make before; 0 when this is the next."""
    raw: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def details(self) -> dict[str, Any]:
        """What is told besides, as it is kept: plain JSON, without what is not told."""
        away = {"minutes_away": self.minutes_away, "stops_away": self.stops_away}
        told = {name: value for name, value in _plain(self) if value}
        # None before says something: it is the next.
        return told | {name: count for name, count in away.items() if count is not None}


def _plain(event: CarrierEvent) -> list[tuple[str, Any]]:
    collect = asdict(event.collect) if event.collect else {}
    until = collect.get("until")
    return [
        ("courier_id", event.courier_id),
        ("depot", event.depot),
        ("vehicle", event.vehicle),
        ("service", event.service),
        ("line", event.line),
        (HANDOVER, event.handover.value if event.handover else None),
        ("place", list(event.at_place) if event.at_place else None),
        ("proof", {k: v for k, v in asdict(event.proof).items() if v} if event.proof else None),
        ("collect", {k: v for k, v in collect.items() if v}
         | ({"until": until.isoformat()} if until else {})),
        ("calls", event.calls),
    ]  # fmt: skip


@dataclass(frozen=True)
class VehiclePosition:
    """Where a vehicle was; its parcels are those whose last event names it."""

    vehicle: str
    at: datetime
    place: Place


Told = CarrierEvent | VehiclePosition


@dataclass(frozen=True)
class Instruction:
    """What the carrier is asked to change, and when that is.

    `place` is where a new address or the pick-up point is, if that is known; `point` is the
    merchant's id of it.
    """

    request_id: UUID
    tracking_number: str
    kind: RequestKind
    window: Window | None = None
    note: str = ""
    place: Place | None = None
    point: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """What the carrier said to an instruction; `requested` when it has not decided yet."""

    state: RequestState
    reason: str = ""


@dataclass(frozen=True)
class CarrierCapabilities:
    """What a carrier can do; asked for instead of its name."""

    kinds: frozenset[RequestKind] = frozenset()
    """The delivery requests that it takes by its API."""
    only_in: frozenset[Status] = frozenset()
    """The statuses of a parcel in which it takes them; empty means any."""
    webhook: bool = True
    estimate: bool = False
    """Its events may say when the parcel will come."""
    position: bool = False
    proof: bool = False
    courier_contact: bool = False


class Carrier(Protocol):
    """A carrier's API. One instance serves every account of its kind."""

    name: str
    capabilities: CarrierCapabilities

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check the webhook's signature. Raises BadSignature."""
        ...

    def parse(self, account: Account, request: WebhookRequest) -> Sequence[Told]:
        """Read a verified webhook. Raises MalformedUpdate with the field that is wrong."""
        ...

    async def instruct(self, account: Account, instruction: Instruction) -> Answer:
        """Ask for a change; repeating the same `request_id` has no second effect.

        Raises Limited, Temporary, Permanent or OutcomeUnknown as a channel's `send` does, and
        NotTaken where its API has no way to say this one: then people can still arrange it.
        """
        ...

    async def close(self) -> None:
        """Close what was opened for sending; the shared HTTP session is its owner's."""
        ...


@runtime_checkable
class Polled(Protocol):
    """A carrier that has to be asked, or may be where its webhooks are not set up."""

    polls_per_minute: int
    """As many questions as its published limit, or good manners, allow an account."""

    async def track(self, account: Account, tracking_number: str) -> Sequence[CarrierEvent]:
        """Ask for a parcel's whole history; an unknown number has none.

        Raises:
            Limited, Temporary: ask again later.
            Permanent: this account cannot ask at all.
        """
        ...


@runtime_checkable
class Followed(Protocol):
    """A carrier, or a fleet, whose vehicles can be asked where they are."""

    async def positions(self, account: Account) -> Sequence[VehiclePosition]:
        """Ask for every vehicle's last position; raises as `track` does."""
        ...


@runtime_checkable
class Challenged(Protocol):
    """A carrier that checks a webhook's address before it uses it."""

    def challenge(self, account: Account, request: WebhookRequest) -> WebhookAnswer:
        """Answer its GET. Raises BadSignature when it proves nothing."""
        ...
