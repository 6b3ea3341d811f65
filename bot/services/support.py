"""When people are there, and what is known of where a parcel was left."""

from datetime import datetime, timedelta
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.conversation import Conversation
from bot.domain.hours import next_opening
from bot.domain.request import RequestState
from bot.domain.shipment import Shipment, Status
from bot.services.change_delivery import policy_of
from bot.services.ports import UnitOfWork

_STEP = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=8)
"""A target that is further away reaches over a night: "within 19 h" would help nobody."""
_AN_HOUR_AND_A_HALF = 90


async def back_at(unit: UnitOfWork, merchant_id: UUID, now: datetime) -> dict[str, str] | None:
    """When somebody answers again, as a fact: `{"at", "tz"}`; None when somebody is there."""
    merchant = await unit.merchants.get(merchant_id)
    policy = await policy_of(unit, merchant_id)
    opens = next_opening(policy.support_hours, now, ZoneInfo(merchant.timezone))
    return {"at": opens.isoformat(), "tz": merchant.timezone} if opens else None


async def answered_within(
    unit: UnitOfWork, conversation: Conversation, now: datetime
) -> str | None:
    """Within which time the shop means to answer a case, as `45 min` or `4 h`.

    None where it has set itself no target, has missed it, or where people first have to come back.
    """
    case = await unit.cases.open(conversation.merchant_id, conversation.id)
    if case is None or case.first_due_at is None or case.first_response_at is not None:
        return None
    if await back_at(unit, conversation.merchant_id, now):
        return None
    minutes = ceil((case.first_due_at - now) / _STEP) * 5
    if not 0 < minutes <= _LONGEST_WAIT / timedelta(minutes=1):
        return None
    return f"{minutes} min" if minutes < _AN_HOUR_AND_A_HALF else f"{round(minutes / 60)} h"


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
