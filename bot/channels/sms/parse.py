"""Twilio's webhooks, verified and read.

https://www.twilio.com/docs/usage/security and
https://www.twilio.com/docs/messaging/guides/webhook-request
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import UUID

from multidict import MultiDict
from twilio.request_validator import RequestValidator

from bot.channels.base import (
    Account,
    DeliveryStatus,
    Inbound,
    InboundKind,
    Receipt,
    Update,
    WebhookRequest,
)
from bot.channels.phones import e164, region_of
from bot.channels.reading import Reader, header, secrets_of, storable
from bot.channels.sms.errors import in_words
from bot.domain.errors import BadSignature, MalformedUpdate

_log = logging.getLogger(__name__)

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


def parse(account: Account, request: WebhookRequest) -> list[Update]:
    """Read a webhook: one message, or one report on a message of ours.

    Raises:
        MalformedUpdate: a field that Twilio always sends is missing or cannot be read.
    """
    params = _params(request)
    if "MessageStatus" in params:
        return _receipt(request, params)
    return [_inbound(account, params)]


def _inbound(account: Account, params: Mapping[str, str]) -> Inbound:
    count = params.get("NumMedia") or "0"
    if not count.isdecimal():
        raise MalformedUpdate("NumMedia: must be a number")
    kind, media = InboundKind.text, None
    if int(count):
        media = _required(params, "MediaUrl0")
        kind = _kind(params.get("MediaContentType0", ""))
    sender = _required(params, "From")
    return Inbound(
        key=_required(params, "MessageSid"),
        sender=e164(sender, params.get("FromCountry") or region_of(account.address)),
        kind=kind,
        text=params.get("Body", ""),
        media=media,
        # https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out: it has replied itself.
        settled=bool(params.get("OptOutType")),
        raw=params,
    )


def _kind(content_type: str) -> InboundKind:
    if content_type.partition(";")[0].strip().lower() in _CARDS:
        return InboundKind.contact
    return _MEDIA.get(content_type.partition("/")[0].lower(), InboundKind.document)


def _receipt(request: WebhookRequest, params: Mapping[str, str]) -> list[Update]:
    sid, word = _required(params, "MessageSid"), params["MessageStatus"]
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
        )
    ]


def _reference(text: str | None) -> UUID | None:
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise MalformedUpdate("message: must be the id of a message of ours") from None


def _required(params: Mapping[str, str], name: str) -> str:
    value = params.get(name, "").strip()
    if not value:
        raise MalformedUpdate(f"{name}: is missing")
    return value


def _is_json(request: WebhookRequest) -> bool:
    return header(request, "Content-Type").partition(";")[0].strip().lower() == "application/json"


def _form(request: WebhookRequest) -> MultiDict[str]:
    body = request.body.decode(errors="replace")
    try:
        return MultiDict(parse_qsl(body, keep_blank_values=True, max_num_fields=1000))
    except ValueError as error:
        raise MalformedUpdate(f"the body is not a form: {error}") from None


def _params(request: WebhookRequest) -> dict[str, str]:
    if not _is_json(request):
        return {storable(key): storable(value) for key, value in _form(request).items()}
    document = Reader.of(request.body)
    return {key: document.text_at(key) for key in document.object}
