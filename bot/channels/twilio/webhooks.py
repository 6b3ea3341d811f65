"""Twilio's webhooks, verified and read as far as they are the same for every channel.

https://www.twilio.com/docs/usage/security and
https://www.twilio.com/docs/messaging/guides/webhook-request
"""

import logging
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import UUID

from multidict import MultiDict
from twilio.request_validator import RequestValidator

from bot.channels.base import (
    Account,
    DeliveryStatus,
    InboundKind,
    Receipt,
    WebhookAnswer,
    WebhookRequest,
)
from bot.channels.reading import Reader, header, secrets_of, storable
from bot.channels.twilio.errors import GONE, OPTED_OUT, WINDOW_CLOSED, in_words
from bot.domain.consent import EVERY_PURPOSE
from bot.domain.errors import BadSignature, MalformedUpdate

_log = logging.getLogger(__name__)

NOTHING_TO_SAY = WebhookAnswer(body="<Response/>", content_type="text/xml")
"""TwiML for: replies are sent by the API."""

_STATUSES = {
    "accepted": DeliveryStatus.queued,
    "scheduled": DeliveryStatus.queued,
    "queued": DeliveryStatus.queued,
    "sending": DeliveryStatus.queued,
    "sent": DeliveryStatus.sent,
    "partially_delivered": DeliveryStatus.sent,
    "delivered": DeliveryStatus.delivered,
    "read": DeliveryStatus.read,
    "undelivered": DeliveryStatus.failed,
    "failed": DeliveryStatus.failed,
    "canceled": DeliveryStatus.failed,
}
_MEDIA = {"image": InboundKind.image, "audio": InboundKind.voice, "video": InboundKind.video}
_CARDS = {"text/vcard", "text/x-vcard", "text/directory"}


def verify(account: Account, request: WebhookRequest) -> None:
    """Check that Twilio signed the URL and the body.

    Raises:
        BadSignature: it did not, with any of the account's tokens.
    """
    given = header(request, "X-Twilio-Signature")
    params = _signed(request)
    tokens = secrets_of(account, "auth_token")
    # All of them are tried, so that the time taken does not tell which one it was.
    matches = [_matches(token, request.url, params, given) for token in tokens]
    if not any(matches):
        raise BadSignature(f"X-Twilio-Signature is {'wrong' if given else 'missing'}")


def _signed(request: WebhookRequest) -> MultiDict[str] | str:
    """Return what the signature covers besides the URL: a form, or a body by its digest."""
    if not _is_json(request):
        return _form(request)
    if not parse_qs(urlsplit(request.url).query).get("bodySHA256"):
        raise BadSignature("a JSON body needs its bodySHA256 in the signed URL")
    return request.body.decode(errors="replace")


def _matches(token: str, url: str, params: MultiDict[str] | str, given: str) -> bool:
    validator: Any = RequestValidator(token)
    return bool(validator.validate(url, params, given))


def parameters(request: WebhookRequest) -> dict[str, str]:
    """The parameters of a webhook, by Twilio's names. Raises MalformedUpdate."""
    if not _is_json(request):
        return {storable(key): storable(value) for key, value in _form(request).items()}
    document = Reader.of(request.body)
    return {key: document.text_at(key) for key in document.object}


def required(params: Mapping[str, str], name: str) -> str:
    """A parameter that Twilio always sends. Raises MalformedUpdate."""
    value = params.get(name, "").strip()
    if not value:
        raise MalformedUpdate(f"{name}: is missing")
    return value


def attached(params: Mapping[str, str]) -> tuple[InboundKind, str | None] | None:
    """The first file of a message: its kind, and the URL to fetch it from.

    A message whose file is not told is one all the same: Twilio repeats no webhook.
    """
    count, url = params.get("NumMedia") or "0", params.get("MediaUrl0", "").strip()
    if not count.strip("0"):
        return None
    if not url:
        _log.warning("twilio message with NumMedia %r and no MediaUrl0", count)
        return None if params.get("Body") else (InboundKind.unsupported, None)
    content_type = params.get("MediaContentType0", "").partition(";")[0].strip().lower()
    general = _MEDIA.get(content_type.partition("/")[0], InboundKind.document)
    kind = InboundKind.contact if content_type in _CARDS else general
    return kind, url


def opt_out(params: Mapping[str, str]) -> Literal["stop", "start", "help"] | None:
    """What Twilio took a message for, by its own words or the merchant's; it has replied itself.

    https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
    """
    match params.get("OptOutType", "").lower():
        case "stop" | "start" | "help" as said:
            return said
        case _:
            return None


def receipts(request: WebhookRequest, params: Mapping[str, str]) -> list[Receipt] | None:
    """The report on a message of ours; None when the webhook is no report."""
    if "MessageStatus" not in params:
        return None
    sid, word = required(params, "MessageSid"), params["MessageStatus"]
    status = _STATUSES.get(word)
    if status is None:
        _log.warning("twilio reports a status we do not know: %r", word)
        return []
    code = params.get("ErrorCode") or ""
    failed = status is DeliveryStatus.failed
    return [
        Receipt(
            key=f"{sid}:{word}",
            status=status,
            reference=_reference(request.query.get("message")),
            provider_id=sid,
            reason=in_words(code, params.get("ErrorMessage") or word) if failed else None,
            gone=failed and code in GONE,
            window_closed=failed and code == WINDOW_CLOSED,
            opted_out=EVERY_PURPOSE if failed and code == OPTED_OUT else None,
        )
    ]


def _reference(text: str | None) -> UUID | None:
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise MalformedUpdate("message: must be the id of a message of ours") from None


def _is_json(request: WebhookRequest) -> bool:
    return header(request, "Content-Type").partition(";")[0].strip().lower() == "application/json"


def _form(request: WebhookRequest) -> MultiDict[str]:
    body = request.body.decode(errors="replace")
    try:
        return MultiDict(parse_qsl(body, keep_blank_values=True, max_num_fields=1000))
    except ValueError as error:
        raise MalformedUpdate(f"the body is not a form: {error}") from None
