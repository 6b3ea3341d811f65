"""Handing a conversation to people."""

from datetime import datetime
from uuid import UUID

from bot.domain.conversation import Conversation
from bot.services.open_case import open_case
from bot.services.ports import UnitOfWork
from bot.services.post import note


async def hand_over(
    unit: UnitOfWork,
    conversation: Conversation,
    topic: str,
    now: datetime,
    about: UUID | None = None,
) -> bool:
    """Put a conversation into the queue of those waiting for a person.

    Args:
        topic: why, an intent or `engine`; the console shows it.
        about: the shipment that it is about, where that is known.

    Returns:
        Whether anything changed: it may be waiting, or be in an agent's hands, already.
    """
    if not conversation.hand_over(topic, now):
        return False
    await note(unit, conversation, now, "handed_over", topic=topic)
    await open_case(unit, conversation, topic, now, about)
    return True
