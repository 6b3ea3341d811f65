"""Calling a person where the customer waits for an answer that has not reached them."""

from datetime import datetime

from bot.domain.conversation import Author, Conversation, Message
from bot.services.hand_over import hand_over
from bot.services.ports import UnitOfWork

TOPIC = "not_delivered"
_NOBODY_WAITS_FOR = frozenset({"stopped", "agent_left"})
"""Said at the end: who has stopped messages, or whose case was just closed, waits for nothing."""


async def call_people(
    unit: UnitOfWork, message: Message, conversation: Conversation, now: datetime
) -> None:
    """Open a case for an answer that has failed. A notice has the merchant's ladder instead."""
    answers = message.author in {Author.bot, Author.agent}
    if answers and message.say not in _NOBODY_WAITS_FOR:
        await hand_over(unit, conversation, TOPIC, now)
