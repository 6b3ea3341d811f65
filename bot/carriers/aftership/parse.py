"""AfterShip's trackings, pushed or asked for."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.carriers.aftership.map import SUBTAGS, TAGS
from bot.carriers.base import CarrierEvent
from bot.carriers.estimates import days, estimate, zone_of
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, header, same_as_any, secrets_of
from bot.domain.errors import BadSignature
from bot.domain.places import Place, on_earth
from bot.domain.shipment import Proof, Status
from bot.domain.when import Window

SIGNATURE = "aftership-hmac-sha256"


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
    """Read a webhook; it holds the whole history each time.

    Raises:
        MalformedUpdate: names the field that is wrong.
    """
    document = Reader.of(request.body)
    sent = document.get("ts")
    return events(account, document["msg"], sent.unix_time if sent else None)


def events(account: Account, tracking: Reader, told: datetime | None) -> list[CarrierEvent]:
    """Every checkpoint of one tracking, and what is expected of it as `told` then."""
    found = [_event(tracking, checkpoint) for checkpoint in tracking.each("checkpoints")]
    return [*found, *estimate(found, _window(tracking, zone_of(account)), told)]


def _window(tracking: Reader, zone: ZoneInfo | None) -> Window | None:
    """The latest estimate: two ends where it is a range, else a day."""
    latest = tracking.get("latest_estimated_delivery")
    if latest is None:
        return None
    single = latest.text_at("datetime")
    ends = [latest.text_at(name) or single for name in ("datetime_min", "datetime_max")]
    return days(ends[0], ends[1], zone)


def _event(tracking: Reader, checkpoint: Reader) -> CarrierEvent:
    number, slug = tracking["tracking_number"].filled, tracking.text_at("slug")
    tag, subtag = checkpoint["tag"].filled, checkpoint.text_at("subtag")
    status = SUBTAGS.get(subtag, TAGS.get(tag, Status.unknown))
    at = _instant(checkpoint["checkpoint_time"])
    said = (checkpoint.text_at("message"), checkpoint.text_at("location"))
    return CarrierEvent(
        key=f"{number}:{subtag or tag}:{at.isoformat()}:{checkpoint.text_at('location')}",
        tracking_number=number,
        status=status,
        at=at,
        code=" ".join(part for part in (slug, subtag or tag) if part),
        description=" · ".join(part for part in said if part),
        depot=checkpoint.text_at("city"),
        at_place=_place(checkpoint.get("coordinates")),
        proof=_proof(tracking) if status is Status.delivered else None,
        raw=checkpoint.object,
    )


def _instant(told: Reader) -> datetime:
    """A checkpoint's time; one without an offset is in UTC, for want of better."""
    try:
        moment = datetime.fromisoformat(told.filled)
        whole = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return whole.astimezone(UTC)
    except (ValueError, OverflowError):
        raise told.wrong("must be a date and time like 2026-11-23T14:05:00Z") from None


def _place(coordinates: Reader | None) -> Place | None:
    """AfterShip says longitude first."""
    if coordinates is None:
        return None
    pair = [part.number for part in coordinates]
    if len(pair) != 2:
        return None
    place = pair[1], pair[0]
    return place if on_earth(place) else None


def _proof(tracking: Reader) -> Proof | None:
    signed = tracking.text_at("signed_by")
    return Proof(signed_by=signed) if signed else None
