"""Attempts that are told truly: keep a carrier's claim, gather what there is, and judge it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.domain.attempt import (
    Attempt,
    Claim,
    CustomerSays,
    Evidence,
    Judgement,
    Seen,
    about,
    judge,
)
from bot.domain.flow import DISPUTED, Trigger
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.places import Place, distance, on_earth
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Shipment, TrackingEvent
from bot.domain.when import Window
from bot.services.ports import UnitOfWork
from bot.services.start_flows import happens, start_flows

ABOUT = timedelta(minutes=15)
"""How far from the claim the courier's places are asked for."""
AT_ONCE = timedelta(minutes=10)
ANSWERED_WITHIN = timedelta(days=7)
"""A customer's word counts for the latest attempt that is not older."""


async def claim_attempt(
    unit: UnitOfWork, shipment: Shipment, event: TrackingEvent, now: datetime
) -> Attempt:
    """Keep an attempt that a carrier says it made; once an event, however often it is told.

    It is judged at once, by what is known before the customer has said a word.
    """
    attempt = Attempt(
        id=new_id(),
        merchant_id=shipment.merchant_id,
        shipment_id=shipment.id,
        event_key=event.key,
        carrier=shipment.carrier,
        claimed_at=event.at,
        created_at=now,
        courier_id=str(event.details.get("courier_id") or ""),
        depot=str(event.details.get("depot") or ""),
        claim=Claim(event.details.get("claim") or Claim.nobody_in),
    )
    if not await unit.attempts.add(attempt):
        known = await unit.attempts.of_shipment(shipment.merchant_id, shipment.id)
        return next(one for one in known if one.event_key == event.key)
    kept = await unit.attempts.get(shipment.merchant_id, attempt.id)
    await _weigh(unit, shipment, kept, now)
    return kept


async def customer_says(
    unit: UnitOfWork, shipment: Shipment, said: CustomerSays, now: datetime
) -> Attempt | None:
    """Put the customer's word beside the carrier's, for the latest attempt; None without one.

    The first word stands: who was out at first and in after seeing the fee is not believed twice.
    """
    known = await unit.attempts.of_shipment(shipment.merchant_id, shipment.id)
    attempt = next((one for one in known if now - one.claimed_at < ANSWERED_WITHIN), None)
    if attempt is None or attempt.customer is not None:
        return attempt
    attempt.customer, attempt.customer_at = said.about(attempt.claim), now
    if await _weigh(unit, shipment, attempt, now):
        unit.add(_dispute(attempt, now))
    judged = Trigger("verdict", attempt.verdict.value)
    await happens(unit, shipment, judged, now, anew=attempt.event_key)
    if attempt.customer.contradicts:
        # Whatever the verdict: that two say two things is for a person to look at.
        await start_flows(unit, shipment, DISPUTED, now, anew=attempt.event_key)
    return attempt


async def _weigh(unit: UnitOfWork, shipment: Shipment, attempt: Attempt, now: datetime) -> bool:
    """Gather the evidence anew and judge it; whether a dispute is opened by that."""
    evidence = await gather(unit, shipment, attempt)
    judgement: Judgement = judge(evidence)
    attempt.evidence = told(evidence)
    return attempt.take(judgement, now)


async def asked_to_cancel(unit: UnitOfWork, shipment: Shipment) -> bool:
    """Whether the customer has asked here for the delivery to be cancelled."""
    requests = await unit.requests.of_shipment(shipment.merchant_id, shipment.id)
    made = {RequestState.requested, RequestState.accepted}
    return any(one.kind is RequestKind.cancel and one.state in made for one in requests)


async def gather(unit: UnitOfWork, shipment: Shipment, attempt: Attempt) -> Evidence:
    """Everything that is known of an attempt, from what carriers, vehicles and customers said."""
    history = await unit.shipments.history(shipment.merchant_id, shipment.id)
    event = next(one for one in history if one.key == attempt.event_key)
    promised = [one for one in history if one.at <= event.at and one.window is not None]
    seen = [Seen(one.at, one.place) for one in history if one.place is not None]
    vehicle = str(event.details.get("vehicle") or shipment.details.get("vehicle") or "")
    if vehicle:
        start, end = event.at - ABOUT, event.at + ABOUT
        seen += await unit.attempts.positions(shipment.merchant_id, vehicle, start, end)
    proof: Mapping[str, Any] = event.details.get("proof") or {}
    return Evidence(
        claimed_at=event.at,
        reported_at=event.received_at,
        claim=attempt.claim,
        code=event.code,
        words=event.description,
        address=address_of(shipment),
        seen=about(seen, event.at),
        locates=bool(seen),
        photo=bool(proof.get("photo_url")),
        calls=int(event.details.get("calls") or 0),
        code_checked=bool(proof.get("code_checked")),
        window=_promised(shipment, promised),
        others=await unit.attempts.others(attempt, AT_ONCE),
        customer=attempt.customer,
        asked_for=attempt.claim is Claim.refused and await asked_to_cancel(unit, shipment),
    )


def address_of(shipment: Shipment) -> Place | None:
    """Where it goes, if the merchant gave us its place on the map."""
    latitude, longitude = (shipment.address.get(name) for name in ("latitude", "longitude"))
    if latitude is None or longitude is None:
        return None
    place = float(latitude), float(longitude)
    return place if on_earth(place) else None


def _promised(shipment: Shipment, told: list[TrackingEvent]) -> Window | None:
    """What the customer waited for: the carrier's last window before the claim, else ours."""
    if told:
        return told[-1].window
    return shipment.promise.window if shipment.promise else None


def told(evidence: Evidence) -> dict[str, Any]:
    """The evidence as plain JSON, for the record and for whoever it is sent to."""
    nearest, stayed, window = evidence.nearest, evidence.stayed, evidence.window
    return {
        "claimed_at": evidence.claimed_at.isoformat(),
        "reported_at": evidence.reported_at.isoformat(),
        "claim": evidence.claim.value,
        "carrier_code": evidence.code,
        "carrier_words": evidence.words,
        "address": list(evidence.address) if evidence.address else None,
        "courier_seen": [
            {
                "at": seen.at.isoformat(),
                "place": list(seen.place),
                "metres": round(distance(evidence.address, seen.place) * 1000)
                if evidence.address
                else None,
            }
            for seen in evidence.seen
        ],
        "nearest_metres": None if nearest is None else round(nearest * 1000),
        "seconds_at_address": None if stayed is None else round(stayed.total_seconds()),
        "photo": evidence.photo,
        "calls": evidence.calls,
        "code_checked": evidence.code_checked,
        "window": [window.start.isoformat(), window.end.isoformat()] if window else None,
        "others_within_ten_minutes": evidence.others,
        "asked_for_here": evidence.asked_for,
        "customer_says": evidence.customer.value if evidence.customer else None,
    }


def _dispute(attempt: Attempt, now: datetime) -> AuditEntry:
    return AuditEntry(
        id=new_id(),
        merchant_id=attempt.merchant_id,
        actor="doorstep",
        action="attempt_disputed",
        subject=f"attempt:{attempt.id}",
        at=now,
        details={"verdict": attempt.verdict.value, "score": attempt.score},
    )
