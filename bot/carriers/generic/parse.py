"""The generic carrier's webhooks, verified and read. The format is of this house."""

from bot.carriers.base import CarrierEvent
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, check_body_signature
from bot.domain.places import Place, on_earth
from bot.domain.shipment import Collect, Handover, Proof, Status
from bot.domain.when import Window

SIGNATURE = "X-Doorstep-Signature"
_MOST = 100
"""Calls, minutes or stops; more is no different."""


def verify(account: Account, request: WebhookRequest) -> None:
    """Check the signature over the raw body.

    Raises:
        BadSignature: it is missing or not made with this account's secret.
    """
    check_body_signature(account, request, SIGNATURE, "secret")


def parse(request: WebhookRequest) -> list[CarrierEvent]:
    """Read the events.

    Raises:
        MalformedUpdate: names the field, as in `events[2].at: must be ...`.
    """
    return [_event(event) for event in Reader.of(request.body)["events"]]


def _event(event: Reader) -> CarrierEvent:
    word = event["status"].filled
    status = Status(word) if word in Status.__members__ else Status.unknown
    courier = event.get("courier")
    return CarrierEvent(
        key=event["id"].filled,
        tracking_number=event["tracking_number"].filled,
        status=status,
        at=event["at"].instant,
        # The word of a status that nobody knows is kept for the merchant to see.
        code=event.text_at("code") or ("" if word == status else word),
        description=event.text_at("description"),
        window=_window(event.get("window")),
        courier_name=(courier.text_at("name") or None) if courier else None,
        courier_phone=(courier.text_at("phone") or None) if courier else None,
        courier_id=courier.text_at("id") if courier else "",
        depot=event.text_at("depot"),
        vehicle=event.text_at("vehicle"),
        service=event.text_at("service"),
        at_place=_place(event.get("location")),
        handover=_handover(event.text_at("handover")),
        proof=_proof(event.get("proof")),
        collect=_collect(event.get("collect")),
        calls=_count(event.get("calls")) or 0,
        minutes_away=_count(event.get("minutes_away")),
        stops_away=_count(event.get("stops_away")),
        raw=event.object,
    )


def _place(location: Reader | None) -> Place | None:
    if location is None:
        return None
    place = location["latitude"].number, location["longitude"].number
    if not on_earth(place):
        raise location.wrong("latitude and longitude are not on earth")
    return place


def _handover(word: str) -> Handover | None:
    return Handover(word) if word in Handover.__members__ else None


def _proof(proof: Reader | None) -> Proof | None:
    if proof is None:
        return None
    signed, photo, left = (proof.text_at(n) for n in ("signed_by", "photo_url", "left_at"))
    checked = proof.object.get("code_checked") is True
    return Proof(signed, photo, left, checked, proof.text_at("code"))


def _collect(collect: Reader | None) -> Collect | None:
    if collect is None:
        return None
    until = collect.get("until")
    place, code, link, hours = (
        collect.text_at(name) for name in ("place", "code", "link", "hours")
    )
    return Collect(place, code, until.instant if until else None, link, hours)


def _count(told: Reader | None) -> int | None:
    return None if told is None else min(max(int(told.number), 0), _MOST)


def _window(window: Reader | None) -> Window | None:
    if window is None:
        return None
    start, end = window["from"].instant, window["to"].instant
    if end <= start:
        raise window.wrong("must end after it starts")
    return Window(start, end)
