"""WhatsApp from Twilio: its Messages API, with buttons, lists and templates as Content.

An account's `address` is the sender's number in E.164. Its secrets: `account_sid`,
`auth_token`, and `previous_auth_token` while the token is being rotated. Its options:
`api_base` (default https://api.twilio.com), `content_base` (default https://content.twilio.com)
and `callback_url`, the public URL to which Twilio reports deliveries.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from bot.channels.base import (
    Account,
    TemplateNews,
    Update,
    WebhookAnswer,
    WebhookRequest,
    Worded,
)
from bot.channels.http import Http
from bot.channels.twilio import client, webhooks
from bot.channels.whatsapp.twilio import content, parse, render, templates
from bot.channels.whatsapp.twilio.content import Contents


class Twilio:
    """Twilio's WhatsApp senders."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._contents = Contents(http)

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `X-Twilio-Signature`. Raises BadSignature."""
        webhooks.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> list[Update]:
        """Read a message or a delivery report. Raises MalformedUpdate."""
        return parse.parse(request)

    def answer(self, account: Account, request: WebhookRequest) -> WebhookAnswer:
        """Say in TwiML that there is nothing to reply; replies are sent by the API."""
        return webhooks.NOTHING_TO_SAY

    def render(self, message: Worded) -> list[dict[str, Any]]:
        """Shape a message as for Meta, and say it in Twilio's way."""
        return render.render(message)

    async def send(
        self, account: Account, to: str, payload: Mapping[str, Any], reference: UUID
    ) -> str:
        """Send one payload; returns Twilio's message SID."""
        said: dict[str, Any]
        if "body" in payload or "media_url" in payload:
            said = client.words_and_file(payload)
        else:
            sid = payload.get("content_sid") or await self._contents.sid_of(account, payload)
            said = {"content_sid": sid, "content_variables": content.variables(payload)}
        return await client.send(
            self._http,
            account,
            sender=f"whatsapp:{account.address}",
            to=f"whatsapp:{to}",
            reference=reference,
            **said,
        )

    async def fetch(self, account: Account, media: str, limit: int) -> bytes:
        """Fetch a file by its URL at Twilio."""
        return await client.fetch(self._http, account, media, limit)

    async def templates(self, account: Account) -> list[TemplateNews]:
        """Every Content of the account that has been handed in to WhatsApp, page by page."""
        return await templates.fetch(self._http, account)

    async def create_template(
        self, account: Account, draft: TemplateNews, examples: Sequence[str]
    ) -> TemplateNews:
        """Make the Content, and hand it in; it may take a day to be approved."""
        return await templates.create(self._http, account, draft, examples)
