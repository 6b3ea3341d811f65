"""An agent writes to the customer."""

from dataclasses import dataclass
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Author, Holder
from bot.domain.errors import Invalid, Refused
from bot.domain.merchant import User
from bot.services.agents import reply_identity
from bot.services.audit import audit
from bot.services.ports import Units
from bot.services.post import post

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
        words = _checked(text)
        async with self.units() as unit:
            # Locked, so that the bot cannot be handed the conversation in between.
            conversation = await unit.conversations.get(
                user.merchant_id, conversation_id, lock=True
            )
            if conversation.holder is not Holder.agent or conversation.agent_id != user.id:
                raise Refused("not_held_by_you")
            identity = await reply_identity(unit, conversation)
            if identity is None:
                raise Refused("no_address")
            now = self.clock.now()
            message = await post(
                unit,
                conversation,
                identity,
                now,
                author=Author.agent,
                text=words,
                key=f"agent:{conversation.id}:{draft}",
                agent_id=user.id,
            )
            if message is not None:
                audit(unit, user, "replied", ("message", message.id), now)
            await unit.commit()


def _checked(text: str) -> str:
    # Browsers send CRLF, and PostgreSQL takes no NUL in a text.
    words = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not words:
        raise Invalid(("text", "write something first"))
    if len(words) > LONGEST_REPLY:
        raise Invalid(("text", f"is too long: {len(words)} of {LONGEST_REPLY} characters"))
    return words
