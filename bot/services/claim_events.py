"""What a carrier told of a parcel before its merchant did: kept, and claimed by the shipment."""

from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.carriers.base import CarrierEvent
from bot.domain.shipment import Shipment
from bot.services.ports import UnitOfWork
from bot.services.record_event import NewEvent, record_events

CARRIER_EVENT = TypeAdapter(CarrierEvent)
_CLAIMABLE_FOR = timedelta(days=30)
"""Carriers use their numbers again: what is older was another parcel."""


async def claim_events(
    unit: UnitOfWork, shipment: Shipment, now: datetime, *, announce: bool
) -> bool:
    """Record what has been kept under a new shipment's locked number; whether there was anything.

    It stays kept, because several orders may share one parcel.
    """
    since = now - _CLAIMABLE_FOR
    kept = await unit.unclaimed.of_number(shipment.merchant_id, shipment.tracking_number, since)
    events = [
        NewEvent.of_carrier(each.account_id, CARRIER_EVENT.validate_python(each.payload))
        for each in kept
    ]
    if events:
        await record_events(unit, shipment, events, now, digits=None, announce=announce)
    return bool(events)
