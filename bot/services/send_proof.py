"""An agent tells a customer again what shows that a parcel was handed over."""

from dataclasses import dataclass
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Author
from bot.domain.errors import NotFound, Refused
from bot.domain.merchant import User
from bot.domain.shipment import Status
from bot.services.agents import held, keep_answered, reply_identity
from bot.services.facts import notice_facts
from bot.services.links import Links
from bot.services.ports import Say, Units
from bot.services.post import post


@dataclass(frozen=True)
class SendProof:
    """Says when it was delivered and where the carrier's record is, as the bot would."""

    units: Units
    clock: Clock
    links: Links

    async def __call__(
        self, user: User, conversation_id: UUID, shipment_id: UUID, draft: UUID
    ) -> None:
        """Send it; `draft` names it, so that a second click sends nothing twice.

        Raises:
            NotFound: there is no such conversation, or it is not this customer's parcel.
            Refused: the user does not hold it, the parcel has not been delivered, or there is
                no address to write to.
        """
        async with self.units() as unit:
            conversation = await held(unit, user, conversation_id)
            shipment = await unit.shipments.get(user.merchant_id, shipment_id)
            if shipment.contact_id != conversation.contact_id:
                raise NotFound("there is no such parcel of this customer's")
            if shipment.status is not Status.delivered:
                raise Refused("no_proof")
            identity = await reply_identity(unit, conversation)
            if identity is None:
                raise Refused("no_address")
            contact = await unit.people.get(user.merchant_id, conversation.contact_id)
            now = self.clock.now()
            sent = await post(
                unit,
                conversation,
                identity,
                now,
                author=Author.agent,
                say=Say("proof_delivered", notice_facts(contact, shipment, self.links)),
                key=f"proof:{conversation.id}:{draft}",
                agent_id=user.id,
            )
            if sent is not None:
                about = ("shipment", shipment.id)
                await keep_answered(unit, user, conversation, "sent_proof", about, now)
            await unit.commit()
