"""Changing a delivery: what may be offered, what was proposed, and the yes that makes it so."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.access import VALID_FOR
from bot.domain.conversation import Conversation
from bot.domain.errors import Refused
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.pickup import PickupPoint, suitable
from bot.domain.places import Place, read_place
from bot.domain.read_policy import policy_in_force
from bot.domain.request import (
    Decision,
    DeliveryRequest,
    Known,
    Policy,
    RequestKind,
    RequestState,
    decide,
    offer_windows,
)
from bot.domain.shipment import Shipment
from bot.domain.when import Window, Wish
from bot.services.ports import UnitOfWork
from bot.services.quiet_times import public_holidays

SHOWN = 3
"""How many windows are offered at once: as many as WhatsApp has buttons."""
PROVED_FOR = timedelta(hours=1)
"""How long a code that was typed proves who asks, for changes that want one."""
_ROUND = timedelta(hours=12)
"""How old what a courier said of their stops may be; what is older was another round."""
_NEAR = 200
"""Imported points that are looked at: enough for some to be open, and not full."""
_IN_WORDS = frozenset({RequestKind.change_address, RequestKind.safe_place})
"""Kinds whose words the policy may have something against."""


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
    return policy_in_force(await unit.merchants.get(merchant_id))


async def offer(
    unit: UnitOfWork,
    shipment: Shipment,
    kind: RequestKind,
    wish: Wish,
    now: datetime,
    *,
    but: Collection[Window] = (),
) -> Offer:
    """Say whether a change may be made, and which windows to show for a wish.

    Args:
        but: windows that were shown before; they are shown again only when there are no others.
    """
    policy = await policy_of(unit, shipment.merchant_id)
    decision = await decide_for(unit, policy, shipment, kind, now)
    if decision.allowed and kind is RequestKind.pickup_point:
        points = await pickup_points(unit, shipment, None, now)
        none = Decision(False, "refused_no_points", rule="pickup_points")
        return Offer(decision if points else none)
    if not decision.allowed or kind is not RequestKind.reschedule:
        return Offer(decision)
    possible = _windows(policy, shipment, now)
    if not possible:
        return Offer(Decision(False, "refused_no_windows", rule="slots"))
    zone = ZoneInfo(shipment.timezone)
    possible = [w for w in possible if w.day(zone) not in wish.refused] or possible
    possible = [w for w in possible if w not in but] or possible
    # "Any day, as long as it is in the evening" leaves the day open and the hours not.
    unclear = wish.ambiguous and (wish.choices or wish.start is None)
    fitting = wish.best(possible, zone) if not (wish.past or unclear) else []
    if fitting and wish.says_something:
        return Offer(decision, tuple(fitting[:SHOWN]))
    return Offer(decision, tuple(_near(possible, wish, zone)), fits=not wish.says_something)


async def decide_for(
    unit: UnitOfWork,
    policy: Policy,
    shipment: Shipment,
    kind: RequestKind,
    now: datetime,
    words: str | None = None,
) -> Decision:
    """What may be done, by what is known of the parcel and its customer."""
    earlier = await unit.requests.of_shipment(shipment.merchant_id, shipment.id)
    known = await _known(unit, policy, shipment, kind)
    if policy.rule(kind).until_stops is not None:
        known = replace(known, stops=await _stops(unit, shipment, now))
    return decide(policy, kind, shipment, earlier, now, known, words=words)


async def decide_words(
    unit: UnitOfWork, shipment: Shipment, kind: RequestKind, words: str, now: datetime
) -> Decision:
    """What the policy says of a change with these words: an address, a safe place."""
    policy = await policy_of(unit, shipment.merchant_id)
    return await decide_for(unit, policy, shipment, kind, now, words)


async def _known(unit: UnitOfWork, policy: Policy, shipment: Shipment, kind: RequestKind) -> Known:
    """What a fee may be waived for; looked up only where there is one."""
    rule, first = policy.rule(kind), False
    if not rule.fee:
        return Known()
    attempts = await unit.attempts.of_shipment(shipment.merchant_id, shipment.id)
    if rule.first_free:
        first = await unit.shipments.is_first(shipment)
    return Known(disputed=any(attempt.disputed for attempt in attempts), first=first)


async def _stops(unit: UnitOfWork, shipment: Shipment, now: datetime) -> int | None:
    """How many stops the courier has said last to make before, on this round."""
    history = await unit.shipments.history(shipment.merchant_id, shipment.id)
    telling = [one for one in history if "stops_away" in one.details and now - one.at <= _ROUND]
    last = max(telling, key=lambda one: one.at, default=None)
    return None if last is None else int(last.details["stops_away"])


async def possible_windows(unit: UnitOfWork, shipment: Shipment, now: datetime) -> list[Window]:
    """Every window that a parcel may be moved to now."""
    return _windows(await policy_of(unit, shipment.merchant_id), shipment, now)


def _windows(policy: Policy, shipment: Shipment, now: datetime) -> list[Window]:
    region = str(shipment.address.get("region") or "")
    return offer_windows(policy, shipment, now, public_holidays(shipment.country, region))


async def code_wanted(
    unit: UnitOfWork,
    conversation: Conversation,
    shipment: Shipment,
    kinds: Iterable[RequestKind],
    now: datetime,
) -> bool:
    """Whether a code has to be typed in this conversation before these changes are made."""
    policy = await policy_of(unit, shipment.merchant_id)
    if not any(policy.rule(kind).otp for kind in kinds):
        return False
    since = now - PROVED_FOR - VALID_FOR
    codes = await unit.codes.of_shipment(shipment.merchant_id, shipment.id, since)
    return not any(
        code.conversation_id == conversation.id and code.used_at and now - code.used_at < PROVED_FOR
        for code in codes
    )


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
        note: the customer's own words, for the courier; of a pick-up point its name or address.
        along_with: the change that it belongs to; the two are agreed to with one yes.

    Raises:
        Refused: the policy does not allow it (any more), or no longer this window or point.
    """
    policy = await policy_of(unit, shipment.merchant_id)
    decision = await _decide(unit, policy, shipment, kind, window, note, now)
    point = await _point(unit, shipment, note, now) if kind is RequestKind.pickup_point else None
    if point is not None:
        note = point.label
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
        point=point.id if point else "",
        fee_amount=decision.fee.amount,
        fee_currency=decision.fee.currency,
        policy_version=policy.version,
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
        Refused: the policy has changed or the time has passed since it was proposed, or the
            policy wants a code that has not been typed.
    """
    request = await unit.requests.get(conversation.merchant_id, request_id)
    if request.conversation_id != conversation.id:
        raise Refused("refused_expired")
    if request.state in {RequestState.requested, RequestState.accepted, RequestState.rejected}:
        return request
    if request.state is not RequestState.awaiting_confirmation:
        raise Refused("refused_expired")
    shipment = await unit.shipments.get(request.merchant_id, request.shipment_id)
    if await code_wanted(unit, conversation, shipment, [request.kind], now):
        raise Refused("refused_code", rule=f"requests.{request.kind}.otp")
    policy = await policy_of(unit, shipment.merchant_id)
    try:
        decision = await _decide(
            unit, policy, shipment, request.kind, request.window, request.note, now
        )
        if request.kind is RequestKind.pickup_point:
            # Of two who want the last place, the second must see the first.
            await unit.points.lock(request.merchant_id, request.point)
            await _point(unit, shipment, request.point, now)
    except Refused:
        request.state, request.decided_at = RequestState.expired, now
        raise
    if decision.fee != request.fee:
        request.state, request.decided_at = RequestState.expired, now
        raise Refused("refused_expired")
    request.state, request.policy_version = RequestState.requested, policy.version
    unit.add(_audit(request, conversation, decision, now))
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


async def take_back(
    unit: UnitOfWork, conversation: Conversation, request_id: UUID, now: datetime
) -> DeliveryRequest | None:
    """Undo a change that still waits for the merchant's people, with the note that goes along.

    None when that cannot be done any more: what a carrier was told stands.
    """
    request = await unit.requests.get(conversation.merchant_id, request_id)
    # All of the parcel's at once, so that two who take back do not wait for each other for ever.
    asked = await unit.requests.of_shipment(request.merchant_id, request.shipment_id, lock=True)
    if request.conversation_id != conversation.id or not request.is_work:
        return None
    for one in asked:
        if request.id in {one.id, one.along_with} and one.is_work:
            one.state, one.decided_at = RequestState.expired, now
            one.reason = "taken back by the customer"
    subject, about = f"delivery_request:{request.id}", {"shipment": str(request.shipment_id)}
    unit.add(_entry(conversation, f"taken_back:{request.kind}", subject, now, about))
    return request


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
    """The merchant's points that are open when the parcel arrives and not full, the nearest first.

    Near what the customer has shared, else near the parcel's own address.
    """
    address = shipment.address
    place = near or read_place(f"{address.get('latitude')},{address.get('longitude')}")
    postcode = str(address.get("postal_code") or "")
    imported = await unit.points.open(
        shipment.merchant_id, near=place, postcode=postcode, limit=_NEAR
    )
    return await _suitable(unit, shipment, imported, now, place, postcode)


async def _suitable(
    unit: UnitOfWork,
    shipment: Shipment,
    imported: Sequence[PickupPoint],
    now: datetime,
    near: Place | None = None,
    postcode: str = "",
) -> list[PickupPoint]:
    """Of the policy's points and some imported ones, those that can be had."""
    policy = await policy_of(unit, shipment.merchant_id)
    own = {point.id for point in policy.pickup_points}
    points = [*policy.pickup_points, *(point for point in imported if point.id not in own)]
    limited = any(point.capacity is not None for point in points)
    zone = ZoneInfo(shipment.timezone)
    today = now.astimezone(zone).date()
    expected = shipment.window.day(zone) if shipment.window else today + timedelta(days=1)
    taken = await unit.points.taken(shipment.merchant_id) if limited else None
    return suitable(points, max(today, expected), near=near, postcode=postcode, taken=taken)


