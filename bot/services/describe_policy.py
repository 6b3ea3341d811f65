"""What a merchant's delivery policy lets a customer do, as facts to be worded."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bot.domain.request import Policy, RequestKind
from bot.domain.shipment import Shipment
from bot.services.change_delivery import decide_for, policy_of
from bot.services.facts import money_fact
from bot.services.ports import UnitOfWork

# In the order in which they are offered.
BY_CHAT = (
    RequestKind.reschedule,
    RequestKind.neighbour,
    RequestKind.pickup_point,
    RequestKind.safe_place,
    RequestKind.contactless,
    RequestKind.change_address,
    RequestKind.access_note,
    RequestKind.cancel,
)


async def describe_policy(unit: UnitOfWork, merchant_id: UUID) -> list[dict[str, Any]]:
    """The changes a merchant offers by chat: `{"kind", "fee"}`, fee None when it is free."""
    policy = await policy_of(unit, merchant_id)
    return [
        {"kind": str(kind), "fee": money_fact(policy.rule(kind).fee)}
        for kind in await _offered(unit, merchant_id, policy)
        if policy.rule(kind).allowed
    ]


async def still_possible(
    unit: UnitOfWork, shipment: Shipment, now: datetime, *, but: RequestKind | None = None
) -> list[dict[str, Any]]:
    """The changes that can be made to one parcel now, in the same shape."""
    policy = await policy_of(unit, shipment.merchant_id)
    offers: list[dict[str, Any]] = []
    for kind in await _offered(unit, shipment.merchant_id, policy):
        decision = await decide_for(unit, policy, shipment, kind, now)
        if decision.allowed and kind is not but:
            offers.append({"kind": str(kind), "fee": money_fact(decision.fee)})
    return offers


async def _offered(unit: UnitOfWork, merchant_id: UUID, policy: Policy) -> list[RequestKind]:
    """A pick-up point is no offer where the merchant has none."""
    some = policy.pickup_points or (
        policy.rule(RequestKind.pickup_point).allowed
        and await unit.points.open(merchant_id, limit=1)
    )
    return [k for k in BY_CHAT if k is not RequestKind.pickup_point or some]
