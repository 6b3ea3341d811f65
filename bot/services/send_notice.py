"""An agent writes by a template, where free words may not be sent any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.channels.base import Channel
from bot.domain.clock import Clock
from bot.domain.consent import Purpose
from bot.domain.conversation import Author, Conversation, Identity
from bot.domain.errors import Refused
from bot.domain.merchant import User
from bot.services.agents import held, keep_answered, reply_identity
from bot.services.consents import may_send
from bot.services.facts import notice_facts
from bot.services.links import Links
from bot.services.ports import Say, UnitOfWork, Units
from bot.services.post import post
from bot.services.templating import Templating, is_closed


@dataclass(frozen=True)
class SendNotice:
    """Sends one of the sentences that a template stands for, with the parcel's facts."""

    units: Units
    clock: Clock
    channels: Mapping[str, Channel]
    templating: Templating
    links: Links

    async def possible(self, user: User, conversation_id: UUID) -> list[str]:
        """The wording keys that may be sent now; none where free words may."""
        async with self.units() as unit:
            conversation = await unit.conversations.get(user.merchant_id, conversation_id)
            identity = await reply_identity(unit, conversation)
            if identity is None or not self._closed(identity):
                return []
            if not await _wanted(unit, conversation, identity):
                return []
            return await self._sayable(unit, conversation, identity)

    async def __call__(self, user: User, conversation_id: UUID, say: str, draft: UUID) -> None:
        """Send it; `draft` names it, so that a second click sends nothing twice.

        Raises:
            NotFound: there is no such conversation.
            Refused: the user does not hold it, no approved template says this, or the customer
                wants no word on this channel.
        """
        async with self.units() as unit:
            conversation = await held(unit, user, conversation_id)
            identity = await reply_identity(unit, conversation)
            if identity is not None and not await _wanted(unit, conversation, identity):
                raise Refused("opted_out")
            if identity is None or say not in await self._sayable(unit, conversation, identity):
                raise Refused("no_template")
            now = self.clock.now()
            sent = await post(
                unit,
                conversation,
                identity,
                now,
                author=Author.agent,
                say=Say(say, await self._facts(unit, conversation)),
                key=f"agent:{conversation.id}:{draft}",
                agent_id=user.id,
            )
            if sent is not None:
                about = ("message", sent.id)
                await keep_answered(unit, user, conversation, "sent_template", about, now)
            await unit.commit()

    async def _sayable(
        self, unit: UnitOfWork, conversation: Conversation, identity: Identity
    ) -> list[str]:
        if not await self._facts(unit, conversation):
            return []
        merchant = await unit.merchants.get(conversation.merchant_id)
        contact = await unit.people.get(conversation.merchant_id, conversation.contact_id)
        return await self.templating.approved(unit, merchant, identity.account_id, contact.language)

    async def _facts(self, unit: UnitOfWork, conversation: Conversation) -> dict[str, Any]:
        """Of the parcel that moved last; empty where there is none."""
        contact = await unit.people.get(conversation.merchant_id, conversation.contact_id)
        shipments = await unit.shipments.of_contact(conversation.merchant_id, contact.id)
        return notice_facts(contact, shipments[0], self.links) if shipments else {}

    def _closed(self, identity: Identity) -> bool:
        capabilities = self.channels[identity.channel].capabilities
        return is_closed(capabilities, identity, self.clock.now())


async def _wanted(unit: UnitOfWork, conversation: Conversation, identity: Identity) -> bool:
    """Whether the customer, who has not written for long, lets us begin on this channel."""
    merchant, contact = conversation.merchant_id, conversation.contact_id
    return await may_send(unit, merchant, contact, identity.channel, Purpose.service)
