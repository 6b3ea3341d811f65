"""FedEx's results, pushed or asked for."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.carriers.base import CarrierEvent
from bot.carriers.estimates import estimate, moment, zone_of
from bot.carriers.fedex.map import ATTEMPT_WORDS, ATTEMPTS, CODES
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, header, same_as_any, secrets_of
from bot.domain.errors import BadSignature, MalformedUpdate
from bot.domain.shipment import Collect, Proof, Status
from bot.domain.when import Window

SIGNATURE = "fdx-signature"


def verify(account: Account, request: WebhookRequest) -> None:
    """Check the base64 HMAC-SHA256 of the raw body.

    Raises:
        BadSignature: it is missing or not made with this account's secret.
    """
    given = header(request, SIGNATURE)
    digests = [
        hmac.new(secret.encode(), request.body, hashlib.sha256).digest()
        for secret in secrets_of(account, "webhook_secret")
    ]
    if not same_as_any(given, [base64.b64encode(digest).decode() for digest in digests]):
        raise BadSignature(f"{SIGNATURE} is {'wrong' if given else 'missing'}")


def parse(account: Account, request: WebhookRequest) -> list[CarrierEvent]:
    """Read pushed results.

    Raises:
        MalformedUpdate: names the field that is wrong.
    """
    document = Reader.of(request.body)
    return results(document, zone_of(account), _pushed_at(document))


def results(
    document: Reader, zone: ZoneInfo | None, told: datetime | None = None
) -> list[CarrierEvent]:
    """Every scan of every parcel in a document, and what is expected of each.

    Args:
        document: an answer of the Track API, or what is pushed.
        zone: where times without offset are.
        told: when FedEx said all this, if it tells.
    """
    output = document.get("output") or document
    wholes = list(output.each("completeTrackResults")) or [output]
    return [
        event
        for whole in wholes
        for result in whole.each("trackResults")
        for event in _of_parcel(result, whole, zone, told)
    ]


def _of_parcel(
    result: Reader, whole: Reader, zone: ZoneInfo | None, told: datetime | None
) -> Iterator[CarrierEvent]:
    number = _number(result, whole)
    if not number:
        raise result.wrong("names no trackingNumber")
    events = [_event(result, scan, number, zone) for scan in result.each("scanEvents")]
    yield from events
    yield from estimate(events, _window(result, zone), told)


def _number(result: Reader, whole: Reader) -> str:
    info = result.get("trackingNumberInfo")
    return (info.text_at("trackingNumber") if info else "") or whole.text_at("trackingNumber")


def _event(result: Reader, scan: Reader, number: str, zone: ZoneInfo | None) -> CarrierEvent:
    code, exception = scan["eventType"].filled, scan.text_at("exceptionCode")
    said = (scan.text_at("eventDescription"), scan.text_at("exceptionDescription"))
    status = _status(code, exception, said[1])
    where = scan.get("scanLocation")
    city = where.text_at("city") if where else ""
    proof = _proof(result) if status is Status.delivered else None
    # Who signed is often pushed after the delivery itself: that is another thing told of it.
    shown = f":{proof.signed_by}:{proof.left_at}" if proof else ""
    return CarrierEvent(
        key=f"{number}:{code}:{exception}:{scan['date'].filled}:{city}{shown}",
        tracking_number=number,
        status=status,
        at=moment(scan["date"], zone),
        code=f"{code} {exception}".strip(),
        description=" · ".join(dict.fromkeys(part for part in said if part)),
        depot=scan.text_at("locationId"),
        service=_service(result),
        proof=proof,
        collect=_collect(result) if status is Status.ready_for_pickup else None,
        raw=scan.object,
    )


def _service(result: Reader) -> str:
    detail = result.get("serviceDetail")
    return detail.text_at("description") if detail else ""


def _status(code: str, exception: str, words: str) -> Status:
    said = words.lower()
    if code == "DE" and (exception in ATTEMPTS or any(part in said for part in ATTEMPT_WORDS)):
        return Status.attempt_failed
    return CODES.get(code, Status.unknown)


def _window(result: Reader, zone: ZoneInfo | None) -> Window | None:
    told = result.get("estimatedDeliveryTimeWindow")
    window = told.get("window") if told else None
    if window is None:
        return None
    # Some services give a date without a time: that is no window to promise.
    if not all("T" in window.text_at(name) for name in ("begins", "ends")):
        return None
    try:
        start, end = (moment(window[name], zone) for name in ("begins", "ends"))
    except MalformedUpdate:
        # FedEx's own sample has an offset at one end only. The scans are worth reading all the
        # same, and a window at an hour that is guessed is not worth promising.
        return None
    return Window(start, end) if start < end else None


def _proof(result: Reader) -> Proof | None:
    details = result.get("deliveryDetails")
    if details is None:
        return None
    signed = details.text_at("signedByName") or details.text_at("receivedByName")
    left = details.text_at("locationDescription")
    return Proof(signed_by=signed, left_at=left) if signed or left else None


def _collect(result: Reader) -> Collect | None:
    place = result.get("holdAtLocation")
    where = place.get("locationContactAndAddress") if place else None
    if where is None:
        return None
    contact, address = where.get("contact"), where.get("address")
    parts = [contact.text_at("companyName")] if contact else []
    if address:
        parts += [line.text for line in address.each("streetLines")]
        parts += [address.text_at("city"), address.text_at("postalCode")]
    words = ", ".join(part.strip() for part in parts if part.strip())
    return Collect(place=words) if words else None


def _pushed_at(document: Reader) -> datetime | None:
    """When a message was first pushed: the earliest time in its `outputMetaData`.

    The published schema says that it holds the time and the number of each attempt; what its
    members are called was not found, so they are told by what they hold.
    """
    try:
        values = [value for one in document.each("outputMetaData") for value in one.object.values()]
    except MalformedUpdate:
        return None
    return min(filter(None, map(_instant, values)), default=None)


def _instant(value: object) -> datetime | None:
    try:
        return Reader(value).instant
    except MalformedUpdate:
        return None
