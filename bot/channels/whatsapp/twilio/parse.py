"""What comes in by WhatsApp through Twilio.

https://www.twilio.com/docs/messaging/guides/webhook-request, section on WhatsApp.
"""

from collections.abc import Mapping

from bot.channels.base import Inbound, InboundKind, Update, WebhookRequest
from bot.channels.phones import e164
from bot.channels.twilio.webhooks import attached, opt_out, parameters, receipts, required

_PREFIX = "whatsapp:"
# Kinds whose name says more than their file does.
_KINDS = {
    "sticker": InboundKind.sticker,
    "contacts": InboundKind.contact,
    "reaction": InboundKind.reaction,
}
_WORDS = {"text", "button", "interactive"}


def parse(request: WebhookRequest) -> list[Update]:
    """Read a webhook: one message, or one report on a message of ours.

    Raises:
        MalformedUpdate: a field that Twilio always sends is missing or cannot be read.
    """
    params = parameters(request)
    reports = receipts(request, params)
    if reports is not None:
        return [*reports]
    kind, media = _kind(params)
    location = _location(params) if kind is InboundKind.location else None
    if kind is InboundKind.location and location is None:
        kind = InboundKind.unsupported
    return [
        Inbound(
            key=required(params, "MessageSid"),
            sender=_sender(params),
            kind=kind,
            text=params.get("Body", ""),
            choice=params.get("ButtonPayload") or params.get("ListId") or None,
            sender_name=params.get("ProfileName") or None,
            location=location,
            media=media,
            about=params.get("OriginalRepliedMessageSid") or None,
            opt_out=opt_out(params),
            raw=params,
        )
    ]


def _sender(params: Mapping[str, str]) -> str:
    """The number or, where WhatsApp hides it, the business-scoped user id."""
    sender = required(params, "From").removeprefix(_PREFIX)
    return e164(sender) if sender.startswith("+") else sender


def _kind(params: Mapping[str, str]) -> tuple[InboundKind, str | None]:
    said = params.get("MessageType", "").lower()
    if params.get("ButtonPayload") or params.get("ListId"):
        return InboundKind.choice, None
    if "Latitude" in params and "Longitude" in params:
        return InboundKind.location, None
    kind, media = attached(params) or (InboundKind.text, None)
    if said in _KINDS:
        return _KINDS[said], media
    if media is None and said not in _WORDS and not params.get("Body"):
        return InboundKind.unsupported, None
    return kind, media


def _location(params: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        return float(params["Latitude"]), float(params["Longitude"])
    except ValueError:
        return None
