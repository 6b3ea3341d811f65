"""Delhivery's pushes and tracking answers."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.carriers.base import CarrierEvent
from bot.carriers.delhivery.map import ATTEMPTS, STATUSES
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, header, same_as_any, secrets_of
from bot.domain.errors import BadSignature
from bot.domain.shipment import Status

HEADER = "X-Delhivery-Token"
_INDIA = ZoneInfo("Asia/Kolkata")


def verify(account: Account, request: WebhookRequest) -> None:
    """Check the agreed header.

    Raises:
        BadSignature: it is missing or not this account's.
    """
    name = account.options.get("webhook_header") or HEADER
    given = header(request, name)
    if not given or not same_as_any(given, secrets_of(account, "webhook_token")):
        raise BadSignature(f"{name} is {'wrong' if given else 'missing'}")


def parse(request: WebhookRequest) -> list[CarrierEvent]:
    """Read `{"Shipment": {"AWB", "Status": {...}}}`.

    Raises:
        MalformedUpdate: names the field that is wrong.
    """
    shipment = Reader.of(request.body)["Shipment"]
    status = shipment["Status"]
    return [
        event_of(
            shipment["AWB"].filled,
            (status["StatusType"].filled, status["Status"].filled),
            status["StatusDateTime"],
            shipment.text_at("NSLCode"),
            status,
        )
    ]


def event_of(
    number: str, said: tuple[str, str], at: Reader, nsl: str, status: Reader
) -> CarrierEvent:
    """One scan; `said` is its status type and its word."""
    kind, word = said
    found = STATUSES.get((kind.upper(), word.lower()), Status.unknown)
    if nsl in ATTEMPTS and found is Status.in_transit:
        found = Status.attempt_failed
    where = status.text_at("StatusLocation") or status.text_at("ScannedLocation")
    moment = indian(at)
    return CarrierEvent(
        key=f"{number}:{kind}:{word}:{nsl}:{moment.isoformat()}",
        tracking_number=number,
        status=found,
        at=moment,
        code=" ".join(part for part in (kind, word, nsl) if part),
        description=" · ".join(part for part in (status.text_at("Instructions"), where) if part),
        depot=where,
        raw=status.object,
    )


def indian(at: Reader) -> datetime:
    """A time as Delhivery writes it, without an offset."""
    try:
        moment = datetime.fromisoformat(at.filled)
        local = moment if moment.tzinfo else moment.replace(tzinfo=_INDIA)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise at.wrong("must be a date and time like 2026-11-23T14:05:00") from None
