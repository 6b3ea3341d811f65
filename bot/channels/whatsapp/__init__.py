"""WhatsApp by Meta's Cloud API.

An account's secrets: `access_token`, `app_secret` (and `previous_app_secret` while it is
being rotated) and `verify_token`. Its options: `phone_number_id` (default: the account's
`address`) and `api_base` (default https://graph.facebook.com).

Customers are addressed by their number in E.164 or, when WhatsApp hides it, by their
business-scoped user id (BSUID, "GB.13491208655302741918"): only an address that starts with
"+" is a verified phone.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp

from bot.channels.base import (
    Account,
    Capabilities,
    TemplateNews,
    Update,
    WebhookAnswer,
    WebhookRequest,
    Worded,
)
from bot.channels.http import ANSWER_TIMEOUT, Http
from bot.channels.whatsapp import client, parse, render, templates
from bot.domain.pace import Pace


class WhatsApp:
    """Meta's WhatsApp Cloud API, v23.0."""

    name = "whatsapp"
    capabilities = Capabilities(
        text_limit=render.TEXT_LIMIT,
        buttons=render.BUTTONS,
        button_title_limit=render.BUTTON_TITLE_LIMIT,
        list_rows=render.ROWS,
        list_title_limit=render.ROW_TITLE_LIMIT,
        interactive_text_limit=render.BODY_LIMIT,
        receipts=True,
        free_text_for=timedelta(hours=24),
        pace=Pace.per_second(80),
        # A burst of 45 is let through, and then has to be made up for.
        recipient_pace=Pace(timedelta(seconds=6), burst=45),
        verified_phone=True,
        address_is="phone",
    )

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self._http = Http(session, answer_timeout)

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `X-Hub-Signature-256`, or a challenge's token. Raises BadSignature."""
        parse.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> list[Update]:
        """Read messages and statuses of this account's number. Raises MalformedUpdate."""
        return parse.parse(account, request)

    def answer(self, account: Account, request: WebhookRequest) -> WebhookAnswer:
        """Echo the challenge of a GET whose token is ours; otherwise say nothing."""
        return WebhookAnswer(body=parse.challenge(account, request))

    def render(self, account: Account, message: Worded) -> list[dict[str, Any]]:
        """Shape a message into texts, reply buttons or a list."""
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

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
