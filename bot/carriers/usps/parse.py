"""USPS's tracking answers, pushed or asked for."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from bot.carriers.base import CarrierEvent
from bot.carriers.estimates import estimate, moment, zone_of
from bot.carriers.usps.map import CODES, TO_THE_SENDER
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, header, same_as_any, secrets_of
from bot.domain.errors import BadSignature, MalformedUpdate
from bot.domain.shipment import Handover, Proof, Status
from bot.domain.when import Window

SIGNATURE = "X-HMAC"
_OFFSET = re.compile(r"([+-]?)(\d{1,2}):?(\d{2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?\s*(am|pm)?", re.IGNORECASE)
_NOON = 12


def verify(account: Account, request: WebhookRequest) -> None:
    """Check the HMAC-SHA256, in hexadecimal or base64, of either text that may be signed.

    Raises:
        BadSignature: it is missing or not made with this account's secret.
    """
    given = header(request, SIGNATURE)
    digests = [
        hmac.new(secret.encode(), text, hashlib.sha256).digest()
        for secret in secrets_of(account, "webhook_secret")
        for text in _signed(request.body)
    ]
    spelled = [base64.b64encode(digest).decode() for digest in digests]
    if not same_as_any(given, [*(digest.hex() for digest in digests), *spelled]):
        raise BadSignature(f"{SIGNATURE} is {'wrong' if given else 'missing'}")


def _signed(body: bytes) -> list[bytes]:
    """The body, and its `timestamp` followed by its `payload` where that is JSON as text.

    Nothing else of the body is read then but these two, see `parse`; and where the one ends and
    the other begins cannot be moved, as only the second begins with a brace.
    """
    try:
        message = Reader.of(body)
        stamp, payload = message["timestamp"].text, message["payload"].text
    except MalformedUpdate:
        return [body]
    apart = "{" not in stamp and payload.startswith("{")
    return [body, f"{stamp}{payload}".encode()] if apart else [body]


def parse(account: Account, request: WebhookRequest) -> list[CarrierEvent]:
    """Read a pushed message, whose tracking answer is its `payload`: JSON as text, or an object.

    Raises:
        MalformedUpdate: names the field that is wrong.
    """
    message, zone = Reader.of(request.body), zone_of(account)
    payload = message.get("payload")
    if payload is None:
        return events(message, zone)
    if isinstance(payload.value, str):
        payload = _within(payload)
    return events(payload, zone, _told(message))


def _told(message: Reader) -> datetime | None:
    """When it was sent; a message is worth reading without."""
    try:
        return moment(message["timestamp"], ZoneInfo("UTC"))
    except MalformedUpdate:
        return None


def _within(text: Reader) -> Reader:
    try:
        return Reader(Reader.of(text.text.encode()).value, text.path)
    except MalformedUpdate:
        raise text.wrong("is not JSON") from None


def events(
    answer: Reader, zone: ZoneInfo | None, told: datetime | None = None
) -> list[CarrierEvent]:
    """Every event of one parcel, or of each in a list, and what is expected of it.

    Args:
        answer: `TrackingDetails`, a list of them, or one event with its `trackingNumber`.
        zone: where times without offset are.
        told: when USPS said all this, if it tells.
    """
    parcels = answer if isinstance(answer.value, list) else [answer]
    return [event for parcel in parcels for event in _of_parcel(parcel, zone, told)]


def _of_parcel(
    parcel: Reader, zone: ZoneInfo | None, told: datetime | None
) -> Iterator[CarrierEvent]:
    number = parcel["trackingNumber"].filled
    scans = [parcel] if parcel.get("eventCode") else list(parcel.each("trackingEvents"))
    found = [_event(scan, number, zone) for scan in scans]
    yield from found
    yield from estimate(found, _window(parcel, _clock_of(scans, found) or zone), told)


def _event(scan: Reader, number: str, zone: ZoneInfo | None) -> CarrierEvent:
    code, at, words = scan["eventCode"].filled, _instant(scan, zone), scan.text_at("eventType")
    city, state = scan.text_at("eventCity"), scan.text_at("eventState")
    area = scan.text_at("eventZIP") or scan.text_at("eventZIPCode")
    place = ", ".join(part for part in (city, state) if part)
    status = CODES.get(code, Status.unknown)
    if status is Status.delivered and TO_THE_SENDER in words.lower():
        status = Status.returned
    return CarrierEvent(
        key=f"{number}:{code}:{at.isoformat()}:{area}",
        tracking_number=number,
        status=status,
        at=at,
        code=code,
        description=" · ".join(part for part in (words, place) if part),
        depot=area,
        handover=_handover(words) if status is Status.delivered else None,
        proof=_proof(scan, words) if status is Status.delivered else None,
        raw=scan.object,
    )


def _handover(words: str) -> Handover | None:
    """As in "Delivered, Neighbor as Requested"."""
    return Handover.neighbour if "neighbor" in words.lower() else None


def _proof(scan: Reader, words: str) -> Proof | None:
    """Who signed; and where it was left, which stands after "Delivered, "."""
    signed = scan.text_at("name") or scan.text_at("firm")
    first, _, left = words.partition(",")
    left = left.strip() if first.strip().lower() == "delivered" else ""
    return Proof(signed_by=signed, left_at=left) if signed or left else None


def _instant(scan: Reader, zone: ZoneInfo | None) -> datetime:
    """The moment in UTC where USPS gives it; else its local time, with the offset beside it."""
    universal = scan.get("GMTTimestamp")
    if universal is not None:
        return moment(universal, ZoneInfo("UTC"))
    local, offset = scan["eventTimestamp"], _offset(scan)
    if offset is None:
        return moment(local, zone)
    try:
        # A Z here is no offset: the same time stands in the event's words as a local one.
        when = datetime.fromisoformat(local.filled.removesuffix("Z"))
        return (when if when.tzinfo else when.replace(tzinfo=offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise local.wrong("must be a date and time like 2026-11-23T14:05:00") from None


def _offset(scan: Reader) -> tzinfo | None:
    """USPS writes -7:00 where others write -07:00."""
    given = scan.get("GMTOffset")
    if given is None or not given.text.strip():
        return None
    found = _OFFSET.fullmatch(given.text.strip())
    if found is None:
        raise given.wrong("must be an offset like -7:00")
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
    try:
        return timezone(-ahead if found[1] == "-" else ahead)
    except ValueError:
        raise given.wrong("must be an offset like -7:00") from None


def _clock_of(scans: list[Reader], found: list[CarrierEvent]) -> tzinfo | None:
    """The clock at the door: that of the last scan once it is out for delivery."""
    if not found:
        return None
    last = max(range(len(found)), key=lambda place: found[place].at)
    return _offset(scans[last]) if found[last].status is Status.out_for_delivery else None


def _window(parcel: Reader, clock: tzinfo | None) -> Window | None:
    """The predicted window, where its clock is known: USPS gives hours without an offset."""
    names = ("predictedDeliveryWindowStartTime", "predictedDeliveryWindowEndTime")
    day, hours = parcel.text_at("predictedDeliveryDate"), [parcel.text_at(name) for name in names]
    if clock is None or not day or not all(hours):
        return None
    try:
        date = datetime.fromisoformat(day).date()
        start, end = (datetime.combine(date, _clock(hour), clock).astimezone(UTC) for hour in hours)
    except (ValueError, OverflowError):
        # How these are written is not documented; what cannot be read is no promise.
        return None
    return Window(start, end) if start < end else None


def _clock(words: str) -> time:
    """A time of day, as in 14:15, 14:15:00 or 2:15 pm. Raises ValueError."""
    found = _CLOCK.fullmatch(words.strip())
    if found is None:
        raise ValueError(words)
    hour, half = int(found[1]), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= _NOON:
            raise ValueError(words)
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    return time(hour, int(found[2]))
