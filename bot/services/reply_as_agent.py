"""An agent writes to the customer, and for a few seconds may take it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Author, Conversation, Message
from bot.domain.errors import Invalid, Refused
from bot.domain.merchant import User
from bot.services.agents import held, keep_answered, reply_identity
from bot.services.audit import audit
from bot.services.desk import desk_of
from bot.services.ports import UnitOfWork, Units
from bot.services.post import notify_thread, post

LONGEST_REPLY = 4000
"""Characters; channels with a lower limit send it in parts."""


@dataclass(frozen=True)
class ReplyAsAgent:
    """Queues an agent's own words, while that agent holds the conversation."""

    units: Units
    clock: Clock

    async def __call__(self, user: User, conversation_id: UUID, text: str, draft: UUID) -> None:
        """Send a reply; `draft` names it, so that a repeated request sends it once.

        Raises:
            NotFound: the user's merchant has no such conversation.
            Refused: the user does not hold it, or there is no address to write to.
            Invalid: there is no text, or too much of it.
        """
        words = checked(text)
        async with self.units() as unit:
            conversation = await held(unit, user, conversation_id)
            await reply(unit, user, conversation, words, draft, self.clock)
            await unit.commit()


@dataclass(frozen=True)
class TakeBackReply:
    """Takes a reply back before it is sent."""

    units: Units
    clock: Clock

    async def __call__(self, user: User, message_id: UUID) -> str:
        """Take the reply back; returns its text, to be written anew.

        Raises:
            NotFound: the user's merchant has no such message.
            Refused: it is not the user's own, or it is on its way.
        """
        async with self.units() as unit:
            message = await unit.messages.get(user.merchant_id, message_id, lock=True)
            if message.agent_id != user.id or not message.withdraw():
                raise Refused("already_sent")
            audit(unit, user, "took_back", ("message", message.id), self.clock.now())
            await notify_thread(unit, message)
            await unit.commit()
            return message.text


async def reply(
    unit: UnitOfWork,
    user: User,
    conversation: Conversation,
    words: str,
    draft: UUID,
    clock: Clock,
    *,
    kind: str = "text",
    details: Mapping[str, str] = MappingProxyType({}),
) -> Message | None:
    """Queue an agent's words in a conversation that they hold; None when they are there already.

    Args:
        kind: what is sent; the message's `variables` are the `details` of it.

    Raises:
        Refused: there is no address to write to.
    """
    identity = await reply_identity(unit, conversation)
    if identity is None:
        raise Refused("no_address")
    now = clock.now()
    merchant = await unit.merchants.get(user.merchant_id)
    message = await post(
        unit,
        conversation,
        identity,
        now,
        author=Author.agent,
        text=words,
        # One page has one draft: words, a file and a template that are sent from it are three.
        key=f"{'agent' if kind == 'text' else kind}:{conversation.id}:{draft}",
        agent_id=user.id,
        hold=desk_of(merchant).undo,
        kind=kind,
        details=details,
    )
    if message is None:
        return None
    await keep_answered(unit, user, conversation, "replied", ("message", message.id), now)
    return message


def checked(text: str) -> str:
    """What was typed, as it may be stored. Raises Invalid."""
    # Browsers send CRLF, and PostgreSQL takes no NUL in a text.
    words = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not words:
        raise Invalid(("text", "write something first"))
    if len(words) > LONGEST_REPLY:
        raise Invalid(("text", f"is too long: {len(words)} of {LONGEST_REPLY} characters"))
    return words
