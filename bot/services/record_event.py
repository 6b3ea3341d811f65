"""Something has happened to a parcel: keep it once, and let what follows from it follow."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bot.carriers.base import CarrierEvent
from bot.domain.clock import Clock
from bot.domain.errors import NotFound
from bot.domain.ids import new_id
from bot.domain.shipment import Shipment, Status, TrackingEvent, derive
from bot.domain.when import Window
from bot.services.flows import start_flows
from bot.services.intake import EventIn
from bot.services.intake_types import plausible
from bot.services.phones import normalise_phone
from bot.services.ports import UnitOfWork, Units
from bot.services.record_shipment import notify_shipment

TOLD_FOR = timedelta(days=2)
"""An event older than this is kept, but no longer told: it would be news to nobody."""
_CLOCKS_DIFFER = timedelta(days=1)
_LONGEST_KEY = 200
# To come to these a second time is a second thing to tell, not the first one repeated.
_HAPPENS_AGAIN = {Status.attempt_failed}


@dataclass(frozen=True)
class NewEvent:
    """An event of one shipment, wherever it comes from. `key` is its sender's id of it."""

    key: str
    status: Status
    at: datetime
    code: str = ""
    description: str = ""
    window: Window | None = None
    courier_name: str | None = None
    courier_phone: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def of_carrier(cls, told: CarrierEvent) -> "NewEvent":
        return cls(
            told.key, told.status, told.at, told.code, told.description, told.window,
            told.courier_name, told.courier_phone, told.raw,
        )  # fmt: skip

    @classmethod
    def of_merchant(cls, given: EventIn) -> "NewEvent":
        known = given.status in Status.__members__
        return cls(
            key=given.id,
            status=Status(given.status) if known else Status.unknown,
            at=given.at,
            # The word of a status that nobody knows is kept for the merchant to see.
            code=given.code or ("" if known else given.status),
            description=given.description,
            window=given.window.window if given.window else None,
            courier_name=given.courier.name,
            courier_phone=given.courier.phone,
            raw=given.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        )


@dataclass(frozen=True)
class RecordedEvents:
    """What became of some events, by their keys."""

    shipment: Shipment
    stored: tuple[str, ...]
    repeated: tuple[str, ...]
    contradicting: tuple[str, ...]
    """Those repeated that say something else than what is stored; the first telling stays."""
    stale: bool
    """The status was set by an event too old to be told."""


@dataclass(frozen=True)
class RecordEvents:
    """Stores events of one shipment, in whatever order and however often they are told."""

    units: Units
    clock: Clock

    async def __call__(
        self, merchant_id: UUID, reference: str, events: Sequence[NewEvent]
    ) -> RecordedEvents:
        """Store events, derive the standing anew and start what the merchant has ordered.

        Raises:
            NotFound: the merchant has no such shipment.
        """
        async with self.units() as unit:
            # Locked: of two events at once each must see the other in the history.
            shipment = await unit.shipments.by_reference(merchant_id, reference, lock=True)
            if shipment is None:
                raise NotFound(f"there is no shipment {reference}")
            recorded = await self._record(unit, shipment, events)
            await unit.commit()
            return recorded

    async def _record(
        self, unit: UnitOfWork, shipment: Shipment, events: Sequence[NewEvent]
    ) -> RecordedEvents:
        now = self.clock.now()
        stored: list[str] = []
        repeated: list[NewEvent] = []
        for event in events:
            if await unit.shipments.add_event(_tracking_event(shipment, event, now)):
                stored.append(event.key)
            else:
                repeated.append(event)
        history = await unit.shipments.history(shipment.merchant_id, shipment.id)
        standing = derive(history, shipment.promise)
        changed = shipment.take(standing)
        await unit.flush()
        telling = _worth_telling(standing.event, stored, changed=changed)
        stale = telling is not None and telling.at < now - TOLD_FOR
        if telling is not None and not stale:
            await start_flows(unit, shipment, telling, now)
        if stored:
            await notify_shipment(unit, shipment)
        first = {event.key: event for event in history}
        return RecordedEvents(
            shipment=shipment,
            stored=tuple(stored),
            repeated=tuple(event.key for event in repeated),
            contradicting=tuple(e.key for e in repeated if _differs(first[_key(e.key)], e)),
            stale=stale,
        )


def _worth_telling(
    event: TrackingEvent | None, stored: Sequence[str], *, changed: bool
) -> TrackingEvent | None:
    """The event that now determines the status, if it is new and not the same again.

    One that came late, after others which happened later, must not announce the past.
    """
    if event is None or event.key not in {_key(key) for key in stored}:
        return None
    return event if changed or event.status in _HAPPENS_AGAIN else None


def _differs(known: TrackingEvent, told: NewEvent) -> bool:
    return (known.status, known.code, known.window) != (told.status, told.code, told.window)


def _tracking_event(shipment: Shipment, event: NewEvent, now: datetime) -> TrackingEvent:
    window = event.window
    if window is not None and not (plausible(window.start) and plausible(window.end)):
        window = None
    # A carrier whose clock is wrong must not pin the status to the year 2099.
    believable = plausible(event.at) and event.at <= now + _CLOCKS_DIFFER
    return TrackingEvent(
        id=new_id(),
        merchant_id=shipment.merchant_id,
        shipment_id=shipment.id,
        key=_key(event.key),
        status=event.status,
        at=event.at if believable else now,
        received_at=now,
        code=event.code,
        description=event.description,
        window_start=window.start if window else None,
        window_end=window.end if window else None,
        courier_name=event.courier_name,
        courier_phone=_dialable(event.courier_phone, shipment.country),
        raw=dict(event.raw),
    )


def _key(key: str) -> str:
    """Keys are indexed, and an index takes no text of any length."""
    return key if len(key) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


def _dialable(phone: str | None, country: str) -> str | None:
    """The number in E.164 where it is one; else as the carrier wrote it."""
    if phone is None:
        return None
    try:
        return normalise_phone(phone, country or None)
    except ValueError:
        return phone