async def _point(unit: UnitOfWork, shipment: Shipment, named: str, now: datetime) -> PickupPoint:
    """The point that can still be had, by its id, its name or both name and address.

    Raises:
        Refused: it is closed, or full, or was never one.
    """
    imported = await unit.points.named(shipment.merchant_id, named)
    for point in await _suitable(unit, shipment, imported, now):
        if named in {point.id, point.name, point.label}:
            return point
    raise Refused("refused_point_gone", rule="pickup_points")


async def known_point(unit: UnitOfWork, shipment: Shipment, point_id: str) -> PickupPoint | None:
    """A point by its id, whether a parcel can still go there or not."""
    policy = await policy_of(unit, shipment.merchant_id)
    imported = await unit.points.named(shipment.merchant_id, point_id)
    return next((p for p in (*policy.pickup_points, *imported) if p.id == point_id), None)


async def _decide(  # noqa: PLR0917  what a decision is about
    unit: UnitOfWork,
    policy: Policy,
    shipment: Shipment,
    kind: RequestKind,
    window: Window | None,
    note: str,
    now: datetime,
) -> Decision:
    words = note if kind in _IN_WORDS else None
    decision = await decide_for(unit, policy, shipment, kind, now, words)
    if not decision.allowed:
        raise Refused(decision.reason, rule=decision.rule, **decision.facts)
    if kind is RequestKind.reschedule and window not in _windows(policy, shipment, now):
        raise Refused("refused_window_gone", rule="slots")
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


