"""An agent gives a conversation back to the bot."""

from dataclasses import dataclass
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Author, Holder
from bot.domain.errors import Refused
from bot.domain.merchant import User
from bot.services.agents import first_name, reply_identity
from bot.services.audit import audit
from bot.services.ports import Say, Units
from bot.services.post import note, post


@dataclass(frozen=True)
class HandBack:
    """Lets the bot answer again, and tells the customer so."""

    units: Units
    clock: Clock

    async def __call__(self, user: User, conversation_id: UUID) -> None:
        """Hand the conversation back; once the bot has it, nothing more happens.

        Raises:
            NotFound: the user's merchant has no such conversation.
            Refused: the user does not hold it.
        """
        async with self.units() as unit:
            conversation = await unit.conversations.get(
                user.merchant_id, conversation_id, lock=True
            )
            if conversation.holder is Holder.bot:
                return
            if conversation.holder is not Holder.agent or conversation.agent_id != user.id:
                raise Refused("not_held_by_you")
            conversation.hand_back()
            now = self.clock.now()
            audit(unit, user, "handed_back", ("conversation", conversation.id), now)
            await note(unit, conversation, now, "handed_back", name=user.name)
            identity = await reply_identity(unit, conversation)
            if identity is not None:
                say = Say("agent_left", {"name": first_name(user)})
                await post(unit, conversation, identity, now, author=Author.bot, say=say)
            await unit.commit()
