"""What comes in by SMS."""

from bot.channels.base import Account, Inbound, InboundKind, Update, WebhookRequest
from bot.channels.phones import e164, region_of
from bot.channels.twilio.webhooks import attached, opt_out, parameters, receipts, required


def parse(account: Account, request: WebhookRequest) -> list[Update]:
    """Read a webhook: one message, or one report on a message of ours.

    Raises:
        MalformedUpdate: a field that Twilio always sends is missing or cannot be read.
    """
    params = parameters(request)
    reports = receipts(request, params)
    if reports is not None:
        return [*reports]
    kind, media = attached(params) or (InboundKind.text, None)
    return [
        Inbound(
            key=required(params, "MessageSid"),
            sender=e164(
                required(params, "From"), params.get("FromCountry") or region_of(account.address)
            ),
            kind=kind,
            text=params.get("Body", ""),
            media=media,
            opt_out=opt_out(params),
            raw=params,
        )
    ]
