"""Telling a customer by the next channel what did not arrive by the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Author, Conversation, Message, MessageStatus
from bot.domain.survey import SCORE
from bot.services.change_delivery import policy_of
from bot.services.ports import Say, UnitOfWork, Units
from bot.services.post import note, post
from bot.services.quiet_times import may_go_at
from bot.services.reach import Reach

_ARRIVED = {MessageStatus.delivered, MessageStatus.read}


@dataclass(frozen=True)
class FallBack:
    """Takes a notice to the next channel of the merchant's ladder; once for each message."""

    units: Units
    clock: Clock
    reach: Reach

    async def __call__(self, merchant_id: UUID, message_id: UUID) -> None:
        """Send it anew by a channel that has not been tried, unless it has arrived meanwhile."""
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id, lock=True)
            conversation = await unit.conversations.get(merchant_id, message.conversation_id)
            if await self._is_needed(unit, message):
                await self._send_anew(unit, message, conversation)
            await unit.commit()

    async def _is_needed(self, unit: UnitOfWork, message: Message) -> bool:
        if message.author is not Author.flow or message.status in _ARRIVED:
            return False
        # Who has written since has the chat before them, whatever the receipts say.
        return not await unit.messages.written_since(
            message.merchant_id, message.conversation_id, message.id
        )

    async def _send_anew(
        self, unit: UnitOfWork, message: Message, conversation: Conversation
    ) -> None:
        now = self.clock.now()
        merchant = await unit.merchants.get(message.merchant_id)
        contact = await unit.people.get(message.merchant_id, conversation.contact_id)
        policy = await policy_of(unit, merchant.id)
        if may_go_at(policy, contact, message.purpose, now) > now:
            return
        tried = await self._tried(unit, message)
        identity = await self.reach(
            unit,
            merchant,
            contact,
            now,
            say=message.say or "",
            purpose=message.purpose,
            tried=tried,
        )
        if isinstance(identity, str):
            return
        anew = await post(
            unit,
            conversation,
            identity,
            now,
            author=message.author,
            say=await self._say(unit, message),
            key=f"{message.key}>{identity.channel}",
            purpose=message.purpose,
            stands_in_for=message.id,
        )
        if anew is not None:
            await note(
                unit, conversation, now, "fell_back", before=message.channel, by=identity.channel
            )

    async def _tried(self, unit: UnitOfWork, message: Message) -> set[str]:
        """The channels of a message and of those that it stands in for."""
        tried, earlier = {message.channel}, message.stands_in_for
        while earlier is not None:
            before = await unit.messages.get(message.merchant_id, earlier)
            tried.add(before.channel)
            earlier = before.stands_in_for
        return tried

    async def _say(self, unit: UnitOfWork, message: Message) -> Say:
        """What was to be said, unworded: the next channel has other limits."""
        options = tuple(
            {name: value for name, value in option.items() if name != "shown"}
            for option in message.options
        )
        question: Mapping[str, Any] | None = None
        if message.question_id is not None:
            asked = await unit.questions.get(message.merchant_id, message.question_id)
            if asked is not None and asked.loop is not None:
                question = {"loop": asked.loop, "requested": asked.requested, "slots": asked.slots}
                # How much of the scale can be shown depends on the channel.
                options = () if asked.requested == SCORE else options
        return Say(message.say or "", message.variables, options, question)


async def try_next(unit: UnitOfWork, message: Message) -> None:
    """Have a notice that has failed told by the next channel; other messages stay failed."""
    if message.author is Author.flow:
        await _defer(unit, message)


async def try_next_unless_it_arrives(unit: UnitOfWork, message: Message, clock: Clock) -> None:
    """Where the merchant's ladder says so, look after a while whether a notice has arrived."""
    if message.author is not Author.flow:
        return
    merchant = await unit.merchants.get(message.merchant_id)
    wait = next((r.wait for r in merchant.rungs if r.channel == message.channel), None)
    if wait is not None:
        await _defer(unit, message, at=clock.now() + wait)


async def _defer(unit: UnitOfWork, message: Message, **when: Any) -> None:
    await unit.jobs.defer(
        "fall_back",
        lock=f"fall_back:{message.conversation_id}",
        merchant_id=str(message.merchant_id),
        message_id=str(message.id),
        **when,
    )
