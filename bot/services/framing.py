"""What stands around a message's words on a channel that has more than words: a mail's subject."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.channels.base import Frame
from bot.domain.conversation import Identity, Message
from bot.domain.merchant import Merchant
from bot.services.links import Links
from bot.services.ports import UnitOfWork

type Say = Callable[[str, Mapping[str, Any]], str]


async def make_frame(
    unit: UnitOfWork,
    message: Message,
    identity: Identity,
    *,
    merchant: Merchant,
    language: str,
    links: Links,
    say: Say,
    now: datetime,
) -> Frame:
    """The frame of one message; `say` words a key with its variables.

    An answer takes the subject of what it answers, as people's answers do.
    """
    asked = await _answered(unit, message)
    theirs = " ".join(str(asked.raw.get("subject", "")).split()) if asked else ""
    subject = _again(theirs) if theirs else _subject(message, say)
    return Frame(
        subject=subject,
        sender=merchant.name,
        language=language,
        thread=message.conversation_id,
        at=now,
        answers=asked.key or "" if asked else "",
        reply_token=links.token("reply", identity.id),
        refuse_url=links.messages(identity.id),
        refuse_label=say("mail_refuse", {}),
        reply_line=say("mail_reply_line", {}),
    )


async def _answered(unit: UnitOfWork, message: Message) -> Message | None:
    """The message that this one answers, if it came by the same channel."""
    if message.in_reply_to is None:
        return None
    asked = await unit.messages.get(message.merchant_id, message.in_reply_to)
    by_mail = asked.channel == message.channel and (asked.key or "").startswith("<")
    return asked if by_mail else None


def _again(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _subject(message: Message, say: Say) -> str:
    """What a notice is about; of anything else only whose parcels we talk about."""
    try:
        return say(f"subject_{message.say}", message.variables)
    except KeyError:
        return say("mail_subject", {})
