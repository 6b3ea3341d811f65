"""WhatsApp, by Meta's Cloud API or by Twilio: each account's option `provider` says which.

`meta` (the default) and `twilio` are folders of their own; their docstrings name the secrets
and options. What is shown to the customer is one: `render.py`.

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
    Cost,
    TemplateNews,
    Update,
    WebhookAnswer,
    WebhookRequest,
    Worded,
)
from bot.channels.http import ANSWER_TIMEOUT, Http
from bot.channels.rates import price
from bot.channels.whatsapp import render
from bot.channels.whatsapp.meta import Meta
from bot.channels.whatsapp.twilio import Twilio
from bot.domain.errors import Permanent
from bot.domain.pace import Pace


class WhatsApp:
    """WhatsApp Business; every account goes through its own provider."""

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
        attachments=render.ATTACHMENTS,
    )

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        http = Http(session, answer_timeout)
        self._providers: dict[str, Meta | Twilio] = {"meta": Meta(http), "twilio": Twilio(http)}

    def _of(self, account: Account) -> Meta | Twilio:
        name = account.options.get("provider") or "meta"
        if name not in self._providers:
            known = ", ".join(self._providers)
            problem = f"provider: {name!r} serves no WhatsApp account; write one of {known}"
            raise Permanent(problem, "account")
        return self._providers[name]

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check the provider's signature, or a challenge's token. Raises BadSignature."""
        self._of(account).verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> list[Update]:
        """Read messages and statuses of this account's number. Raises MalformedUpdate."""
        return self._of(account).parse(account, request)

    def answer(self, account: Account, request: WebhookRequest) -> WebhookAnswer:
        """What the provider expects: a challenge echoed, empty TwiML, or nothing."""
        return self._of(account).answer(account, request)

    def render(self, account: Account, message: Worded) -> list[dict[str, Any]]:
        """Shape a message into texts, a file, reply buttons, a list or a template."""
        return self._of(account).render(message)

    def cost(self, account: Account, to: str, payloads: Sequence[Mapping[str, Any]]) -> Cost:
        """Templates, at the rate of the option `price_template`; other messages are free.

        https://developers.facebook.com/docs/whatsapp/pricing
        """
        by_template = [p for p in payloads if p.get("type") == "template" or "content_sid" in p]
        return price(account, "price_template", to, len(by_template))

    async def send(
        self, account: Account, to: str, payload: Mapping[str, Any], reference: UUID
    ) -> str:
        """Send one payload; returns the provider's id of the message."""
        return await self._of(account).send(account, to, payload, reference)

    async def fetch(self, account: Account, media: str, limit: int) -> bytes:
        """Fetch a file by the provider's reference."""
        return await self._of(account).fetch(account, media, limit)

    async def templates(self, account: Account) -> list[TemplateNews]:
        """Every template of the account."""
        return await self._of(account).templates(account)

    async def create_template(
        self, account: Account, draft: TemplateNews, examples: Sequence[str]
    ) -> TemplateNews:
        """Ask for a template; it may take a day to be approved."""
        return await self._of(account).create_template(account, draft, examples)

    async def close(self) -> None:
        """Nothing is held open: the session belongs to whoever made it."""
