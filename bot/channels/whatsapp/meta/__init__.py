"""WhatsApp from Meta itself: the Cloud API, v23.0.

An account's secrets: `access_token`, `app_secret` (and `previous_app_secret` while it is
being rotated) and `verify_token`. Its options: `phone_number_id` (default: the account's
`address`), `business_account_id` for its templates, and `api_base` (default
https://graph.facebook.com).
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
from bot.channels.whatsapp import render
from bot.channels.whatsapp.meta import client, parse, templates


class Meta:
    """Meta's WhatsApp Cloud API."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `X-Hub-Signature-256`, or a challenge's token. Raises BadSignature."""
        parse.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> list[Update]:
        """Read messages and statuses of this account's number. Raises MalformedUpdate."""
        return parse.parse(account, request)

    def answer(self, account: Account, request: WebhookRequest) -> WebhookAnswer:
        """Echo the challenge of a GET whose token is ours; otherwise say nothing."""
        return WebhookAnswer(body=parse.challenge(account, request))

    def render(self, message: Worded) -> list[dict[str, Any]]:
        """The house's render model is the Cloud API's."""
        return render.render(message)

    async def send(
        self, account: Account, to: str, payload: Mapping[str, Any], reference: UUID
    ) -> str:
        """Send one payload; returns the message's wamid."""
        return await client.send(self._http, account, to, payload, reference)

    async def fetch(self, account: Account, media: str, limit: int) -> bytes:
        """Fetch a file by its media id."""
        return await client.fetch(self._http, account, media, limit)

    async def templates(self, account: Account) -> list[TemplateNews]:
        """Every template of the account's business, page by page."""
        return await templates.fetch(self._http, account, client.base_of(account))

    async def create_template(
        self, account: Account, draft: TemplateNews, examples: Sequence[str]
    ) -> TemplateNews:
        """Ask Meta for a template; it may take a day to be approved."""
        return await templates.create(
            self._http, account, client.base_of(account), draft=draft, examples=examples
        )
