"""A worded message as Telegram takes it: text, the last one with an inline keyboard.

https://core.telegram.org/bots/api#sendmessage
"""

from collections.abc import Sequence
from typing import Any

from bot.channels.base import Option, Worded
from bot.channels.text import cut, numbered, split, tidy, units, with_choices

TEXT_LIMIT = 4096
BUTTONS = 100
"""Of one keyboard."""
BUTTON_TITLE_LIMIT = 64
"""Ours: Telegram sets none, but phones show no more."""
CALLBACK_DATA_LIMIT = 64
"""Bytes."""

# Widest title with which so many buttons stand side by side and can be read on a phone.
_COLUMNS = ((8, 4), (12, 3), (18, 2))


def render(message: Worded) -> list[dict[str, Any]]:
    """Return the payloads of sendMessage without their chat, in order."""
    options = tidy(message.options)
    if not all(0 < len(option.id.encode()) <= CALLBACK_DATA_LIMIT for option in options):
        return _texts(with_choices(message.text, numbered(options), TEXT_LIMIT))
    if len(options) > BUTTONS:
        return _texts(with_choices(message.text, numbered(options), TEXT_LIMIT))
    payloads = _texts(split(message.text, TEXT_LIMIT) or (["…"] if options else []))
    if options:
        payloads[-1]["reply_markup"] = {"inline_keyboard": _keyboard(options)}
    return payloads


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
