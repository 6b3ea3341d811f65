"""Samsara's webhooks, verified and read.

https://developers.samsara.com/docs/webhooks
"""

import base64
import binascii
import hashlib
import hmac

from bot.carriers.base import VehiclePosition
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, header, same_as_any, secrets_of
from bot.domain.errors import BadSignature
from bot.domain.places import Place, on_earth

SIGNATURE, TIMESTAMP = "X-Samsara-Signature", "X-Samsara-Timestamp"


def verify(account: Account, request: WebhookRequest) -> None:
    """Check `v1=<hex>` over `v1:{timestamp}:{body}`.

    A repeated message has no second effect, so its age is not judged.

    Raises:
        BadSignature: it is missing or not made with this account's secret.
    """
    given, stamp = header(request, SIGNATURE), header(request, TIMESTAMP)
    signed = b"v1:" + stamp.encode() + b":" + request.body
    keys = [_key(secret) for secret in secrets_of(account, "webhook_secret")]
    expected = [f"v1={hmac.new(key, signed, hashlib.sha256).hexdigest()}" for key in keys if key]
    if not same_as_any(given, expected):
        raise BadSignature(f"{SIGNATURE} is {'wrong' if given else 'missing'}")


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret, validate=True)
    except (binascii.Error, ValueError):
        return b""


def parse(request: WebhookRequest) -> list[VehiclePosition]:
    """Read an event, whose vehicle may say where it is.

    Raises:
        MalformedUpdate: names the field that is wrong.
    """
    event = Reader.of(request.body)
    data = event.get("data")
    vehicle = data.get("vehicle") if data else None
    if data is None or vehicle is None:
        return []
    where = data.get("gps") or vehicle.get("gps") or data.get("location") or data
    place = place_in(where)
    if place is None:
        return []
    time = where.get("time") or event.get("eventTime") or event["happenedAtTime"]
    return [VehiclePosition(vehicle["id"].filled, time.instant, place)]


def place_in(where: Reader) -> Place | None:
    """Latitude and longitude, if both are there and on earth."""
    latitude, longitude = where.get("latitude"), where.get("longitude")
    if latitude is None or longitude is None:
        return None
    place = latitude.number, longitude.number
    return place if on_earth(place) else None
