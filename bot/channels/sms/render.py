"""A worded message as SMS: texts of at most 1600 characters, choices as numbers."""

from typing import Any

from bot.channels.base import Worded
from bot.channels.sms.segments import TEXT_LIMIT, affordable, plain
from bot.channels.text import numbered, tidy, with_choices

_MB = 2**20
ATTACHMENTS = {"image/jpeg": 5 * _MB, "image/png": 5 * _MB, "image/gif": 5 * _MB}
"""What an MMS carries; a phone's operator may want less, and Twilio makes it smaller.

https://www.twilio.com/docs/messaging/guides/accepted-mime-types
"""


def render(message: Worded) -> list[dict[str, Any]]:
    """Return `{"body", "sender"}` for every text to send, in order; no sender: the account's.

    With a file the last of them has a `media_url` as well, and perhaps nothing in its body.
    """
    below = "\n".join(filter(None, (numbered(tidy(message.options)), message.footer)))
    parts = with_choices(plain(message.text), plain(below), TEXT_LIMIT)
    sender = {"sender": message.sender} if message.sender else {}
    payloads = [{"body": affordable(part), **sender} for part in parts]
    if message.attachment is not None:
        # The last words and the file are one message.
        payloads = payloads or [{"body": "", **sender}]
        payloads[-1]["media_url"] = message.attachment.url
    return payloads
