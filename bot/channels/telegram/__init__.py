"""Telegram by the Bot API.

An account's `address` is the bot's user name. Its secrets: `bot_token` and `secret_token`
(and `previous_secret_token` while it is being rotated), the one given to setWebhook. Its
option: `api_base` (default https://api.telegram.org).

Customers are addressed by their chat id. Bots cannot write first: a person opens the chat
by `https://t.me/<bot>?start=<token>`, which arrives as an Inbound with a `start_token`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import aiohttp

from bot.channels.base import (
    Account,
    Capabilities,
    Inbound,
    Update,
    WebhookAnswer,
    WebhookRequest,
    Worded,
)
from bot.channels.http import ANSWER_TIMEOUT, Http
from bot.channels.telegram import parse, render
from bot.channels.telegram.client import Bots
from bot.domain.pace import Pace


class Telegram:
    """Telegram's Bot API, which reports no deliveries."""

    name = "telegram"
    capabilities = Capabilities(
        text_limit=render.TEXT_LIMIT,
        buttons=render.BUTTONS,
        button_title_limit=render.BUTTON_TITLE_LIMIT,
        interactive_text_limit=render.TEXT_LIMIT,
        needs_opening=True,
        attachments=render.ATTACHMENTS,
        pace=Pace.per_second(30),
        recipient_pace=Pace(timedelta(seconds=1), burst=3),
    )

    def __init__(
        self, session: aiohttp.ClientSession, answer_timeout: float = ANSWER_TIMEOUT
    ) -> None:
        self._bots = Bots(Http(session, answer_timeout))

    def verify(self, account: Account, request: WebhookRequest) -> None:
        """Check `X-Telegram-Bot-Api-Secret-Token`. Raises BadSignature."""
        parse.verify(account, request)

    def parse(self, account: Account, request: WebhookRequest) -> list[Update]:
        """Read one update. Raises MalformedUpdate."""
        return parse.parse(request)

    def answer(self, account: Account, request: WebhookRequest) -> WebhookAnswer:
        """Say nothing: any 200 will do."""
        return WebhookAnswer()

    def render(self, account: Account, message: Worded) -> list[dict[str, Any]]:
        """Shape a message into texts, the last one with an inline keyboard, or a file."""
        return render.render(message)

    async def send(
        self, account: Account, to: str, payload: Mapping[str, Any], reference: UUID
    ) -> str:
        """Send one payload; returns `<chat id>:<message id>`."""
        return await self._bots.send(account, to, payload)

    async def fetch(self, account: Account, media: str, limit: int) -> bytes:
        """Fetch a file by its id."""
        return await self._bots.fetch(account, media, limit)

    async def acknowledge(self, account: Account, inbound: Inbound) -> None:
        """Stop the tapped button's spinner, and let its message show what was chosen."""
        query = cast("dict[str, Any] | None", inbound.raw.get("callback_query"))
        if query is None:
            return
        await self._bots.acknowledge(account, str(query["id"]))
        asked = cast("dict[str, Any]", query.get("message") or {})
        if asked.get("text") and asked.get("reply_markup") and inbound.text:
            chat, message = int(asked["chat"]["id"]), int(asked["message_id"])
            text = str(asked["text"])
            await self._bots.mark_chosen(account, chat, message, text, inbound.text)

    async def close(self) -> None:
        """Forget the bots; the session belongs to whoever made it."""
        self._bots.clear()
