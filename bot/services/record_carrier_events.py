"""A carrier tells of parcels by their tracking numbers; some of them nobody here knows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.carriers.base import CarrierEvent
from bot.domain.clock import Clock
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry, ProviderAccount
from bot.domain.shipment import UnclaimedEvent, event_key
from bot.services.claim_events import CARRIER_EVENT
from bot.services.ports import UnitOfWork, Units
from bot.services.record_event import NewEvent, RecordEvents

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
class RecordCarrierEvents:
    """Records events with every shipment that travels under their number."""

    units: Units
    clock: Clock
    record_events: RecordEvents

    async def __call__(
        self, account: ProviderAccount, events: Sequence[CarrierEvent]
    ) -> CarrierOutcome:
        """Record what a carrier told within its account's merchant.

        Each shipment is a transaction of its own. If one fails the carrier tells all again,
        and what is stored already has no second effect.
        """
        by_number: dict[str, list[CarrierEvent]] = defaultdict(list)
        for event in events:
            by_number[event.tracking_number].append(event)
        stored = repeated = unknown = 0
        for number, told in by_number.items():
            new = await self._record(account, number, told)
            if new is None:
                unknown += len(told)
            else:
                stored, repeated = stored + new, repeated + len(told) - new
        return CarrierOutcome(stored, repeated, unknown)

    async def _record(
        self, account: ProviderAccount, number: str, told: Sequence[CarrierEvent]
    ) -> int | None:
        """How many were new; None when there is no such parcel."""
        events = [NewEvent.of_carrier(account.id, event) for event in told]
        async with self.units() as unit:
            # Whoever makes a shipment of this number now waits, or has made it already.
            await unit.unclaimed.lock(account.merchant_id, number)
            shipments = await unit.shipments.under(account.merchant_id, number)
            if not shipments:
                if await self._keep(unit, account, number, told):
                    unit.add(self._unknown(account, number, told))
                await unit.commit()
                return None
            if len(shipments) == 1:
                # Nearly always: what has been found and locked need not be looked for again.
                recorded = await self.record_events.within(unit, shipments[0], events)
                await unit.commit()
                return len(recorded.stored)
            references = [shipment.reference for shipment in shipments]
        new: set[str] = set()
        for reference in references:
            recorded = await self.record_events(account.merchant_id, reference, events)
            new.update(recorded.stored)
        return len(new)

    async def _keep(
        self, unit: UnitOfWork, account: ProviderAccount, number: str, told: Sequence[CarrierEvent]
    ) -> bool:
        """Keep the events for the shipment to come; whether any of them is news."""
        if len(number) > _LONGEST_NUMBER:
            return True
        new = False
        for event in told:
            kept = UnclaimedEvent(
                id=new_id(),
                merchant_id=account.merchant_id,
                account_id=account.id,
                tracking_number=number,
                key=event_key("unclaimed", event.key),
                payload=CARRIER_EVENT.dump_python(event, mode="json"),
                received_at=self.clock.now(),
            )
            new |= await unit.unclaimed.keep(kept)
        return new

    def _unknown(
        self, account: ProviderAccount, number: str, told: Sequence[CarrierEvent]
    ) -> AuditEntry:
        """For the merchant to find: a number mistyped, or a parcel never announced to us."""
        return AuditEntry(
            id=new_id(),
            merchant_id=account.merchant_id,
            actor=f"carrier:{account.id}",
            action="event_for_unknown_shipment",
            subject=f"tracking_number:{number[:100]}",
            at=self.clock.now(),
            details={"events": [event.key[:200] for event in told[:_SHOWN_KEYS]]},
        )
