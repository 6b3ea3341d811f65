"""What somebody who waits for a person hears when they ask whether anybody is there."""

from datetime import datetime, timedelta

from bot.domain.conversation import Author, Conversation, Holder, Identity, Message
from bot.services.ports import Say, UnitOfWork
from bot.services.post import post
from bot.services.support import answered_within, back_at

_AGAIN_AFTER = timedelta(hours=1)
_PATIENT_FOR = timedelta(minutes=5)
"""Until then, what is no question is taken for more of the story, and needs no answer."""


async def reassure(
    unit: UnitOfWork,
    conversation: Conversation,
    identity: Identity,
    message: Message,
    now: datetime,
) -> None:
    """Say that a person knows, and when they answer: once an hour, to whoever asks or has waited."""
    since = conversation.waiting_since
    if conversation.holder is not Holder.waiting or since is None or message.kind != "text":
        return
    if "?" not in message.text and now - since < _PATIENT_FOR:
        return
    facts = {
        "back": await back_at(unit, message.merchant_id, now),
        "within": await answered_within(unit, conversation, now),
    }
    turn = (now - since) // _AGAIN_AFTER
    await post(
        unit,
        conversation,
        identity,
        now,
        author=Author.bot,
        say=Say("handed_over_already", facts),
        key=f"waiting:{conversation.id}:{since.isoformat()}:{turn}",
        in_reply_to=message.id,
    )
