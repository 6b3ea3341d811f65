"""Changing a delivery: what may be offered, what was proposed, and the yes that makes it so."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.conversation import Conversation
from bot.domain.errors import Refused
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.pickup import PickupPoint, suitable
from bot.domain.places import Place, read_place
from bot.domain.request import (
    FREE,
    Decision,
    DeliveryRequest,
    Policy,
    RequestKind,
    RequestState,
    decide,
    offer_windows,
    read_policy,
)
from bot.domain.shipment import Shipment
from bot.domain.when import Window, Wish
from bot.services.ports import UnitOfWork

SHOWN = 3
"""How many windows are offered at once: as many as WhatsApp has buttons."""


@dataclass(frozen=True)
class Offer:
    """What may be offered for one kind of change.

    `windows` are the ones to show: those that fit the wish, else (`fits` False) the next
    possible ones. Empty for kinds without a window, and when nothing is possible.
    """

    decision: Decision
    windows: tuple[Window, ...] = ()
    fits: bool = True


async def policy_of(unit: UnitOfWork, merchant_id: UUID) -> Policy:
    """The merchant's delivery policy as it is now."""
    merchant = await unit.merchants.get(merchant_id)
    return read_policy(merchant.policy, merchant.policy_version)


async def offer(
    unit: UnitOfWork, shipment: Shipment, kind: RequestKind, wish: Wish, now: datetime
) -> Offer:
    """Say whether a change may be made, and which windows to show for a wish."""
    policy = await policy_of(unit, shipment.merchant_id)
    decision = await decide_for(unit, policy, shipment, kind, now)
    if decision.allowed and kind is RequestKind.pickup_point:
        points = await pickup_points(unit, shipment, None, now)
        return Offer(decision if points else Decision(False, "refused_no_points"))
    if not decision.allowed or kind is not RequestKind.reschedule:
        return Offer(decision)
    possible = offer_windows(policy, shipment, now)
    if not possible:
        return Offer(Decision(False, "refused_no_windows"))
    zone = ZoneInfo(shipment.timezone)
    possible = [w for w in possible if w.day(zone) not in wish.refused] or possible
    fitting = wish.best(possible, zone) if not (wish.past or wish.ambiguous) else []
    if fitting and wish.says_something:
        return Offer(decision, tuple(fitting[:SHOWN]))
    return Offer(decision, tuple(_near(possible, wish, zone)), fits=not wish.says_something)


async def decide_for(
    unit: UnitOfWork, policy: Policy, shipment: Shipment, kind: RequestKind, now: datetime
) -> Decision:
    """What the policy says; another try after a disputed attempt costs nothing."""
    earlier = await unit.requests.of_shipment(shipment.merchant_id, shipment.id)
    decision = decide(policy, kind, shipment, earlier, now)
    if kind is RequestKind.reschedule and decision.fee:
        attempts = await unit.attempts.of_shipment(shipment.merchant_id, shipment.id)
        if any(attempt.disputed for attempt in attempts):
            return replace(decision, fee=FREE)
    return decision


async def possible_windows(unit: UnitOfWork, shipment: Shipment, now: datetime) -> list[Window]:
    """Every window that a parcel may be moved to now."""
    return offer_windows(await policy_of(unit, shipment.merchant_id), shipment, now)


async def propose(
    unit: UnitOfWork,
    conversation: Conversation,
    shipment: Shipment,
    kind: RequestKind,
    window: Window | None,
    now: datetime,
    *,
    note: str = "",
    along_with: UUID | None = None,
) -> DeliveryRequest:
    """Put a change to the customer for a yes; an older open proposal of the kind expires.

    Args:
        note: the customer's own words, for the courier.
        along_with: the change that it belongs to; the two are agreed to with one yes.

    Raises:
        Refused: the policy does not allow it (any more), or no longer this window.
    """
    decision = await _decide(unit, shipment, kind, window, now)
    for request in await unit.requests.of_shipment(shipment.merchant_id, shipment.id):
        if request.kind is not kind or request.state is not RequestState.awaiting_confirmation:
            continue
        if request.conversation_id == conversation.id:
            asked = (request.window, request.fee, request.note, request.along_with)
            if asked == (window, decision.fee, note, along_with):
                return request
            request.state, request.decided_at = RequestState.expired, now
    proposed = DeliveryRequest(
        id=new_id(),
        merchant_id=shipment.merchant_id,
        shipment_id=shipment.id,
        conversation_id=conversation.id,
        kind=kind,
        state=RequestState.awaiting_confirmation,
        created_at=now,
        window_start=window.start if window else None,
        window_end=window.end if window else None,
        note=note,
        fee_amount=decision.fee.amount,
        fee_currency=decision.fee.currency,
        policy_version=(await policy_of(unit, shipment.merchant_id)).version,
        along_with=along_with,
    )
    unit.add(proposed)
    await unit.flush()
    return proposed


