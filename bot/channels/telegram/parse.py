"""Telegram's webhooks, verified and read.

https://core.telegram.org/bots/api#update
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

from telegram import CallbackQuery, Message, User
from telegram import Update as TelegramUpdate
from telegram.constants import ChatType

from bot.channels.base import Account, Amendment, Inbound, InboundKind, Update, WebhookRequest
from bot.channels.reading import Reader, header, same_as_any, secrets_of
from bot.domain.errors import BadSignature, MalformedUpdate

_log = logging.getLogger(__name__)

_UNREADABLE = (
    AttributeError,
    LookupError,
    MalformedUpdate,
    OSError,
    OverflowError,
    TypeError,
    ValueError,
)
"""What the library raises over fields of another type than they should have, and what we do."""
_START = re.compile(r"/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*")


def verify(account: Account, request: WebhookRequest) -> None:
    """Check the secret token that was given to setWebhook.

    Raises:
        BadSignature: it is missing or wrong.
    """
    name = "X-Telegram-Bot-Api-Secret-Token"
    given = header(request, name)
    if not same_as_any(given, secrets_of(account, "secret_token")):
        raise BadSignature(f"{name} is {'wrong' if given else 'missing'}")


def parse(request: WebhookRequest) -> list[Update]:
    """Read an update; those that say nothing new (an edit, a poll, a membership) are nothing.

    Raises:
        MalformedUpdate: not an update of the Bot API.
    """
    document = Reader.of(request.body)
    key = _identifier(document["update_id"].value, "update_id")
    try:
        inbound = _read(TelegramUpdate.de_json(document.object), key, document.object)
    except _UNREADABLE as error:
        inbound = _bare(document, key, error)
    return [inbound] if inbound else []


def _bare(document: Reader, key: str, error: Exception) -> Inbound:
    """A message that says who sent it is one, whatever else is in it: Telegram would repeat it."""
    message = document.get("message")
    chat = message.get("chat") if message is not None else None
    if chat is None or "id" not in chat.object:
        raise MalformedUpdate(f"not an update of the Bot API: {error}") from error
    _log.warning("telegram update %s cannot be read: %s", key, error)
    return Inbound(
        key=key,
        sender=_identifier(chat["id"].value, "chat.id"),
        kind=InboundKind.unsupported,
        chat_is_private=chat.object.get("type") == ChatType.PRIVATE,
        raw=document.object,
    )


def _read(update: TelegramUpdate, key: str, raw: Mapping[str, Any]) -> Inbound | Amendment | None:
    if update.callback_query:
        return _tapped(update.callback_query, key, raw)
    if update.message:
        return _said(update.message, key, raw)
    if update.edited_message:
        return _edited(update.edited_message)
    _log.info("telegram update %s says nothing new; not used", key)
    return None


def _said(message: Message, key: str, raw: Mapping[str, Any]) -> Inbound:
    text = _words(message.text, "text") or _words(message.caption, "caption")
    start = _START.fullmatch(text)
    kind, media = _attachment(message)
    location = message.location
    if location:
        kind = InboundKind.location
    if start:
        kind = InboundKind.opened
    if message.contact and not text:
        text = _words(message.contact.phone_number, "contact.phone_number")
    return Inbound(
        key=key,
        sender=_identifier(message.chat.id, "chat.id"),
        kind=kind,
        text="/start" if start else text,
        sender_name=_name(message.from_user),
        location=_place(location.latitude, location.longitude) if location else None,
        media=media,
        own_id=_own_id(message),
        about=_about(message),
        start_token=start.group(1) if start else None,
        at=message.date,
        chat_is_private=message.chat.type == ChatType.PRIVATE,
        raw=raw,
    )


def _edited(message: Message) -> Amendment:
    text = _words(message.text, "text") or _words(message.caption, "caption")
    return Amendment(_own_id(message), _identifier(message.chat.id, "edited_message.chat.id"), text)


def _own_id(message: Message) -> str:
    """As `send` names the messages of ours: unique over chats."""
    chat = _identifier(message.chat.id, "chat.id")
    return f"{chat}:{_identifier(message.message_id, 'message_id')}"


def _about(message: Message) -> str | None:
    quoted = message.reply_to_message
    return _own_id(quoted) if isinstance(quoted, Message) else None


def _attachment(message: Message) -> tuple[InboundKind, str | None]:
    """Return what kind of message it is, and Telegram's id of its file."""
    if message.text is not None:
        return InboundKind.text, None
    if message.photo:
        return InboundKind.image, _words(message.photo[-1].file_id, "photo.file_id")
    files = (
        (InboundKind.sticker, message.sticker),
        (InboundKind.voice, message.voice or message.audio),
        (InboundKind.video, message.video or message.video_note or message.animation),
        (InboundKind.document, message.document),
    )
    for kind, file in files:
        if file:
            return kind, _words(file.file_id, f"{kind}.file_id")
    return InboundKind.contact if message.contact else InboundKind.unsupported, None


def _tapped(query: CallbackQuery, key: str, raw: Mapping[str, Any]) -> Inbound:
    # A message too old to be shown still has its chat; an inline one has none.
    chat = query.message.chat if query.message else None
    choice = _words(query.data, "callback_query.data")
    return Inbound(
        key=key,
        sender=_identifier(chat.id if chat else query.from_user.id, "callback_query.chat.id"),
        kind=InboundKind.choice if choice else InboundKind.unsupported,
        text=_title(query),
        choice=choice or None,
        sender_name=_name(query.from_user),
        chat_is_private=chat is None or chat.type == ChatType.PRIVATE,
        raw=raw,
    )


def _title(query: CallbackQuery) -> str:
    """Return the words on the button that was tapped."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    titles = (button.text for button in buttons if button.callback_data == query.data)
    return _words(next(titles, None), "callback_query.message.reply_markup")


def _name(person: User | None) -> str | None:
    if person is None:
        return None
    first = _words(person.first_name, "from.first_name")
    last = _words(person.last_name, "from.last_name")
    return f"{first} {last}".strip() or None


# The library takes any type for a field, so what is handed on is checked here.


def _words(value: object, field: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MalformedUpdate(f"{field}: must be text")
    return value


def _identifier(value: object, field: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise MalformedUpdate(f"{field}: must be a number")
    return str(value)


def _place(latitude: object, longitude: object) -> tuple[float, float]:
    return Reader(latitude, "location.latitude").number, Reader(longitude, "longitude").number
