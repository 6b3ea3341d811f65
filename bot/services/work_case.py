"""What agents do with a case besides writing: pass it on, put it aside, mark it, note things."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.domain.case import LONGEST_SNOOZE, Case, Priority, SnoozedFor
from bot.domain.clock import Clock
from bot.domain.conversation import Author, Conversation, Holder, Message, MessageStatus
from bot.domain.desk import read_tag
from bot.domain.errors import Invalid, Refused
from bot.domain.ids import new_id
from bot.domain.merchant import User
from bot.services.agents import held
from bot.services.audit import audit
from bot.services.desk import desk_of, working_time
from bot.services.ports import UnitOfWork, Units
from bot.services.post import note, notify_thread
from bot.services.reply_as_agent import checked

MOST_TAGS = 12
COMMENT = "comment"
"""The kind of a note that an agent wrote."""
_MENTION = re.compile(r"(?<!\w)@([\w.-]+)")


@dataclass(frozen=True)
class WorkCase:
    """The acts on a conversation's case. Each raises NotFound where there is none of that id."""

    units: Units
    clock: Clock

    async def transfer(
        self, user: User, conversation_id: UUID, to: UUID | None, words: str = ""
    ) -> None:
        """Give it to another agent, or with None back to whoever takes it; `words` say why.

        Raises:
            Refused: the user does not hold it, or the other does not work here.
        """
        async with self.units() as unit:
            conversation = await held(unit, user, conversation_id)
            now = self.clock.now()
            case = await _case(unit, conversation)
            if to is None:
                conversation.put_back(now)
                case.put_back()
                await note(unit, conversation, now, "put_back", name=user.name)
            else:
                other = await unit.merchants.user(to)
                if other is None or other.merchant_id != user.merchant_id or not other.active:
                    raise Refused("no_such_colleague")
                conversation.pass_to(other.id)
                case.take(other.id)
                await note(unit, conversation, now, "transferred", name=user.name, other=other.name)
            audit(unit, user, "transferred", ("conversation", conversation.id), now)
            if words.strip():
                await comment(unit, user, conversation, checked(words), now)
            await unit.commit()

    async def snooze(
        self, user: User, conversation_id: UUID, why: SnoozedFor, until: datetime | None
    ) -> None:
        """Put it aside until a time or an event, or until the customer writes.

        Raises:
            Refused: the user does not hold it.
            Invalid: the time is past or too far away.
        """
        async with self.units() as unit:
            conversation = await held(unit, user, conversation_id)
            await put_aside(unit, user, conversation, why, until, self.clock.now())
            await unit.commit()

    async def wake(self, user: User, conversation_id: UUID) -> None:
        """End a snooze; where there is none nothing happens."""
        async with self.units() as unit:
            conversation = await held(unit, user, conversation_id)
            case, now = await _case(unit, conversation), self.clock.now()
            merchant = await unit.merchants.get(user.merchant_id)
            if case.resume(await working_time(unit, merchant), now):
                await note(unit, conversation, now, "woken", why="by_hand")
            await unit.commit()

    async def tag(self, user: User, conversation_id: UUID, text: str, *, on: bool = True) -> None:
        """Add a tag, or take it off. Raises Invalid for what is no tag, or one too many."""
        word = read_tag(text)
        async with self.units() as unit:
            conversation = await unit.conversations.get(
                user.merchant_id, conversation_id, lock=True
            )
            set_tag(conversation, word, on=on)
            audit(unit, user, "tagged", ("conversation", conversation.id), self.clock.now())
            await notify_thread(unit, conversation)
            await unit.commit()

    async def prioritise(self, user: User, conversation_id: UUID, priority: Priority) -> None:
        """Change how urgent it is; its clocks start anew from when it was opened.

        Raises:
            Refused: there is no open case.
        """
        async with self.units() as unit:
            conversation = await unit.conversations.get(
                user.merchant_id, conversation_id, lock=True
            )
            await set_priority(unit, user, conversation, priority, self.clock.now())
            await unit.commit()

    async def comment(self, user: User, conversation_id: UUID, text: str) -> None:
        """Write a note that only colleagues see; `@name` calls somebody. Raises Invalid."""
        words = checked(text)
        async with self.units() as unit:
            conversation = await unit.conversations.get(user.merchant_id, conversation_id)
            await comment(unit, user, conversation, words, self.clock.now())
            await unit.commit()


async def put_aside(
    unit: UnitOfWork,
    user: User,
    conversation: Conversation,
    why: SnoozedFor,
    until: datetime | None,
    now: datetime,
) -> None:
    """Snooze a conversation's case. Raises Invalid for a time that makes no sense."""
    if why is SnoozedFor.time and until is None:
        raise Invalid(("until", "choose a time"))
    if until is not None and not now < until <= now + LONGEST_SNOOZE:
        raise Invalid(("until", f"must be within the next {LONGEST_SNOOZE.days} days"))
    case = await _case(unit, conversation)
    case.snooze(why, until, now)
    audit(unit, user, "snoozed", ("conversation", conversation.id), now)
    said = until.isoformat() if until else ""
    await note(unit, conversation, now, f"snoozed_{why}", name=user.name, until=said)


def set_tag(conversation: Conversation, word: str, *, on: bool) -> None:
    """Add or take off a tag. Raises Invalid for one too many."""
    rest = [tag for tag in conversation.tags if tag.casefold() != word.casefold()]
    if on and len(rest) >= MOST_TAGS:
        raise Invalid(("tag", f"a conversation has at most {MOST_TAGS} tags"))
    conversation.tags = [*rest, word] if on else rest


async def set_priority(
    unit: UnitOfWork, user: User, conversation: Conversation, priority: Priority, now: datetime
) -> None:
    """Change the open case's priority, and its clocks with it."""
    case = await _case(unit, conversation)
    if case.priority is priority:
        return
    merchant = await unit.merchants.get(user.merchant_id)
    case.priority = priority
    case.start(desk_of(merchant).targets.get(priority), await working_time(unit, merchant))
    audit(unit, user, "prioritised", ("conversation", conversation.id), now)
    await note(unit, conversation, now, "prioritised", name=user.name, priority=priority.value)


async def comment(
    unit: UnitOfWork, user: User, conversation: Conversation, words: str, now: datetime
) -> None:
    """Put an agent's note into the thread."""
    team = [one.user for one in await unit.cases.colleagues(user.merchant_id, now)]
    called = [one for one in team if one.id in mentioned(words, team) and one.id != user.id]
    unit.add(
        Message(
            id=new_id(),
            merchant_id=user.merchant_id,
            conversation_id=conversation.id,
            author=Author.system,
            created_at=now,
            status=MessageStatus.received,
            kind=COMMENT,
            text=words,
            agent_id=user.id,
            variables={"mentions": [str(one.id) for one in called]},
        )
    )
    audit(unit, user, "noted", ("conversation", conversation.id), now)
    await notify_thread(unit, conversation)


def mentioned(words: str, team: Sequence[User]) -> set[UUID]:
    """Who is called in a note: by first name, by whole name in one word, or by mail name."""
    called = {found.casefold().rstrip(".") for found in _MENTION.findall(words)}
    return {
        one.id
        for one in team
        if called
        & {
            (one.name.split() or [""])[0].casefold(),
            "".join(one.name.split()).casefold(),
            one.email.partition("@")[0].casefold(),
        }
    }


async def _case(unit: UnitOfWork, conversation: Conversation) -> Case:
    case = await unit.cases.open(conversation.merchant_id, conversation.id)
    if case is None or conversation.holder is Holder.bot:
        raise Refused("no_case")
    return case
