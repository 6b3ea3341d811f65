"""When people are there, and what is known of where a parcel was left."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.hours import next_opening
from bot.domain.request import RequestState
from bot.domain.shipment import Shipment, Status
from bot.services.change_delivery import policy_of
from bot.services.ports import UnitOfWork


async def back_at(unit: UnitOfWork, merchant_id: UUID, now: datetime) -> dict[str, str] | None:
    """When somebody answers again, as a fact: `{"at", "tz"}`; None when somebody is there."""
    merchant = await unit.merchants.get(merchant_id)
    policy = await policy_of(unit, merchant_id)
    opens = next_opening(policy.support_hours, now, ZoneInfo(merchant.timezone))
    return {"at": opens.isoformat(), "tz": merchant.timezone} if opens else None


async def recorded_place(unit: UnitOfWork, shipment: Shipment) -> str:
    """Where the carrier says, or the customer had wished, that it was left; empty if unknown."""
    requests = await unit.requests.of_shipment(shipment.merchant_id, shipment.id)
    wished = [r.note for r in requests if r.note and r.state is RequestState.accepted]
    if wished:
        return wished[-1]
    history = await unit.shipments.history(shipment.merchant_id, shipment.id)
    told = [event.description for event in history if event.status is Status.delivered]
    words = (told[-1] if told else "").strip()
    # "delivered" alone is the status again, not a place.
    return words if len(words.split()) > 1 else ""
