"""Telling a customer by the next channel what did not arrive by the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import Author, Conversation, Message, MessageStatus
from bot.domain.ladder import Rung, read_ladder
from bot.domain.survey import SCORE
from bot.services.in_time import TOO_LATE, goes_at
from bot.services.ports import Say, UnitOfWork, Units
from bot.services.post import note, post
from bot.services.reach import Reach

OVERTAKEN = "not told by another channel: later news of the parcel were there before"
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
            message = await unit.messages.get(merchant_id, message_id)
            # One after the other: a later notice looks whether this one has gone another way.
            conversation = await unit.conversations.get(
                merchant_id, message.conversation_id, lock=True
            )
            message = await unit.messages.get(merchant_id, message_id, lock=True)
            if not await self._is_needed(unit, message):
                return
            if await _overtaken(unit, message):
                message.error = f"{message.error}; {OVERTAKEN}".removeprefix("; ")
            else:
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
        goes = await goes_at(unit, message, contact, now)
        if goes is None:
            message.error = f"{message.error}; {TOO_LATE}".removeprefix("; ")
            return
        if goes > now:
            await _defer(unit, message, at=goes)
            return
        tried = {before.channel for before in await earlier(unit, message)}
        identity = await self.reach(
            unit,
            merchant,
            contact,
            now,
            say=message.say or "",
            purpose=message.purpose,
            tried=tried,
            rungs=_own_ladder(message),
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


_LADDER = "ladder"


def kept_ladder(rungs: Sequence[Rung]) -> dict[str, Any]:
    """A ladder of its own, as a notice keeps it among what is known of it; nothing without one."""
    return {_LADDER: [rung.document for rung in rungs]} if rungs else {}


def _own_ladder(message: Message) -> list[Rung]:
    return read_ladder(message.variables.get(_LADDER) or [])


async def _overtaken(unit: UnitOfWork, message: Message) -> bool:
    """Whether later news of the same parcel go, or have come, by another way.

    Those on the same channel will fail as this one did, and then follow it in their order.
    """
    parcel, first = _parcel(message), (await earlier(unit, message))[-1]
    since = await unit.messages.notices_since(
        message.merchant_id, message.conversation_id, first.id
    )
    news = {_notice(other) for other in since if other.stands_in_for is None}
    return parcel is not None and any(
        _parcel(other) == parcel and (other.channel != message.channel or other.status in _ARRIVED)
        for other in since
        if _notice(other) in news and other.status is not MessageStatus.failed
    )


async def earlier(unit: UnitOfWork, message: Message) -> list[Message]:
    """A message and those that it stands in for, the first one last."""
    found = [message]
    while found[-1].stands_in_for is not None:
        found.append(await unit.messages.get(message.merchant_id, found[-1].stands_in_for))
    return found


def _notice(message: Message) -> str:
    """What is one notice, on whichever channel: the key that `_send_anew` makes others from."""
    return (message.key or "").partition(">")[0]


def _parcel(message: Message) -> str | None:
    """Which parcel a notice is about, by its link; None where it is about none or several."""
    about: Mapping[str, Any] = message.variables.get("parcel") or {}
    return about.get("link")


async def try_next(unit: UnitOfWork, message: Message) -> None:
    """Have a notice that has failed told by the next channel; other messages stay failed."""
    if message.author is Author.flow:
        await _defer(unit, message, lock=f"fall_back:{message.conversation_id}")


async def try_next_unless_it_arrives(unit: UnitOfWork, message: Message, clock: Clock) -> None:
    """Where the merchant's ladder says so, look after a while whether a notice has arrived."""
    if message.author is not Author.flow:
        return
    merchant = await unit.merchants.get(message.merchant_id)
    rungs = _own_ladder(message) or merchant.rungs
    wait = next((r.wait for r in rungs if r.channel == message.channel), None)
    if wait is not None:
        # Without a lock: a failure that is told meanwhile would wait behind it.
        await _defer(unit, message, at=clock.now() + wait)


async def _defer(unit: UnitOfWork, message: Message, **when: Any) -> None:
    await unit.jobs.defer(
        "fall_back",
        merchant_id=str(message.merchant_id),
        message_id=str(message.id),
        **when,
    )
