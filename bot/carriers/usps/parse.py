"""USPS's tracking answers, pushed or asked for."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from bot.carriers.base import CarrierEvent
from bot.carriers.usps.map import CODES
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, header, same_as_any, secrets_of
from bot.domain.errors import BadSignature, MalformedUpdate
from bot.domain.shipment import Status

SIGNATURE = "X-HMAC"


def verify(account: Account, request: WebhookRequest) -> None:
    """Check the HMAC-SHA256 of the raw body, in hexadecimal or base64.

    Raises:
        BadSignature: it is missing or not made with this account's secret.
    """
    given = header(request, SIGNATURE)
    digests = [
        hmac.new(secret.encode(), request.body, hashlib.sha256).digest()
        for secret in secrets_of(account, "webhook_secret")
    ]
    spelled = [base64.b64encode(digest).decode() for digest in digests]
    if not same_as_any(given, [*(digest.hex() for digest in digests), *spelled]):
        raise BadSignature(f"{SIGNATURE} is {'wrong' if given else 'missing'}")


def parse(request: WebhookRequest) -> list[CarrierEvent]:
    """Read a pushed message, whose tracking answer is its `payload`.

    Raises:
        MalformedUpdate: names the field that is wrong.
    """
    document = Reader.of(request.body)
    return events(document.get("payload") or document)


def events(answer: Reader) -> list[CarrierEvent]:
    """Every event of one parcel."""
    number = answer["trackingNumber"].filled
    return [_event(event, number) for event in answer.each("trackingEvents")]


def _event(event: Reader, number: str) -> CarrierEvent:
    code, at = event["eventCode"].filled, _instant(event)
    place = ", ".join(
        part for part in (event.text_at("eventCity"), event.text_at("eventState")) if part
    )
    return CarrierEvent(
        key=f"{number}:{code}:{at.isoformat()}:{event.text_at('eventZIP')}",
        tracking_number=number,
        status=CODES.get(code, Status.unknown),
        at=at,
        code=code,
        description=" · ".join(part for part in (event.text_at("eventType"), place) if part),
        depot=event.text_at("eventZIP"),
        raw=event.object,
    )


def _instant(event: Reader) -> datetime:
    """The moment in UTC where USPS gives it; its local time has no offset."""
    universal = event.get("GMTTimestamp")
    if universal is not None:
        try:
            moment = datetime.fromisoformat(universal.filled)
        except ValueError:
            raise universal.wrong("must be a date and time like 2026-11-23T14:05:00Z") from None
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    local, offset = event["eventTimestamp"], event.text_at("GMTOffset")
    try:
        return datetime.fromisoformat(f"{local.filled.removesuffix('Z')}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedUpdate(f"{local.path}: must be a date and time, with GMTOffset") from None
