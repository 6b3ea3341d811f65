"""An agent takes a conversation: from the bot, or from the queue of those who wait."""

from dataclasses import dataclass
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Author, Holder
from bot.domain.merchant import User
from bot.services.agents import first_name, reply_identity
from bot.services.audit import audit
from bot.services.open_case import open_case
from bot.services.ports import Say, Units
from bot.services.post import note, post


@dataclass(frozen=True)
class TakeOver:
    """Makes a user the one who answers, and tells the customer so."""

    units: Units
    clock: Clock

    async def __call__(self, user: User, conversation_id: UUID) -> None:
        """Take the conversation; taking one's own again changes nothing.

        Raises:
            NotFound: the user's merchant has no such conversation.
            Refused: another agent holds it.
        """
        async with self.units() as unit:
            conversation = await unit.conversations.get(
                user.merchant_id, conversation_id, lock=True
            )
            if conversation.holder is Holder.agent and conversation.agent_id == user.id:
                return
            conversation.take(user.id)
            now = self.clock.now()
            case = await open_case(unit, conversation, conversation.topic, now)
            case.take(user.id)
            audit(unit, user, "taken_over", ("conversation", conversation.id), now)
            await note(unit, conversation, now, "taken_over", name=user.name)
            identity = await reply_identity(unit, conversation)
            if identity is not None:
                say = Say("agent_joined", {"name": first_name(user)})
                await post(unit, conversation, identity, now, author=Author.bot, say=say)
            await unit.commit()
