"""An agent writes by a template, where free words may not be sent any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bot.channels.base import Channel
from bot.domain.clock import Clock
from bot.domain.consent import Purpose
from bot.domain.conversation import Author, Conversation, Identity
from bot.domain.errors import Refused
from bot.domain.flow import Send
from bot.domain.merchant import User
from bot.domain.read_flow import read_flow
from bot.services.agents import held, keep_answered, reply_identity
from bot.services.consents import may_send
from bot.services.facts import notice_facts
from bot.services.links import Links
from bot.services.ports import Say, UnitOfWork, Units, Wording
from bot.services.post import post
from bot.services.templating import Templating, is_closed


@dataclass(frozen=True)
class SendNotice:
    """Sends one of the sentences that a template stands for, with the parcel's facts."""

    units: Units
    clock: Clock
    channels: Mapping[str, Channel]
    templating: Templating
    wording: Wording
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
            return list(await self._sayable(unit, conversation, identity))

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
            if identity is None:
                raise Refused("no_template")
            sayable = await self._sayable(unit, conversation, identity)
            if say not in sayable:
                raise Refused("no_template")
            now = self.clock.now()
            sent = await post(
                unit,
                conversation,
                identity,
                now,
                author=Author.agent,
                say=sayable[say],
                key=f"template:{conversation.id}:{draft}",
                agent_id=user.id,
            )
            if sent is not None:
                about = ("message", sent.id)
                await keep_answered(unit, user, conversation, "sent_template", about, now)
            await unit.commit()

    async def _sayable(
        self, unit: UnitOfWork, conversation: Conversation, identity: Identity
    ) -> Mapping[str, Say]:
        """What can be said of the parcel that moved last, so that nothing is missing for it."""
        contact = await unit.people.get(conversation.merchant_id, conversation.contact_id)
        shipments = await unit.shipments.of_contact(conversation.merchant_id, contact.id)
        if not shipments:
            return {}
        facts = notice_facts(contact, shipments[0], self.links)
        merchant = await unit.merchants.get(conversation.merchant_id)
        told, now = {"merchant": merchant.name, **facts}, self.clock.now()
        options = await _options(unit, merchant.id)
        sayable = await self.templating.sayable(
            unit,
            merchant,
            account_id=identity.account_id,
            language=contact.language,
            word=lambda text: self.wording.put(text, told, contact.language, now),
            options={say: len(given) for say, given in options.items()},
        )
        return {say: Say(say, facts, options.get(say, ())) for say in sayable}

    def _closed(self, identity: Identity) -> bool:
        capabilities = self.channels[identity.channel].capabilities
        return is_closed(capabilities, identity, self.clock.now())


async def _wanted(unit: UnitOfWork, conversation: Conversation, identity: Identity) -> bool:
    """Whether the customer, who has not written for long, lets us begin on this channel."""
    merchant, contact = conversation.merchant_id, conversation.contact_id
    return await may_send(unit, merchant, contact, identity.channel, Purpose.service)


async def _options(unit: UnitOfWork, merchant_id: UUID) -> Mapping[str, tuple[dict[str, str], ...]]:
    """The choices that go along with each notice, as the merchant's flows send it."""
    found: dict[str, tuple[dict[str, str], ...]] = {}
    for flow in await unit.flows.active(merchant_id):
        for step in read_flow(flow.document).steps:
            if isinstance(step, Send):
                given = [{"key": one["key"], "payload": one["payload"]} for one in step.options]
                found.setdefault(step.say, tuple(given))
    return found
