"""A worded message as SMS: texts of at most 1600 characters, choices as numbers."""

from typing import Any

from bot.channels.base import Worded
from bot.channels.sms.segments import affordable, plain
from bot.channels.text import numbered, tidy, with_choices

TEXT_LIMIT = 1600
"""Twilio's error 21617 above it."""


def render(message: Worded) -> list[dict[str, Any]]:
    """Return `{"body": text}` for every text to send, in order."""
    choices = plain(numbered(tidy(message.options)))
    parts = with_choices(plain(message.text), choices, TEXT_LIMIT)
    return [{"body": affordable(part)} for part in parts]
