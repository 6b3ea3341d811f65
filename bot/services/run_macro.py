"""A macro: several acts of an agent by one key, all of them or none."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from bot.domain.case import Priority, SnoozedFor
from bot.domain.clock import Clock
from bot.domain.conversation import Conversation
from bot.domain.desk import Act, Desk
from bot.domain.durations import read_duration
from bot.domain.errors import NotFound
from bot.domain.merchant import User
from bot.services.agents import held
from bot.services.audit import audit
from bot.services.desk import desk_of
from bot.services.hand_back import say_goodbye, settle
from bot.services.ports import UnitOfWork, Units
from bot.services.post import notify_thread
from bot.services.prepare_reply import PrepareReply
from bot.services.reply_as_agent import reply
from bot.services.work_case import comment, put_aside, set_priority, set_tag


@dataclass(frozen=True)
class RunMacro:
    """Runs one of the merchant's macros on a conversation that the user holds."""

    units: Units
    clock: Clock
    prepare: PrepareReply

    async def __call__(self, user: User, conversation_id: UUID, name: str, draft: UUID) -> None:
        """Do all of it in one transaction; `draft` names it, so that a second click does nothing.

        Raises:
            NotFound: there is no such conversation or macro.
            Refused: the user does not hold it.
        """
        async with self.units() as unit:
            conversation = await held(unit, user, conversation_id)
            desk = desk_of(await unit.merchants.get(user.merchant_id))
            macro = desk.macros.get(name)
            if macro is None:
                raise NotFound("there is no such macro")
            audit(unit, user, "ran_macro", ("conversation", conversation.id), self.clock.now())
            for place, (act, value) in enumerate(macro.acts):
                once = uuid5(draft, str(place))
                await self._do(unit, user, conversation, act, value, desk=desk, once=once)
            await notify_thread(unit, conversation)
            await unit.commit()

    async def _do(
        self,
        unit: UnitOfWork,
        user: User,
        conversation: Conversation,
        act: Act,
        value: str,
        *,
        desk: Desk,
        once: UUID,
    ) -> None:
        now = self.clock.now()
        if act is Act.reply:
            words = await self.prepare.word(unit, user, conversation, desk.replies[value])
            await reply(unit, user, conversation, words, once, self.clock)
        elif act is Act.note:
            await comment(unit, user, conversation, value, now)
        elif act is Act.tag:
            set_tag(conversation, value, on=True)
        elif act is Act.priority:
            await set_priority(unit, user, conversation, Priority(value), now)
        elif act is Act.snooze:
            parcel = value == SnoozedFor.parcel_moves
            why = SnoozedFor.parcel_moves if parcel else SnoozedFor.time
            until = None if parcel else now + read_duration("snooze", value)
            await put_aside(unit, user, conversation, why, until, now)
        else:
            await settle(unit, user, conversation, value, now)
            await say_goodbye(unit, user, conversation, now)
