"""SMS by Twilio.

An account's `address` is the number in E.164 that customers write to. Its secrets:
`account_sid`, `auth_token`, and `previous_auth_token` while the token is being rotated. Its
options: `api_base` (default https://api.twilio.com), `callback_url`, the public URL to
which Twilio reports deliveries (our own message id is added to it), `sender_<country>` (see
`senders.py`), and `price` or `price_<country>`, what a segment costs ("0.0740 EUR").
`mms: yes` sends agents' pictures as such, for numbers that can (in few countries they can);
`price_mms` is what one costs.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import aiohttp

from bot.channels.base import (
    Account,
    Capabilities,
    Cost,
    Sender,
    Update,
    WebhookAnswer,
    WebhookRequest,
    Worded,
)
from bot.channels.http import ANSWER_TIMEOUT, Http
from bot.channels.rates import price
from bot.channels.sms import parse, render, senders
from bot.channels.sms.segments import TEXT_LIMIT, segments
from bot.channels.twilio import client, webhooks


class Sms:
    """Twilio's Programmable Messaging."""

    name = "sms"
    capabilities = Capabilities(
        text_limit=TEXT_LIMIT,
        receipts=True,
        verified_phone=True,
        address_is="phone",
        attachments=render.ATTACHMENTS,
        attachments_by="mms",
    )

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self._http = Http(session, answer_timeout)

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `X-Twilio-Signature`. Raises BadSignature."""
        webhooks.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> list[Update]:
        """Read a message or a delivery report. Raises MalformedUpdate."""
        return parse.parse(account, request)

    def answer(self, account: Account, request: WebhookRequest) -> WebhookAnswer:
        """Say in TwiML that there is nothing to reply; replies are sent by the API."""
        return webhooks.NOTHING_TO_SAY

    def render(self, account: Account, message: Worded) -> list[dict[str, Any]]:
        """Shape a message into texts of at most 1600 characters, with numbered choices."""
        return render.render(message)

    def sender(self, account: Account, to: str, *, asks: bool) -> Sender:
        """The account's number, or what its option `sender_<country>` says."""
        return senders.sender(account, to, asks=asks)

    def cost(self, account: Account, to: str, payloads: Sequence[Mapping[str, Any]]) -> Cost:
        """Segments, at the rate of the option `price_<country>` or `price`; an MMS at `price_mms`."""
        if any("media_url" in payload for payload in payloads):
            return price(account, "price_mms", to, len(payloads))
        count = sum(segments(str(payload["body"])).count for payload in payloads)
        return price(account, "price", to, count)

    async def send(
        self, account: Account, to: str, payload: Mapping[str, Any], reference: UUID
    ) -> str:
        """Send one text; returns Twilio's message SID."""
        return await client.send(
            self._http,
            account,
            sender=str(payload.get("sender") or account.address),
            to=to,
            reference=reference,
            **client.words_and_file(payload),
        )

    async def fetch(self, account: Account, media: str, limit: int) -> bytes:
        """Fetch a file that came by MMS."""
        return await client.fetch(self._http, account, media, limit)

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
