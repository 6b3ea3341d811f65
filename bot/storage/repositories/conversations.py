"""Conversations, their messages, questions and files."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import (
    Select,
    bindparam,
    func,
    or_,
    select,
)

from bot.domain.conversation import (
    Author,
    Contact,
    Conversation,
    Identity,
    Message,
    MessageStatus,
    Question,
)
from bot.domain.errors import NotFound
from bot.domain.media import Media
from bot.domain.merchant import Merchant
from bot.storage import ahead
from bot.storage import tables as t
from bot.storage.repositories.base import Repository
from bot.storage.undelivered import not_delivered


@cache
def _message(*, lock: bool) -> Select[Message, Conversation, Contact, Merchant, Identity, Question]:
    """A message, and with it what nearly everybody who reads it asks for next."""
    messages, conversations = t.messages.c, t.conversations.c
    query = (
        select(Message, Conversation, Contact, Merchant, Identity, Question)
        .join_from(t.messages, t.conversations, conversations.id == messages.conversation_id)
        .join(t.contacts, t.contacts.c.id == conversations.contact_id)
        .join(t.merchants, t.merchants.c.id == messages.merchant_id)
        .outerjoin(t.identities, t.identities.c.id == messages.identity_id)
        .outerjoin(t.questions, t.questions.c.id == messages.question_id)
        .where(messages.merchant_id == bindparam("merchant"), messages.id == bindparam("message"))
    )
    if lock:
        query = query.with_for_update(of=t.messages).execution_options(populate_existing=True)
    return query


@cache
def _conversation() -> Select[Conversation]:
    table = t.conversations.c
    return (
        select(Conversation)
        .where(table.merchant_id == bindparam("merchant"), table.id == bindparam("conversation"))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


@cache
def _open_questions() -> Select[Question]:
    table = t.questions.c
    return (
        select(Question)
        .where(
            table.merchant_id == bindparam("merchant"),
            table.conversation_id == bindparam("conversation"),
            table.closed_at.is_(None),
        )
        .order_by(table.id.desc())
        .limit(10)
    )


class Conversations(Repository):
    async def get(
        self, merchant_id: UUID, conversation_id: UUID, *, lock: bool = False
    ) -> Conversation:
        if not lock:
            return await self._by_id(Conversation, conversation_id, merchant_id, "conversation")
        values = {"merchant": merchant_id, "conversation": conversation_id}
        found = await self._session.scalar(_conversation(), values)
        if found is None:
            raise NotFound("there is no such conversation")
        return found

    async def of_contact(self, merchant_id: UUID, contact_id: UUID) -> Conversation | None:
        known = ahead.of(self._session, ahead.CONVERSATIONS, contact_id)
        if known is not ahead.NOTHING:
            return next((thread for thread in known if thread.merchant_id == merchant_id), None)
        table = t.conversations
        return await self._first(
            select(Conversation).where(
                table.c.merchant_id == merchant_id, table.c.contact_id == contact_id
            )
        )

    async def find(self, conversation_id: UUID) -> Conversation:
        return await self._one(
            select(Conversation).where(t.conversations.c.id == conversation_id), "conversation"
        )


class Messages(Repository):
    async def get(self, merchant_id: UUID, message_id: UUID, *, lock: bool = False) -> Message:
        known = ahead.of(self._session, ahead.MESSAGE, message_id)
        if known is not ahead.NOTHING and known.merchant_id == merchant_id:
            return known
        values = {"merchant": merchant_id, "message": message_id}
        row = (await self._session.execute(_message(lock=lock), values)).first()
        if row is None:
            raise NotFound("there is no such message")
        self._read = row
        return row[0]

    async def find(self, message_id: UUID) -> Message:
        return await self._one(select(Message).where(t.messages.c.id == message_id), "message")

    async def named(
        self, merchant_id: UUID, conversation_id: UUID, provider_id: str
    ) -> Message | None:
        table = t.messages.c
        theirs = or_(table.key == provider_id, table.variables["id"].as_string() == provider_id) & (
            table.author == Author.customer
        )
        ours = table.provider_ids.contains([provider_id]) & (table.author != Author.customer)
        return await self._first(
            select(Message)
            .where(
                table.merchant_id == merchant_id,
                table.conversation_id == conversation_id,
                or_(theirs, ours),
            )
            .order_by(table.id.desc())
        )

    async def unsent(self, merchant_id: UUID, identity_id: UUID) -> Sequence[Message]:
        table = t.messages.c
        waiting = table.status.in_((MessageStatus.queued, MessageStatus.parked))
        return await self._all(
            select(Message)
            .where(table.merchant_id == merchant_id, table.identity_id == identity_id, waiting)
            .with_for_update()
        )

    async def parked(self, merchant_id: UUID, identity_id: UUID) -> Sequence[Message]:
        table = t.messages.c
        query = select(Message).where(
            table.merchant_id == merchant_id,
            table.identity_id == identity_id,
            table.status == MessageStatus.parked,
        )
        return await self._all(query.order_by(table.id).with_for_update())

    async def add_inbound(self, message: Message) -> bool:
        return await self._insert(t.messages, message)

    async def add_once(self, message: Message) -> bool:
        return await self._insert(t.messages, message)

    async def thread(
        self, merchant_id: UUID, conversation_id: UUID, limit: int = 200
    ) -> Sequence[Message]:
        table = t.messages
        newest = await self._all(
            select(Message)
            .where(table.c.merchant_id == merchant_id, table.c.conversation_id == conversation_id)
            .order_by(table.c.id.desc())
            .limit(limit)
        )
        return list(reversed(newest))

    async def of_question(self, merchant_id: UUID, question_id: UUID) -> Message | None:
        table = t.messages
        return await self._first(
            select(Message).where(
                table.c.merchant_id == merchant_id, table.c.question_id == question_id
            )
        )

    async def unanswered(
        self, merchant_id: UUID, conversation_id: UUID, after: UUID
    ) -> Sequence[Message]:
        table = t.messages
        return await self._all(
            select(Message)
            .where(
                table.c.merchant_id == merchant_id,
                table.c.conversation_id == conversation_id,
                table.c.id > after,
                table.c.author == Author.customer,
                table.c.answered_at.is_(None),
            )
            .order_by(table.c.id)
            .limit(20)
        )

    async def notices_since(
        self, merchant_id: UUID, conversation_id: UUID, after: UUID
    ) -> Sequence[Message]:
        table = t.messages.c
        query = select(Message).where(
            table.merchant_id == merchant_id,
            table.conversation_id == conversation_id,
            table.id > after,
            table.author == Author.flow,
        )
        return await self._all(query.order_by(table.id))

    async def undelivered(
        self, merchant_id: UUID, before: UUID | None, limit: int
    ) -> Sequence[tuple[Message, str]]:
        query = (
            select(Message, func.coalesce(t.identities.c.address, ""))
            .outerjoin(t.identities, t.identities.c.id == t.messages.c.identity_id)
            .where(not_delivered(merchant_id))
            .order_by(t.messages.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(t.messages.c.id < before)
        return [(message, to) for message, to in await self._session.execute(query)]

    async def written_since(self, merchant_id: UUID, conversation_id: UUID, after: UUID) -> bool:
        table = t.messages
        return bool(
            await self._session.scalar(
                select(
                    select(table.c.id)
                    .where(
                        table.c.merchant_id == merchant_id,
                        table.c.conversation_id == conversation_id,
                        table.c.id > after,
                        table.c.author == Author.customer,
                    )
                    .exists()
                )
            )
        )

    async def answered_with(self, head: Message) -> Sequence[Message]:
        table = t.messages
        return await self._all(
            select(Message)
            .where(
                table.c.merchant_id == head.merchant_id,
                table.c.conversation_id == head.conversation_id,
                table.c.id >= head.id,
                table.c.answers_with == head.id,
            )
            .order_by(table.c.id)
        )


class Questions(Repository):
    async def get(self, merchant_id: UUID, question_id: UUID) -> Question | None:
        found = await self._session.get(Question, question_id)
        return found if found is not None and found.merchant_id == merchant_id else None

    async def newest(
        self, merchant_id: UUID, conversation_id: UUID, before: datetime
    ) -> Question | None:
        table = t.questions
        return await self._first(
            select(Question)
            .where(
                table.c.merchant_id == merchant_id,
                table.c.conversation_id == conversation_id,
                table.c.asked_at <= before,
            )
            .order_by(table.c.id.desc())
        )

    async def open(self, merchant_id: UUID, conversation_id: UUID) -> Sequence[Question]:
        values = {"merchant": merchant_id, "conversation": conversation_id}
        return (await self._session.scalars(_open_questions(), values)).all()


class MediaFiles(Repository):
    async def of_message(self, merchant_id: UUID, message_id: UUID) -> Media | None:
        table = t.media.c
        return await self._first(
            select(Media).where(table.merchant_id == merchant_id, table.message_id == message_id)
        )

    async def of_messages(
        self, merchant_id: UUID, messages: Iterable[UUID]
    ) -> Mapping[UUID, Media]:
        table = t.media.c
        found = await self._all(
            select(Media).where(
                table.merchant_id == merchant_id, table.message_id.in_(list(messages))
            )
        )
        return {media.message_id: media for media in found}

    async def find(self, media_id: UUID) -> Media:
        return await self._one(select(Media).where(t.media.c.id == media_id), "file")

    async def older_than(self, before: datetime, limit: int) -> Sequence[Media]:
        table = t.media.c
        query = select(Media).where(table.created_at < before, table.digest != "")
        return await self._all(query.order_by(table.created_at).limit(limit))

    async def remove(self, media: Media) -> None:
        await self._session.delete(media)

    async def has(self, digest: str) -> bool:
        query = select(Media).where(t.media.c.digest == digest)
        return await self._first(query) is not None
