"""An agent gives a conversation back to the bot."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Author, Conversation, Holder
from bot.domain.errors import Refused
from bot.domain.merchant import User
from bot.domain.request import RequestKind
from bot.services.agents import first_name, reply_identity
from bot.services.audit import audit
from bot.services.ports import Say, UnitOfWork, Units
from bot.services.post import note, post

ASKED_BY = {
    RequestKind.reschedule: "reschedule_delivery",
    RequestKind.change_address: "change_address",
    RequestKind.neighbour: "deliver_to_neighbour",
    RequestKind.pickup_point: "use_pickup_point",
    RequestKind.safe_place: "leave_in_safe_place",
    RequestKind.contactless: "request_contactless",
    RequestKind.access_note: "give_access_instructions",
    RequestKind.cancel: "cancel_delivery",
}
"""The intent that asks for each kind of change."""
LONGEST_WORD = 300
"""Characters of the word about what is settled."""


@dataclass(frozen=True)
class HandBack:
    """Lets the bot answer again, and tells the customer so."""

    units: Units
    clock: Clock

    async def __call__(
        self,
        user: User,
        conversation_id: UUID,
        settled: str = "",
        go_on: RequestKind | None = None,
    ) -> None:
        """Hand the conversation back; once the bot has it, nothing more happens.

        Args:
            settled: what came of it, for whoever reads the thread or the case later.
            go_on: the change that the bot offers next, by one tap.

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
            await say_goodbye(unit, user, conversation, now, go_on)
            await unit.commit()


async def say_goodbye(
    unit: UnitOfWork,
    user: User,
    conversation: Conversation,
    now: datetime,
    go_on: RequestKind | None = None,
) -> None:
    """Tell the customer that the bot answers again, and what it can do next."""
    identity = await reply_identity(unit, conversation)
    if identity is None:
        return
    offered = ({"key": f"option_{go_on}", "payload": f"/{ASKED_BY[go_on]}"},) if go_on else ()
    say = Say("agent_left", {"name": first_name(user)}, offered)
    await post(unit, conversation, identity, now, author=Author.bot, say=say)


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