def _audit(
    request: DeliveryRequest, conversation: Conversation, decision: Decision, now: datetime
) -> AuditEntry:
    about = {
        "request": str(request.id),
        "shipment": str(request.shipment_id),
        "fee": request.fee_amount,
        "currency": request.fee_currency,
        "rule": decision.rule,
        "policy_version": request.policy_version,
    }
    subject = f"delivery_request:{request.id}"
    return _entry(conversation, f"requested:{request.kind}", subject, now, about)


def _entry(
    conversation: Conversation,
    action: str,
    subject: str,
    now: datetime,
    details: dict[str, Any],
) -> AuditEntry:
    """What a customer did in a conversation."""
    return AuditEntry(
        id=new_id(),
        merchant_id=conversation.merchant_id,
        actor=f"contact:{conversation.contact_id}",
        action=action,
        subject=subject,
        at=now,
        details=details,
    )


async def audit_refusal(  # noqa: PLR0917  what was refused to whom, and why
    unit: UnitOfWork,
    conversation: Conversation,
    shipment: Shipment,
    kind: RequestKind,
    reason: str,
    rule: str,
    now: datetime,
) -> None:
    """Keep that a change was refused, by which rule of which version of the policy."""
    policy = await policy_of(unit, shipment.merchant_id)
    about = {"reason": reason, "rule": rule, "policy_version": policy.version}
    unit.add(_entry(conversation, f"refused:{kind}", f"shipment:{shipment.id}", now, about))
