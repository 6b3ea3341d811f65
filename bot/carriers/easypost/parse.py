"""EasyPost's trackers, pushed or asked for."""

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.carriers.base import CarrierEvent
from bot.carriers.easypost.map import DETAILS, STATUSES
from bot.carriers.estimates import days, estimate, zone_of
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, header, hex_sha256, same_as_any, secrets_of
from bot.domain.errors import BadSignature
from bot.domain.shipment import Proof, Status
from bot.domain.when import Window

SIGNATURE = "X-Hmac-Signature"
_PREFIX = "hmac-sha256-hex="


def verify(account: Account, request: WebhookRequest) -> None:
    """Check the hexadecimal HMAC-SHA256 of the raw body.

    EasyPost normalises the secret (NFKD) before it signs:
    https://docs.easypost.com/guides/webhooks-guide

    Raises:
        BadSignature: it is missing or not made with this account's secret.
    """
    given = header(request, SIGNATURE)
    keys = [unicodedata.normalize("NFKD", one) for one in secrets_of(account, "webhook_secret")]
    expected = [f"{_PREFIX}{hex_sha256(key, request.body)}" for key in keys]
    if not same_as_any(given, expected):
        raise BadSignature(f"{SIGNATURE} is {'wrong' if given else 'missing'}")


def parse(account: Account, request: WebhookRequest) -> list[CarrierEvent]:
    """Read a webhook.

    Raises:
        MalformedUpdate: names the field that is wrong.
    """
    document = Reader.of(request.body)
    result = document["result"]
    return events(account, result, None) if result.text_at("object") == "Tracker" else []


def events(account: Account, tracker: Reader, told: datetime | None) -> list[CarrierEvent]:
    """Every detail of one tracker, and the day on which it is expected."""
    found = [_event(tracker, detail) for detail in tracker.each("tracking_details")]
    updated = tracker.get("updated_at")
    told = updated.instant if updated else told
    return [*found, *estimate(found, _window(tracker, zone_of(account)), told)]


def _window(tracker: Reader, zone: ZoneInfo | None) -> Window | None:
    """By the date where the parcel goes, if the carrier told that; else by the one in UTC."""
    detail = tracker.get("carrier_detail")
    local = detail.text_at("est_delivery_date_local") if detail else ""
    day = local or tracker.text_at("est_delivery_date")
    return days(day, day, zone)


def _event(tracker: Reader, detail: Reader) -> CarrierEvent:
    number, carrier = tracker["tracking_code"].filled, tracker.text_at("carrier")
    word, more = detail["status"].filled, detail.text_at("status_detail")
    status = DETAILS.get(more, STATUSES.get(word, Status.unknown))
    where = detail.get("tracking_location")
    city = where.text_at("city") if where else ""
    carrier_detail = tracker.get("carrier_detail")
    return CarrierEvent(
        key=f"{number}:{word}:{more}:{detail['datetime'].filled}:{city}",
        tracking_number=number,
        status=status,
        at=detail["datetime"].instant,
        code=" ".join(p for p in (carrier, word, more if more != word else "") if p),
        description=" · ".join(part for part in (detail.text_at("message"), city) if part),
        depot=city,
        service=carrier_detail.text_at("service") if carrier_detail else "",
        proof=_proof(tracker) if status is Status.delivered else None,
        raw=detail.object,
    )


def _proof(tracker: Reader) -> Proof | None:
    signed = tracker.text_at("signed_by")
    return Proof(signed_by=signed) if signed else None
