"""Putting our own messages into a thread, each with the job that delivers it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from bot.domain.consent import Purpose
from bot.domain.conversation import (
    Author,
    Conversation,
    Identity,
    Message,
    MessageStatus,
    Question,
)
from bot.domain.ids import new_id
from bot.domain.pace import Urgency
from bot.services.ports import Say, UnitOfWork

QUESTION_OPEN_FOR = timedelta(days=3)


async def post(  # noqa: PLR0913  all but the place are by name, and most have their default
    unit: UnitOfWork,
    conversation: Conversation,
    identity: Identity,
    now: datetime,
    *,
    author: Author,
    say: Say | None = None,
    text: str = "",
    key: str | None = None,
    purpose: str = "service",
    in_reply_to: UUID | None = None,
    agent_id: UUID | None = None,
    stands_in_for: UUID | None = None,
    open_for: timedelta = QUESTION_OPEN_FOR,
    hold: timedelta = timedelta(),
    kind: str = "text",
    details: Mapping[str, str] = MappingProxyType({}),
) -> Message | None:
    """Queue one message to the customer: the row and its job, in the unit's transaction.

    A message is either `say` (worded at delivery) or `text` (an agent's own words). `key`
    names the effect: a second message under the same key is not made, and None is returned.
    It is not sent before `hold` has gone by.
    """
    message = Message(
        id=new_id(),
        merchant_id=conversation.merchant_id,
        conversation_id=conversation.id,
        author=author,
        created_at=now,
        status=MessageStatus.queued,
        channel=identity.channel,
        account_id=identity.account_id,
        identity_id=identity.id,
        kind=kind,
        text=text,
        variables=dict(details),
        key=key,
        purpose=purpose,
        in_reply_to=in_reply_to,
        agent_id=agent_id,
        stands_in_for=stands_in_for,
    )
    question = _question(conversation, say, now, open_for) if say else None
    if say is not None:
        message.say, message.variables = say.say, dict(say.variables)
        message.options = [dict(option) for option in say.options]
    if question is not None:
        unit.add(question)
        await unit.flush()
        message.question_id = question.id
    if not await unit.messages.add_once(message):
        return None
    conversation.last_message_at = now
    await defer_delivery(unit, message, at=now + hold if hold else None)
    await notify_thread(unit, conversation)
    return message


async def defer_delivery(unit: UnitOfWork, message: Message, *, at: datetime | None = None) -> None:
    """Have a message delivered, after those before it to the same address."""
    await unit.jobs.defer(
        "deliver",
        # In order on each channel; a slow channel does not hold back another one.
        lock=f"deliver:{message.identity_id}",
        at=at,
        urgency=urgency_of(message.author, message.purpose),
        merchant_id=str(message.merchant_id),
        message_id=str(message.id),
    )


async def park(
    unit: UnitOfWork, message: Message, conversation: Conversation, why: str, now: datetime
) -> None:
    """Let a message wait until the customer writes again, where those who see the thread see it."""
    message.park(why)
    await note(unit, conversation, now, "parked", reason=why)


def urgency_of(author: Author, purpose: str) -> Urgency:
    """Answers overtake notices, and notices what nobody waits for."""
    if author is not Author.flow:
        return Urgency.answer
    return Urgency.notice if purpose in {Purpose.service, Purpose.progress} else Urgency.bulk


def _question(
    conversation: Conversation, say: Say, now: datetime, open_for: timedelta
) -> Question | None:
    if say.question is None and not say.options:
        return None
    asked: Mapping[str, Any] = say.question or {}
    return Question(
        id=new_id(),
        merchant_id=conversation.merchant_id,
        conversation_id=conversation.id,
        asked_at=now,
        loop=asked.get("loop"),
        requested=asked.get("requested"),
        slots=dict(asked.get("slots") or {}),
        options=[dict(option) for option in say.options],
        session=asked.get("session"),
        expires_at=now + open_for,
    )


async def post_all(
    unit: UnitOfWork,
    conversation: Conversation,
    identity: Identity,
    now: datetime,
    replies: Sequence[Say],
    *,
    in_reply_to: UUID,
) -> None:
    """Queue the bot's replies to one message, each under a key of its own."""
    for place, say in enumerate(replies):
        await post(
            unit,
            conversation,
            identity,
            now,
            author=Author.bot,
            say=say,
            key=f"reply:{in_reply_to}:{place}",
            in_reply_to=in_reply_to,
        )


async def note(
    unit: UnitOfWork,
    conversation: Conversation,
    now: datetime,
    what: str,
    **details: str,
) -> None:
    """Put a line into the thread that only agents see; `what` names it ("handed_over")."""
    unit.add(
        Message(
            id=new_id(),
            merchant_id=conversation.merchant_id,
            conversation_id=conversation.id,
            author=Author.system,
            created_at=now,
            status=MessageStatus.received,
            kind="note",
            text=what,
            variables=dict(details),
        )
    )
    await notify_thread(unit, conversation)


async def notify_thread(unit: UnitOfWork, thread: Conversation | Message) -> None:
    """Tell the consoles that a thread has changed, of which a message may be all that is known."""
    known = thread.conversation_id if isinstance(thread, Message) else thread.id
    await unit.notify("thread", {"merchant": str(thread.merchant_id), "conversation": str(known)})
