"""The generic carrier's webhooks, verified and read. The format is of this house."""

from bot.carriers.base import CarrierEvent
from bot.channels.base import Account, WebhookRequest
from bot.channels.reading import Reader, check_body_signature
from bot.domain.shipment import Status
from bot.domain.when import Window

SIGNATURE = "X-Doorstep-Signature"


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
        raw=event.object,
    )


def _window(window: Reader | None) -> Window | None:
    if window is None:
        return None
    start, end = window["from"].instant, window["to"].instant
    if end <= start:
        raise window.wrong("must end after it starts")
    return Window(start, end)
