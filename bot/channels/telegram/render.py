"""A worded message as Telegram takes it: text, the last one with an inline keyboard.

https://core.telegram.org/bots/api#sendmessage
"""

from collections.abc import Sequence
from typing import Any

from bot.channels.base import Attachment, Option, Worded
from bot.channels.text import cut, numbered, split, tidy, units, with_choices

TEXT_LIMIT = 4096
BUTTONS = 100
"""Of one keyboard."""
BUTTON_TITLE_LIMIT = 64
"""Ours: Telegram sets none, but phones show no more."""
CALLBACK_DATA_LIMIT = 64
"""Bytes."""
CAPTION_LIMIT = 1024
_MB = 2**20
ATTACHMENTS = {
    "image/jpeg": 5 * _MB,
    "image/png": 5 * _MB,
    "image/webp": 5 * _MB,
    "application/pdf": 20 * _MB,
}
"""What Telegram fetches by a link; of documents it does PDF and ZIP alone.

https://core.telegram.org/bots/api#sending-files
"""

# Widest title with which so many buttons stand side by side and can be read on a phone.
_COLUMNS = ((8, 4), (12, 3), (18, 2))


def render(message: Worded) -> list[dict[str, Any]]:
    """Return the payloads without their chat, in order.

    With a `photo` it is one of sendPhoto, with a `document` of sendDocument, else of sendMessage.
    """
    if message.attachment is not None:
        return _with_file(message.text.strip(), message.attachment)
    options = tidy(message.options)
    if not all(0 < len(option.id.encode()) <= CALLBACK_DATA_LIMIT for option in options):
        return _texts(with_choices(message.text, numbered(options), TEXT_LIMIT))
    if len(options) > BUTTONS:
        return _texts(with_choices(message.text, numbered(options), TEXT_LIMIT))
    payloads = _texts(split(message.text, TEXT_LIMIT) or (["…"] if options else []))
    if options:
        payloads[-1]["reply_markup"] = {"inline_keyboard": _keyboard(options)}
    return payloads


def _with_file(words: str, file: Attachment) -> list[dict[str, Any]]:
    """The file with the words as its caption; what is too long for one goes ahead of it."""
    sent = {"photo" if file.kind == "image" else "document": file.url}
    if units(words) > CAPTION_LIMIT:
        return [*_texts(split(words, TEXT_LIMIT)), sent]
    return [{**sent, **({"caption": words} if words else {})}]


def _texts(parts: Sequence[str]) -> list[dict[str, Any]]:
    return [{"text": part} for part in parts]


def _keyboard(options: Sequence[Option]) -> list[list[dict[str, str]]]:
    buttons = [
        {"text": cut(option.title, BUTTON_TITLE_LIMIT), "callback_data": option.id}
        for option in options
    ]
    widest = max(units(button["text"]) for button in buttons)
    columns = next((columns for width, columns in _COLUMNS if widest <= width), 1)
    return [buttons[start : start + columns] for start in range(0, len(buttons), columns)]
