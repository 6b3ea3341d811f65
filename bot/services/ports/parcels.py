"""Parcels, what happens to them and what is asked for them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from bot.domain.access import AccessCode
from bot.domain.attempt import Attempt, Seen, Verdict
from bot.domain.pickup import PickupPoint
from bot.domain.places import Place
from bot.domain.request import DeliveryRequest
from bot.domain.shipment import Shipment, Status, TrackingEvent, UnclaimedEvent, UnknownCode
from bot.domain.usual import Group, Journey, Took


class Shipments(Protocol):
    async def get(self, merchant_id: UUID, shipment_id: UUID) -> Shipment: ...
    async def locked(self, merchant_id: UUID, shipment_id: UUID) -> Shipment:
        """As it stands now, and stays until the commit."""
        ...

    async def zones(self, merchant_id: UUID, status: Status) -> Sequence[str]:
        """The time zones of the shipments in a status."""
        ...

    async def not_run(  # noqa: PLR0917  a page of what has no run
        self,
        merchant_id: UUID,
        status: Status,
        timezone: str,
        prefix: str,
        suffix: str,
        after: UUID,
        limit: int,
    ) -> Sequence[Shipment]:
        """Those in a status and a zone of which no run has the key prefix, id, suffix; by id."""
        ...

    async def by_reference(
        self, merchant_id: UUID, reference: str, *, lock: bool = False
    ) -> Shipment | None: ...
    async def by_tracking_number(
        self, merchant_id: UUID, number: str, *, lock: bool = False
    ) -> Shipment | None: ...
    async def under(self, merchant_id: UUID, numbers: Collection[str]) -> Sequence[Shipment]:
        """Every shipment under some tracking numbers, locked, by id: orders share parcels."""
        ...

    async def named(self, merchant_id: UUID, references: Collection[str]) -> Sequence[Shipment]:
        """Those that there are of some references, locked, by id."""
        ...

        ...

    async def page(
        self, merchant_id: UUID, *, after: UUID | None, limit: int, status: Status | None
    ) -> Sequence[Shipment]:
        """Up to `limit` shipments, oldest first, beginning after the one with the id `after`."""
        ...

    async def of_contact(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Shipment]:
        """The open ones first, then by what moved last."""
        ...

    async def is_first(self, shipment: Shipment) -> bool:
        """Whether its customer had no parcel of the merchant's before; nobody's is nobody's first."""
        ...

    async def visible(
        self, merchant_id: UUID, conversation_id: UUID, contact_id: UUID | None, now: datetime
    ) -> Sequence[Shipment]:
        """What a conversation may see: a contact's own, and what a code has opened; as above."""
        ...

    async def history(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[TrackingEvent]: ...
    async def unknown_codes(self, merchant_id: UUID, since: datetime) -> Sequence[UnknownCode]:
        """The codes that were received since and became `unknown`, the commonest first."""
        ...

    async def arrived_since(self, merchant_id: UUID, since: datetime) -> Sequence[Shipment]:
        """Those delivered since, whose customers had been told a window."""
        ...

    async def due_for_polling(
        self, merchant_id: UUID, carrier: str, now: datetime, limit: int
    ) -> Sequence[Shipment]:
        """Open ones whose carrier is to be asked now, locked; those that wait longest first."""
        ...

    async def aboard(
        self, merchant_id: UUID, by: str, name: str, *, lock: bool = False
    ) -> Sequence[Shipment]:
        """Those out for delivery with a `vehicle` or a `courier` of that name, by id."""
        ...

    async def with_old_estimates(self, now: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
        """Merchant and shipment of estimates of ours that are to be made anew; of all merchants."""
        ...

    def add_event(self, event: TrackingEvent) -> None:
        """Keep a new event of a shipment that is locked."""
        ...


class Journeys(Protocol):
    """How long parcels took."""

    async def add(self, journey: Journey) -> bool:
        """Keep one; False if that stretch of that shipment is kept already."""
        ...

    async def alike(
        self, merchant_id: UUID, group: Group, since: datetime, limit: int
    ) -> Sequence[Took]:
        """How long the latest of a group took that arrived since."""
        ...

    async def forget(self, before: datetime) -> None:
        """Those that arrived before, of every merchant."""
        ...


class Attempts(Protocol):
    """Claimed attempts, and where couriers were."""

    async def add(self, attempt: Attempt) -> bool:
        """Keep an attempt; False if that event's is kept already."""
        ...

    async def get(self, merchant_id: UUID, attempt_id: UUID) -> Attempt: ...
    async def of_shipment(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[Attempt]:
        """The latest first."""
        ...

    async def recent(
        self, merchant_id: UUID, since: datetime, limit: int
    ) -> Sequence[tuple[Attempt, Shipment]]:
        """Those claimed since, the disputed first, then the latest."""
        ...

    async def others(self, attempt: Attempt, within: timedelta) -> int:
        """How many others the same courier reported within that time of it."""
        ...

    async def verdicts(
        self, merchant_id: UUID, by: str, since: datetime
    ) -> Sequence[tuple[str, Verdict]]:
        """The `carrier`, `depot` or `courier_id` of every attempt claimed since, and its verdict."""
        ...

    async def add_position(self, merchant_id: UUID, vehicle: str, seen: Seen) -> bool: ...
    async def positions(
        self, merchant_id: UUID, vehicle: str, start: datetime, end: datetime
    ) -> Sequence[Seen]: ...
    async def forget_positions(self, before: datetime) -> None:
        """Of every merchant."""
        ...


class Codes(Protocol):
    """One-time codes."""

    async def lock(self, shipment_id: UUID) -> None:
        """Until the unit ends, be the only one to send or to try a parcel's codes."""
        ...

    async def of_shipment(
        self, merchant_id: UUID, shipment_id: UUID, since: datetime
    ) -> Sequence[AccessCode]: ...
    async def newest(self, merchant_id: UUID, conversation_id: UUID) -> AccessCode | None: ...


class Points(Protocol):
    """Pick-up points that merchants keep outside of their policy."""

    async def lock(self, merchant_id: UUID, code: str) -> None:
        """Until the unit ends, be the only one to send a parcel to a point."""
        ...

    async def open(
        self,
        merchant_id: UUID,
        *,
        near: Place | None = None,
        postcode: str = "",
        limit: int | None = None,
    ) -> Sequence[PickupPoint]:
        """Those that are not closed, in the order of the file.

        The ones near a place first, or without one those with a postcode in their address.
        """
        ...

    async def named(self, merchant_id: UUID, name: str) -> Sequence[PickupPoint]:
        """Those that are not closed, with this id, this name, or "name, address"."""
        ...

    async def replace(self, merchant_id: UUID, points: Sequence[PickupPoint], now: datetime) -> int:
        """Make these the merchant's points, by their ids; how many others are closed by that."""
        ...

    async def taken(self, merchant_id: UUID) -> Mapping[str, int]:
        """How many open parcels were sent to each point, those of the policy as well."""
        ...


class Unclaimed(Protocol):
    """Carriers' events for numbers that no shipment has yet."""

    async def lock(self, merchant_id: UUID, numbers: Collection[str]) -> None:
        """Until the unit ends, be the only one to look for, or to make, the numbers' shipments."""
        ...

    async def keep(self, event: UnclaimedEvent) -> bool:
        """Store an event; False if its key is known already."""
        ...

    async def of_number(
        self, merchant_id: UUID, number: str, since: datetime
    ) -> Sequence[UnclaimedEvent]: ...


class Requests(Protocol):
    async def get(
        self, merchant_id: UUID, request_id: UUID, *, lock: bool = False
    ) -> DeliveryRequest:
        """One request; with `lock` nobody else decides it meanwhile."""
        ...

    async def of_shipment(
        self, merchant_id: UUID, shipment_id: UUID, *, lock: bool = False
    ) -> Sequence[DeliveryRequest]: ...
    async def work(
        self, merchant_id: UUID, limit: int
    ) -> Sequence[tuple[DeliveryRequest, Shipment]]:
        """What the merchant's people have to arrange, the most pressing first."""
        ...

    async def overdue(self, now: datetime, limit: int) -> Sequence[DeliveryRequest]:
        """Of all merchants: what they should have arranged by now, and nobody has been told."""
        ...
