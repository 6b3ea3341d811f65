"""Stand-in of the Telegram Bot API."""

from sandbox.telegram.service import Telegram

__all__ = ["Telegram"]