async def confirm(
    unit: UnitOfWork, conversation: Conversation, request_id: UUID, now: datetime
) -> DeliveryRequest:
    """Make a proposed change a request, to be told to the carrier; a second yes changes nothing.

    Raises:
        NotFound: it is not one of this conversation's proposals.
        Refused: the policy has changed or the time has passed since it was proposed.
    """
    request = await unit.requests.get(conversation.merchant_id, request_id)
    if request.conversation_id != conversation.id:
        raise Refused("refused_expired")
    if request.state in {RequestState.requested, RequestState.accepted, RequestState.rejected}:
        return request
    if request.state is not RequestState.awaiting_confirmation:
        raise Refused("refused_expired")
    shipment = await unit.shipments.get(request.merchant_id, request.shipment_id)
    try:
        decision = await _decide(unit, shipment, request.kind, request.window, now)
    except Refused:
        request.state, request.decided_at = RequestState.expired, now
        raise
    if decision.fee != request.fee:
        request.state, request.decided_at = RequestState.expired, now
        raise Refused("refused_expired")
    request.state = RequestState.requested
    unit.add(_audit(request, conversation, now))
    await ask_carrier(unit, request)
    return request


async def ask_carrier(unit: UnitOfWork, request: DeliveryRequest) -> None:
    """Have the carrier told of a request, one of a parcel after the other."""
    await unit.flush()
    await unit.jobs.defer(
        "tell_carrier",
        lock=f"carrier:{request.shipment_id}",
        merchant_id=str(request.merchant_id),
        request_id=str(request.id),
    )


async def drop(
    unit: UnitOfWork, conversation: Conversation, request_id: UUID, now: datetime
) -> None:
    """Let a proposal go; what was confirmed already stays."""
    request = await unit.requests.get(conversation.merchant_id, request_id)
    mine = request.conversation_id == conversation.id
    if mine and request.state is RequestState.awaiting_confirmation:
        request.state, request.decided_at = RequestState.expired, now


async def drop_open(
    unit: UnitOfWork, conversation: Conversation, shipments: Iterable[Shipment], now: datetime
) -> None:
    """Let every proposal of a conversation go: the customer has begun something else."""
    for shipment in shipments:
        for request in await unit.requests.of_shipment(shipment.merchant_id, shipment.id):
            await drop(unit, conversation, request.id, now)


async def pickup_points(
    unit: UnitOfWork, shipment: Shipment, near: Place | None, now: datetime
) -> list[PickupPoint]:
    """The merchant's points that are open when the parcel arrives, the nearest first.

    Near what the customer has shared, else near the parcel's own address.
    """
    policy = await policy_of(unit, shipment.merchant_id)
    zone = ZoneInfo(shipment.timezone)
    today = now.astimezone(zone).date()
    expected = shipment.window.day(zone) if shipment.window else today + timedelta(days=1)
    address = shipment.address
    known = read_place(f"{address.get('latitude')},{address.get('longitude')}")
    return suitable(
        policy.pickup_points,
        max(today, expected),
        near=near or known,
        postcode=str(address.get("postal_code") or ""),
    )


async def _decide(
    unit: UnitOfWork,
    shipment: Shipment,
    kind: RequestKind,
    window: Window | None,
    now: datetime,
) -> Decision:
    policy = await policy_of(unit, shipment.merchant_id)
    decision = await decide_for(unit, policy, shipment, kind, now)
    if not decision.allowed:
        raise Refused(decision.reason)
    if kind is RequestKind.reschedule and window not in offer_windows(policy, shipment, now):
        raise Refused("refused_window_gone")
    return decision


def _near(possible: list[Window], wish: Wish, zone: ZoneInfo) -> list[Window]:
    """The next possible windows, those of the wished day or hours before the others."""
    if wish.choices:
        named = [w for w in possible if w.day(zone) in wish.choices]
        # One of each day first, so that every day that was named is among those shown.
        firsts = {w.day(zone): w for w in reversed(wish.best(named, zone))}
        shown = [*firsts.values(), *(w for w in named if w not in firsts.values())]
        return sorted(shown[:SHOWN]) or possible[:SHOWN]
    if wish.day is not None and not wish.past:
        day = wish.day
        nearest = sorted(possible, key=lambda w: (abs((w.day(zone) - day).days), w.start))
        return sorted(nearest[:SHOWN])
    return possible[:SHOWN]


def _audit(request: DeliveryRequest, conversation: Conversation, now: datetime) -> AuditEntry:
    return AuditEntry(
        id=new_id(),
        merchant_id=request.merchant_id,
        actor=f"contact:{conversation.contact_id}",
        action=f"requested:{request.kind}",
        subject=f"delivery_request:{request.id}",
        at=now,
        details={
            "request": str(request.id),
            "shipment": str(request.shipment_id),
            "fee": request.fee_amount,
            "currency": request.fee_currency,
            "policy_version": request.policy_version,
        },
    )
