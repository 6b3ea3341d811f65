"""An answer in store, put into the customer's words for an agent to read before it is sent."""

from dataclasses import dataclass
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Conversation
from bot.domain.desk import Reply
from bot.domain.errors import NotFound
from bot.domain.merchant import User
from bot.services.agents import first_name
from bot.services.desk import desk_of
from bot.services.facts import parcel_facts
from bot.services.links import Links
from bot.services.ports import UnitOfWork, Units, Wording

GAP = "___"
"""Stands where a fact is not known, for the agent to fill in."""


@dataclass(frozen=True)
class PrepareReply:
    """Words an answer in store with a conversation's facts."""

    units: Units
    clock: Clock
    wording: Wording
    links: Links

    async def __call__(self, user: User, conversation_id: UUID, shortcut: str) -> str:
        """The text, in the customer's language.

        Raises:
            NotFound: there is no such conversation, or no such answer.
        """
        async with self.units() as unit:
            conversation = await unit.conversations.get(user.merchant_id, conversation_id)
            merchant = await unit.merchants.get(user.merchant_id)
            reply = desk_of(merchant).replies.get(shortcut)
            if reply is None:
                raise NotFound("there is no such answer in store")
            return await self.word(unit, user, conversation, reply)

    async def word(
        self, unit: UnitOfWork, user: User, conversation: Conversation, reply: Reply
    ) -> str:
        """Word one answer with what is known of the parcel that moved last."""
        now = self.clock.now()
        merchant = await unit.merchants.get(user.merchant_id)
        contact = await unit.people.get(user.merchant_id, conversation.contact_id)
        shipments = await unit.shipments.visible(
            user.merchant_id, conversation.id, conversation.contact_id, now
        )
        shipment = shipments[0] if shipments else None
        facts = {
            "customer": (contact.name.split() or [""])[0],
            "agent": first_name(user),
            "merchant": merchant.name,
            "item": (shipment.item or shipment.reference) if shipment else GAP,
            "reference": shipment.reference if shipment else GAP,
            "tracking": shipment.tracking_number if shipment else GAP,
            "carrier": shipment.carrier if shipment else GAP,
            "link": self.links.tracking_page(shipment.id) if shipment else GAP,
            "parcel": parcel_facts(shipment, self.links) if shipment else None,
        }
        return self.wording.put(reply.text(contact.language), facts, contact.language, now).strip()
