"""What agents' acts share: where the customer reads them, and under which name."""

from bot.domain.conversation import Conversation, Identity
from bot.domain.merchant import User
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
