"""Sending by python-telegram-bot's Bot, over the house's HTTP session."""

import re
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast, override

from telegram import Bot, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.channels.base import Account
from bot.channels.http import Http, Reply, raise_for_busy
from bot.channels.reading import credential
from bot.domain.errors import (
    DoorstepError,
    Limited,
    OutcomeUnknown,
    Permanent,
    Temporary,
    Unreachable,
)

API_BASE = "https://api.telegram.org"


_GONE = re.compile("blocked|kicked|deactivated")


class _Transport(BaseRequest):
    """The library's transport, led to the house's session and errors.

    Its own would write every URL, and with it the bot's token, to the log.
    """

    def __init__(self, http: Http) -> None:
        self._http = http

    @property
    @override
    def read_timeout(self) -> float | None:
        return self._http.answer_timeout

    @override
    async def initialize(self) -> None:
        pass

    @override
    async def shutdown(self) -> None:
        pass

    @override
    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        form = request_data.json_parameters if request_data else {}
        reply = await self._http.post(url, data=form)
        _raise_for_flood(reply)
        raise_for_busy(reply, f"telegram: {reply.document.get('description') or reply.status}")
        return reply.status, reply.body


def _raise_for_flood(reply: Reply) -> None:
    """Raise Limited with the wait that the body names, in seconds."""
    found = reply.document.get("parameters")
    parameters = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    wait = parameters.get("retry_after")
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS and isinstance(wait, int):
        raise Limited("telegram: flood control", timedelta(seconds=min(max(wait, 1), 86_400)))


class Bots:
    """One Bot per token, made when it is first needed."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._bots: dict[tuple[str, str], Bot] = {}

    async def send(self, account: Account, to: str, payload: Mapping[str, Any]) -> str:
        """Send one payload; returns `<chat id>:<message id>`."""
        bot = self._bot(account)
        try:
            message = await _sent(bot, to, payload)
        except TelegramError as error:
            raise _translated(error) from error
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise OutcomeUnknown(f"telegram's answer cannot be read: {error}") from error
        return f"{to}:{message.message_id}"

    async def acknowledge(self, account: Account, query: str) -> None:
        """Answer a callback query; one that has grown too old needs none."""
        try:
            await self._bot(account).answer_callback_query(query)
        except BadRequest:
            return
        except TelegramError as error:
            raise _translated(error) from error

    async def mark_chosen(
        self, account: Account, chat: int, message: int, text: str, title: str
    ) -> None:
        """Take the buttons off a message and show under it which of them was tapped."""
        try:
            await self._bot(account).edit_message_text(
                f"{text}\n\n✓ {title}", chat_id=chat, message_id=message
            )
        except BadRequest:
            # Too old to be edited, or edited already.
            return
        except TelegramError as error:
            raise _translated(error) from error

    async def fetch(self, account: Account, media: str, limit: int) -> bytes:
        """Ask where a file is, and fetch it there; Telegram gives out at most 20 MB."""
        try:
            found = await self._bot(account).get_file(media)
        except TelegramError as error:
            failed = _translated(error)
            raise failed if isinstance(failed, Temporary) else Permanent(str(failed)) from error
        base = (account.options.get("api_base") or API_BASE).rstrip("/")
        # The library makes a whole address of the path, at its own idea of where the files are.
        path = (found.file_path or "").rpartition("/file/bot")[2].partition("/")[2]
        token = credential(account, "bot_token")
        return await self._http.download(f"{base}/file/bot{token}/{path}", limit)

    def clear(self) -> None:
        """Forget every bot."""
        self._bots.clear()

    def _bot(self, account: Account) -> Bot:
        base = (account.options.get("api_base") or API_BASE).rstrip("/")
        token = credential(account, "bot_token")
        if (base, token) not in self._bots:
            transport = _Transport(self._http)
            self._bots[base, token] = Bot(
                token, base_url=f"{base}/bot", request=transport, get_updates_request=transport
            )
        return self._bots[base, token]


async def _sent(bot: Bot, to: str, payload: Mapping[str, Any]) -> Message:
    caption = payload.get("caption")
    if "photo" in payload:
        return await bot.send_photo(to, str(payload["photo"]), caption=caption)
    if "document" in payload:
        return await bot.send_document(to, str(payload["document"]), caption=caption)
    keyboard = payload.get("reply_markup")
    markup = InlineKeyboardMarkup.de_json(keyboard, bot) if keyboard else None
    return await bot.send_message(chat_id=to, text=str(payload["text"]), reply_markup=markup)


def _translated(error: TelegramError) -> DoorstepError:
    """Return the house's error for the library's."""
    cause = error.__cause__
    if isinstance(cause, DoorstepError):
        return cause
    if error.message == "Invalid server response":
        return OutcomeUnknown(f"telegram's answer cannot be read: {error.message}")
    # Blocked, or the account is gone: https://core.telegram.org/bots/api#making-requests
    gone = isinstance(error, Forbidden) and _GONE.search(error.message)
    kind = Unreachable if gone else Permanent
    return kind(f"telegram: {error.message}", type(error).__name__)
