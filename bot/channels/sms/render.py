"""A worded message as SMS: texts of at most 1600 characters, choices as numbers."""

from typing import Any

from bot.channels.base import Worded
from bot.channels.sms.segments import affordable, plain
from bot.channels.text import numbered, tidy, with_choices

TEXT_LIMIT = 1600
"""Twilio's error 21617 above it."""


def render(message: Worded) -> list[dict[str, Any]]:
    """Return `{"body", "sender"}` for every text to send, in order; no sender: the account's."""
    below = "\n".join(filter(None, (numbered(tidy(message.options)), message.footer)))
    parts = with_choices(plain(message.text), plain(below), TEXT_LIMIT)
    sender = {"sender": message.sender} if message.sender else {}
    return [{"body": affordable(part), **sender} for part in parts]
