"""An agent gives a conversation back to the bot."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Author, Conversation, Holder
from bot.domain.errors import Refused
from bot.domain.merchant import User
from bot.services.agents import first_name, reply_identity
from bot.services.audit import audit
from bot.services.ports import Say, UnitOfWork, Units
from bot.services.post import note, post

LONGEST_WORD = 300
"""Characters of the word about what is settled."""


@dataclass(frozen=True)
class HandBack:
    """Lets the bot answer again, and tells the customer so."""

    units: Units
    clock: Clock

    async def __call__(self, user: User, conversation_id: UUID, settled: str = "") -> None:
        """Hand the conversation back; once the bot has it, nothing more happens.

        Args:
            settled: what came of it, for whoever reads the thread or the case later.

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
            now = self.clock.now()
            await settle(unit, user, conversation, settled, now)
            identity = await reply_identity(unit, conversation)
            if identity is not None:
                say = Say("agent_left", {"name": first_name(user)})
                await post(unit, conversation, identity, now, author=Author.bot, say=say)
            await unit.commit()


async def settle(
    unit: UnitOfWork, user: User, conversation: Conversation, settled: str, now: datetime
) -> None:
    """Close the case of a conversation that an agent holds, and give it to the bot."""
    case = await unit.cases.open(conversation.merchant_id, conversation.id)
    said = " ".join(settled.split())[:LONGEST_WORD]
    if case is not None:
        case.close(user.id, said, now)
    conversation.hand_back()
    audit(unit, user, "handed_back", ("conversation", conversation.id), now)
    what = "settled" if said else "handed_back"
    await note(unit, conversation, now, what, name=user.name, settled=said)
