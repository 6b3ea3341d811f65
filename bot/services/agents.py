"""What agents' acts share: where the customer reads them, and under which name."""

from datetime import datetime
from uuid import UUID

from bot.domain.conversation import Conversation, Holder, Identity
from bot.domain.errors import Refused
from bot.domain.merchant import User
from bot.services.audit import audit
from bot.services.ports import UnitOfWork


async def reply_identity(unit: UnitOfWork, conversation: Conversation) -> Identity | None:
    """Where the contact reads us: where they wrote last, else any address that is theirs."""
    if conversation.identity_id is not None:
        return await unit.people.identity_by_id(conversation.merchant_id, conversation.identity_id)
    known = await unit.people.identities(conversation.merchant_id, conversation.contact_id)
    return next((identity for identity in known if identity.verified), None)


def first_name(user: User) -> str:
    """What customers call an agent; surnames stay inside the house."""
    return (user.name.split() or [""])[0]


async def held(unit: UnitOfWork, user: User, conversation_id: UUID) -> Conversation:
    """A conversation that the user holds, locked, so that nobody takes it in between.

    Raises:
        NotFound: the user's merchant has no such conversation.
        Refused: the user does not hold it.
    """
    conversation = await unit.conversations.get(user.merchant_id, conversation_id, lock=True)
    if conversation.holder is not Holder.agent or conversation.agent_id != user.id:
        raise Refused("not_held_by_you")
    return conversation


async def keep_answered(
    unit: UnitOfWork,
    user: User,
    conversation: Conversation,
    act: str,
    about: tuple[str, UUID],
    now: datetime,
) -> None:
    """The customer has been answered: the case's clocks and the trail know it."""
    audit(unit, user, act, about, now)
    case = await unit.cases.open(user.merchant_id, conversation.id)
    if case is not None:
        case.answered(now)
