"""A carrier tells of parcels by their tracking numbers; some of them nobody here knows."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from bot.carriers.base import CarrierEvent
from bot.domain.clock import Clock
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry, ProviderAccount
from bot.domain.shipment import Shipment, Status, UnclaimedEvent, event_key
from bot.services.claim_events import CARRIER_EVENT
from bot.services.ports import UnitOfWork, Units
from bot.services.record_event import NewEvent, RecordEvents
from bot.services.together import Together

_SHOWN_KEYS = 20
_LONGEST_NUMBER = 100
"""What is longer can be no shipment's, see `intake_types.Name`."""


@dataclass(frozen=True)
class CarrierOutcome:
    """What became of a carrier's events, counted; `unknown` are those of unknown parcels."""

    stored: int = 0
    repeated: int = 0
    unknown: int = 0


@dataclass(frozen=True)
class _Told:
    """What one message of a carrier's says of one number."""

    account: ProviderAccount
    number: str
    events: Sequence[CarrierEvent]

    @property
    def new_events(self) -> Sequence[NewEvent]:
        return [NewEvent.of_carrier(self.account.id, event) for event in self.events]


@dataclass(frozen=True)
class RecordCarrierEvents:
    """Records events with every shipment that travels under their number.

    What comes in at the same time is recorded in one transaction.
    """

    units: Units
    clock: Clock
    record_events: RecordEvents

    @cached_property
    def _together(self) -> Together[UUID, _Told, int | None]:
        return Together(self._record)

    async def __call__(
        self, account: ProviderAccount, events: Sequence[CarrierEvent]
    ) -> CarrierOutcome:
        """Record what a carrier told within its account's merchant.

        If one parcel's events fail the carrier tells all again, and what is stored already has no
        second effect.
        """
        by_number: dict[str, list[CarrierEvent]] = defaultdict(list)
        for event in events:
            by_number[event.tracking_number].append(_by_line(account, event))
        told = [_Told(account, number, each) for number, each in by_number.items()]
        news = await asyncio.gather(*(self._together(account.merchant_id, one) for one in told))
        stored = repeated = unknown = 0
        for one, new in zip(told, news, strict=True):
            if new is None:
                unknown += len(one.events)
            else:
                stored, repeated = stored + new, repeated + len(one.events) - new
        return CarrierOutcome(stored, repeated, unknown)

    async def _record(self, merchant_id: UUID, told: Sequence[_Told]) -> Sequence[int | None]:
        """How many of each number's were new; None where there is no such parcel."""
        async with self.units() as unit:
            numbers = {one.number for one in told}
            # Whoever makes a shipment of these numbers now waits, or has made it already.
            await unit.unclaimed.lock(merchant_id, numbers)
            under: dict[str, list[Shipment]] = defaultdict(list)
            for shipment in await unit.shipments.under(merchant_id, numbers):
                under[shipment.tracking_number].append(shipment)
            new_events = [(one.number, one.new_events) for one in told]
            recorded = await self.record_events.within(unit, merchant_id, under, new_events)
            for one, each in zip(told, recorded, strict=True):
                if not each and await self._keep(unit, one):
                    unit.add(self._unknown(one))
            await unit.commit()
            return [
                len({key for one in each for key in one.stored}) if each else None
                for each in recorded
            ]

    async def _keep(self, unit: UnitOfWork, told: _Told) -> bool:
        """Keep the events for the shipment to come; whether any of them is news."""
        if len(told.number) > _LONGEST_NUMBER:
            return True
        new = False
        for event in told.events:
            kept = UnclaimedEvent(
                id=new_id(),
                merchant_id=told.account.merchant_id,
                account_id=told.account.id,
                tracking_number=told.number,
                key=event_key("unclaimed", event.key),
                payload=CARRIER_EVENT.dump_python(event, mode="json"),
                received_at=self.clock.now(),
            )
            new |= await unit.unclaimed.keep(kept)
        return new

    def _unknown(self, told: _Told) -> AuditEntry:
        """For the merchant to find: a number mistyped, or a parcel never announced to us."""
        return AuditEntry(
            id=new_id(),
            merchant_id=told.account.merchant_id,
            actor=f"carrier:{told.account.id}",
            action="event_for_unknown_shipment",
            subject=f"tracking_number:{told.number[:100]}",
            at=self.clock.now(),
            details={"events": [event.key[:200] for event in told.events[:_SHOWN_KEYS]]},
        )


def _by_line(account: ProviderAccount, event: CarrierEvent) -> CarrierEvent:
    """With the merchant's line to this carrier's couriers in place of the courier's own number."""
    line = account.options.get("courier_number")
    on_the_way = event.status is Status.out_for_delivery
    if not line or not (on_the_way or event.courier_name or event.courier_phone):
        return event
    return replace(event, courier_phone=line, line=True)
