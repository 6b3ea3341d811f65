"""Before a job that was given up is done again: what giving it up had settled is open once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.conversation import BY_ENGINE, Author, Conversation, Holder, Message, MessageStatus
from bot.domain.errors import NotFound, Permanent
from bot.services.fall_back import earlier
from bot.services.ports import UnitOfWork, Units
from bot.services.post import note, notify_thread


@dataclass(frozen=True)
class Redo:
    """Makes a given-up job's message one that is still to be dealt with; twice is as once."""

    units: Units
    clock: Clock

    async def __call__(self, task: str, arguments: Mapping[str, str]) -> None:
        """Prepare one job of a kind. Those that leave nothing settled need no preparing.

        Raises:
            Permanent: somebody has done in the meantime what the job was to do.
        """
        prepare = {
            "answer": self._unanswered,
            "deliver": self._unsent,
            "fetch_media": self._unfetched,
        }.get(task)
        if prepare is None:
            return
        async with self.units() as unit:
            try:
                message = await unit.messages.get(
                    UUID(arguments["merchant_id"]), UUID(arguments["message_id"]), lock=True
                )
            except NotFound:
                # It was erased: the job says so itself.
                return
            await prepare(unit, message)
            await notify_thread(unit, message)
            await unit.commit()

    async def _unanswered(self, unit: UnitOfWork, message: Message) -> None:
        conversation = await unit.conversations.get(
            message.merchant_id, message.conversation_id, lock=True
        )
        thread = await unit.messages.thread(message.merchant_id, conversation.id)
        if any(one.author is Author.agent and one.id > message.id for one in thread):
            raise Permanent("an agent has answered in the meantime")
        if conversation.holder is Holder.waiting and conversation.topic == BY_ENGINE:
            await self._back_to_the_bot(unit, conversation)
        head = message.answers_with or message.id
        for one in (message, await unit.messages.get(message.merchant_id, head)):
            one.answered_at = None
            for other in await unit.messages.answered_with(one):
                other.answered_at = None

    async def _back_to_the_bot(self, unit: UnitOfWork, conversation: Conversation) -> None:
        """Nobody has taken what people were called for; with a person awaited the bot is silent."""
        now = self.clock.now()
        case = await unit.cases.open(conversation.merchant_id, conversation.id)
        if case is not None:
            case.close(None, "", now)
        conversation.hand_back()
        await note(unit, conversation, now, "done_again")

    async def _unsent(self, unit: UnitOfWork, message: Message) -> None:
        if message.status is not MessageStatus.failed:
            return
        other = await _told_instead(unit, message)
        if other is not None:
            raise Permanent(f"the customer is told by {other.channel} instead")
        message.queue_again()

    async def _unfetched(self, unit: UnitOfWork, message: Message) -> None:
        found = await unit.media.of_message(message.merchant_id, message.id)
        if found is not None and found.error:
            await unit.media.remove(found)


async def _told_instead(unit: UnitOfWork, message: Message) -> Message | None:
    """The same notice on another channel, where it went or goes out."""
    first = (await earlier(unit, message))[-1]
    same = [first]
    for other in await unit.messages.notices_since(
        message.merchant_id, message.conversation_id, first.id
    ):
        if other.stands_in_for in {one.id for one in same}:
            same.append(other)
    return next(
        (one for one in same if one is not message and one.status is not MessageStatus.failed), None
    )
