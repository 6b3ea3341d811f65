"""FedEx's results, pushed or asked for."""

import base64
import hashlib
import hmac
from collections.abc import Iterator

from bot.carriers.base import CarrierEvent
from bot.carriers.fedex.map import ATTEMPTS, CODES
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, header, same_as_any, secrets_of
from bot.domain.errors import BadSignature, MalformedUpdate
from bot.domain.shipment import Proof, Status
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


def parse(request: WebhookRequest) -> list[CarrierEvent]:
    """Read pushed results.

    Raises:
        MalformedUpdate: names the field that is wrong.
    """
    return results(Reader.of(request.body))


def results(document: Reader) -> list[CarrierEvent]:
    """Every scan of every parcel in a document."""
    output = document.get("output") or document
    found = [event for whole in output.each("completeTrackResults") for event in _each(whole)]
    return found or list(_each(output))


def _each(whole: Reader) -> Iterator[CarrierEvent]:
    for result in whole.each("trackResults"):
        number = _number(result, whole)
        scans = list(result.each("scanEvents"))
        if not number:
            raise result.wrong("names no trackingNumber")
        for place, scan in enumerate(scans):
            # The newest comes first; only it may speak of what is to come.
            yield _event(result, scan, number, newest=place == 0)


def _number(result: Reader, whole: Reader) -> str:
    info = result.get("trackingNumberInfo")
    return (info.text_at("trackingNumber") if info else "") or whole.text_at("trackingNumber")


def _event(result: Reader, scan: Reader, number: str, *, newest: bool) -> CarrierEvent:
    code, exception = scan["eventType"].filled, scan.text_at("exceptionCode")
    status = CODES.get(code, Status.unknown)
    if code == "DE" and exception in ATTEMPTS:
        status = Status.attempt_failed
    where = scan.get("scanLocation")
    city = where.text_at("city") if where else ""
    said = (scan.text_at("eventDescription"), scan.text_at("exceptionDescription"))
    return CarrierEvent(
        key=f"{number}:{code}:{exception}:{scan['date'].filled}:{city}",
        tracking_number=number,
        status=status,
        at=scan["date"].instant,
        code=f"{code} {exception}".strip(),
        description=" · ".join(dict.fromkeys(part for part in said if part)),
        window=_window(result) if newest and status is not Status.delivered else None,
        depot=scan.text_at("locationId"),
        proof=_proof(result) if status is Status.delivered else None,
        raw=scan.object,
    )


def _window(result: Reader) -> Window | None:
    told = result.get("estimatedDeliveryTimeWindow")
    window = told.get("window") if told else None
    if window is None or not window.text_at("begins") or not window.text_at("ends"):
        return None
    try:
        start, end = window["begins"].instant, window["ends"].instant
    except MalformedUpdate:
        # Some services give a date without a time: that is no window to promise.
        return None
    return Window(start, end) if start < end else None


def _proof(result: Reader) -> Proof | None:
    details = result.get("deliveryDetails")
    if details is None:
        return None
    return Proof(
        signed_by=details.text_at("receivedByName"),
        left_at=details.text_at("locationDescription"),
    )
