"""Every channel there is: one line each."""

import aiohttp

from bot.channels.base import Channel
from bot.channels.email import Email
from bot.channels.sms import Sms
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp


def channels(session: aiohttp.ClientSession) -> dict[str, Channel]:
    """Make one adapter per channel, by name. The session stays the caller's to close."""
    made: list[Channel] = [
        Email(),
        Sms(session),
        Telegram(session),
        WhatsApp(session),
    ]
    return {channel.name: channel for channel in made}
