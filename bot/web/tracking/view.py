"""What the tracking page shows of a parcel, and what it keeps to itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.errors import Invalid
from bot.domain.read_policy import read_policy
from bot.domain.request import DeliveryRequest, Policy, RequestKind, RequestState, decide
from bot.domain.shipment import Shipment, Status, TrackingEvent
from bot.services.describe_policy import BY_CHAT
from bot.services.inbox import Tracked
from bot.web.times import Times
from bot.web.words import Words, words_by_language

WORDS = words_by_language(Path(__file__).with_name("words.yml"))
STEPS = (Status.created, Status.in_transit, Status.out_for_delivery, Status.delivered)

# How many of the steps are behind a parcel in each state; states off the road have none.
_REACHED = {
    Status.created: 0,
    Status.in_transit: 1,
    Status.delayed: 1,
    Status.exception: 1,
    Status.out_for_delivery: 2,
    Status.attempt_failed: 2,
    Status.delivered: 3,
}
# The changes that have a button of their own; the others share one, which names so many of them.
_BUTTONS = {RequestKind.reschedule: "move", RequestKind.contactless: "contactless"}
_NAMED = 2
_TROUBLE = {Status.attempt_failed, Status.exception, Status.delayed}


@dataclass(frozen=True)
class Step:
    """A step of the road: `done`, `now`, `trouble` (stuck here) or `ahead`."""

    name: str
    state: str


def language(tracked: Tracked) -> str:
    """The recipient's language if we speak it, else the merchant's, else English."""
    wanted = [tracked.contact.language] if tracked.contact else []
    return next((one for one in [*wanted, tracked.merchant.language] if one in WORDS), "en")


def steps(shipment: Shipment) -> list[Step]:
    """The road of a parcel; empty when it has left the road (returned, cancelled, unknown)."""
    reached = _REACHED.get(shipment.status)
    if reached is None:
        return []
    here = "trouble" if shipment.status in _TROUBLE else "now"
    if shipment.status is Status.delivered:
        here = "done"

    def state(place: int) -> str:
        return "done" if place < reached else here if place == reached else "ahead"

    return [Step(str(status), state(place)) for place, status in enumerate(STEPS)]


def stands(shipment: Shipment) -> str:
    """Under which name the words say how a parcel stands: its status, or what has come with it."""
    there = shipment.status is Status.ready_for_pickup and shipment.handover.by_itself
    return f"at_{shipment.handover}" if there else str(shipment.status)


def waits(shipment: Shipment) -> str:
    """Where it waits to be fetched, with the hours; empty where that is not told.

    Neither its code nor what opens a locker or a robot: whoever has the link could take it.
    """
    collect: Mapping[str, Any] = shipment.details.get("collect") or {}
    if shipment.status is not Status.ready_for_pickup or shipment.handover.by_itself:
        return ""
    place, hours = str(collect.get("place") or ""), str(collect.get("hours") or "")
    return f"{place} ({hours})" if place and hours else place


def happened(events: Sequence[TrackingEvent]) -> list[TrackingEvent]:
    """What has happened, the latest first: one line a change, without what we cannot read.

    The carrier's own descriptions are left out: they may name people and places.
    """
    told: list[TrackingEvent] = []
    for event in events:
        if event.status is Status.unknown or (told and told[-1].status is event.status):
            continue
        told.append(event)
    return told[::-1]


def wishes(requests: Iterable[DeliveryRequest]) -> list[DeliveryRequest]:
    """The requests that were really made, the latest of each kind."""
    made = {RequestState.requested, RequestState.accepted, RequestState.rejected}
    latest = {request.kind: request for request in requests if request.state in made}
    return list(latest.values())


def possible(
    tracked: Tracked, requests: Sequence[DeliveryRequest], times: Times, words: Words
) -> list[tuple[str, str]]:
    """The buttons that make sense now: which (`move contactless more talk`), and its label."""
    try:
        policy = read_policy(tracked.merchant.policy, tracked.merchant.policy_version)
    except Invalid:
        # A policy that cannot be read promises nothing; a person can still be asked.
        policy = Policy()
    allowed = [
        kind
        for kind in BY_CHAT
        if decide(policy, kind, tracked.shipment, requests, times.now).allowed
    ]
    settled = {wish.kind for wish in wishes(requests) if wish.state is not RequestState.rejected}
    if RequestKind.contactless in settled & set(allowed):
        # A time may be changed again; contactless twice is no different from once.
        allowed.remove(RequestKind.contactless)
    own = [(_BUTTONS[kind], words(f"act.{_BUTTONS[kind]}")) for kind in allowed if kind in _BUTTONS]
    others = [words(f"request.{kind}") for kind in allowed if kind not in _BUTTONS]
    named = " · ".join([*others[:_NAMED], *(["…"] if others[_NAMED:] else [])])
    return [*own, *([("more", named)] if named else []), ("talk", words("act.talk"))]
