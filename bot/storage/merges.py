"""Two contacts that become one, and one that becomes two: whose each row is."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, false, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.conversation import Contact, Conversation, Identity
from bot.domain.errors import NotFound
from bot.domain.merge import Merge, Parting
from bot.domain.shipment import Shipment
from bot.storage import tables as t

OF_CONTACT: tuple[tuple[Table, str], ...] = (
    (t.identities, "contact_id"),
    (t.shipments, "contact_id"),
    (t.surveys, "contact_id"),
    (t.consents, "contact_id"),
    (t.contacts, "merged_into"),
)
"""What goes with a contact; proofs stay, since they say what was done with that one's data."""
OF_THREAD: tuple[tuple[Table, str], ...] = tuple(
    (table, "conversation_id")
    for table in (
        *(t.cases, t.questions, t.messages),
        *(t.delivery_requests, t.access_codes, t.parcel_grants),
    )
)
"""What goes with a thread; how far each agent has read it does not."""


class Merges:
    """See `bot.services.ports.Merges`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def locked(
        self, merchant_id: UUID, contacts: Collection[UUID]
    ) -> Sequence[tuple[Contact, Conversation | None]]:
        people = await self._locked(Contact, t.contacts, "id", merchant_id, contacts)
        threads = await self._locked(
            Conversation, t.conversations, "contact_id", merchant_id, contacts
        )
        found = {person.id: person for person in people}
        talks = {thread.contact_id: thread for thread in threads}
        if not set(contacts) <= set(found):
            raise NotFound("there is no such contact")
        return [(found[one], talks.get(one)) for one in contacts]

    async def _locked(
        self, kind: Any, table: Table, column: str, merchant_id: UUID, ids: Collection[UUID]
    ) -> Sequence[Any]:
        """Whole rows, so that nothing that refers to them is begun until the commit."""
        query = (
            select(kind)
            .where(table.c.merchant_id == merchant_id, table.c[column].in_(list(ids)))
            .order_by(table.c.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return (await self._session.scalars(query)).all()

    async def move(
        self, merchant_id: UUID, contact: tuple[UUID, UUID], thread: tuple[UUID, UUID] | None
    ) -> dict[str, list[str]]:
        await self._session.flush()
        moved = await self._all_of(OF_CONTACT, merchant_id, contact)
        if thread is not None:
            moved |= await self._all_of(OF_THREAD, merchant_id, thread)
            await self._forget_question_sessions(thread[1])
        return moved

    async def move_back(self, merge: Merge, thread: tuple[UUID, UUID] | None) -> None:
        await self._session.flush()
        contact = (merge.contact_id, merge.other_id)
        for parts, pair in ((OF_CONTACT, contact), (OF_THREAD, thread)):
            if pair is None:
                continue
            for table, column in parts:
                ids = [UUID(one) for one in merge.moved.get(table.name, [])]
                await self._give(table, column, merge.merchant_id, pair, table.c.id.in_(ids))
        await self._follow_parcels(merge, contact, thread)
        if thread is not None:
            ids = [UUID(one) for one in merge.moved.get("identities", [])]
            await self._follow_addresses(merge.merchant_id, thread, ids)

    async def take_out(
        self, identity: Identity, contact_id: UUID, thread: tuple[UUID, UUID] | None
    ) -> None:
        await self._session.flush()
        if thread is not None:
            await self._follow_addresses(identity.merchant_id, thread, [identity.id])
        identity.contact_id = contact_id
        await self._session.flush()

    async def said_on(self, identity: Identity) -> tuple[datetime, datetime] | None:
        table = t.messages.c
        query = select(func.min(table.created_at), func.max(table.created_at)).where(
            table.merchant_id == identity.merchant_id, table.identity_id == identity.id
        )
        first, last = (await self._session.execute(query)).one()
        return None if first is None else (first, last)

    async def end_thread(self, conversation: Conversation) -> None:
        await self._session.flush()
        for table in (t.reads, t.presences):
            await self._session.execute(
                table.delete().where(table.c.conversation_id == conversation.id)
            )
        # Whoever is writing into it just now fails by this, and finds the right one next time.
        await self._session.delete(conversation)
        await self._session.flush()

    async def forget(self, table: str, ids: Collection[UUID]) -> None:
        rows = t.metadata.tables[table]
        await self._session.execute(rows.delete().where(rows.c.id.in_(list(ids))))

    async def of_contact(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Merge]:
        table = t.merges.c
        query = select(Merge).where(
            table.merchant_id == merchant_id, table.contact_id == contact_id
        )
        return (await self._session.scalars(query.order_by(table.id.desc()))).all()

    async def get(self, merchant_id: UUID, merge_id: UUID) -> Merge:
        table = t.merges.c
        query = select(Merge).where(table.merchant_id == merchant_id, table.id == merge_id)
        found = await self._session.scalar(query.with_for_update())
        if found is None:
            raise NotFound("there is no such merge")
        return found

    async def parting(self, merge: Merge) -> Parting:
        table = t.shipments.c
        moved = [UUID(one) for one in merge.moved.get("shipments", [])]
        goes = or_(table.id.in_(moved), _came_for(merge))
        theirs = (
            select(Shipment)
            .where(table.merchant_id == merge.merchant_id, table.contact_id == merge.contact_id)
            .order_by(table.id)
        )
        since = theirs.where(table.created_at > merge.at, not_(goes))
        return Parting(
            (await self._session.scalars(theirs.where(goes))).all(),
            (await self._session.scalars(since)).all(),
        )

    async def thread_of(self, merchant_id: UUID, conversation_id: UUID) -> UUID | None:
        merges, threads, people = t.merges.c, t.conversations.c, t.contacts.c
        # Into whom they went: by a later merge that may be somebody else than at first.
        query = (
            select(threads.id)
            .join(t.contacts, people.merged_into == threads.contact_id)
            .join(t.merges, merges.other_id == people.id)
            .where(
                merges.merchant_id == merchant_id,
                merges.conversation_id == conversation_id,
                merges.undone_at.is_(None),
            )
            .limit(1)
        )
        return await self._session.scalar(query)

    async def alike(
        self, merchant_id: UUID, contact: Contact, typed: str, limit: int
    ) -> Sequence[Contact]:
        people = t.contacts.c
        condition = _found_by(merchant_id, typed) if typed else _resembling(contact)
        query = (
            select(Contact)
            .where(
                people.merchant_id == merchant_id,
                people.merged_into.is_(None),
                people.id != contact.id,
                condition,
            )
            .order_by(people.id.desc())
            .limit(limit)
        )
        return (await self._session.scalars(query)).all()

    async def _all_of(
        self, parts: Sequence[tuple[Table, str]], merchant_id: UUID, pair: tuple[UUID, UUID]
    ) -> dict[str, list[str]]:
        moved: dict[str, list[str]] = {}
        for table, column in parts:
            ids = await self._give(table, column, merchant_id, pair)
            if ids:
                moved[table.name] = [str(one) for one in ids]
        return moved

    async def _give(
        self,
        table: Table,
        column: str,
        merchant_id: UUID,
        pair: tuple[UUID, UUID],
        which: ColumnElement[bool] | None = None,
    ) -> Sequence[UUID]:
        """Give rows of the first of a pair to the second."""
        statement = (
            table.update()
            .where(table.c.merchant_id == merchant_id, table.c[column] == pair[0])
            .values({column: pair[1]})
            .returning(table.c.id)
        )
        if which is not None:
            statement = statement.where(which)
        return (await self._session.scalars(statement)).all()

    async def _follow_parcels(
        self, merge: Merge, contact: tuple[UUID, UUID], thread: tuple[UUID, UUID] | None
    ) -> None:
        """Give the other the parcels that came since for them, and what was asked about any of theirs."""
        merchant = merge.merchant_id
        await self._give(t.shipments, "contact_id", merchant, contact, _came_for(merge))
        theirs = select(t.shipments.c.id).where(
            t.shipments.c.merchant_id == merchant, t.shipments.c.contact_id == merge.other_id
        )
        about = t.surveys.c.shipment_id.in_(theirs)
        await self._give(t.surveys, "contact_id", merchant, contact, about)
        if thread is not None:
            about = t.delivery_requests.c.shipment_id.in_(theirs)
            await self._give(t.delivery_requests, "conversation_id", merchant, thread, about)

    async def _follow_addresses(
        self, merchant_id: UUID, thread: tuple[UUID, UUID], identities: Sequence[UUID]
    ) -> None:
        """Give what was said on addresses, and what was asked there, to another thread."""
        said = t.messages.c.identity_id.in_(list(identities))
        asked = select(t.messages.c.question_id).where(
            t.messages.c.conversation_id == thread[0], said, t.messages.c.question_id.is_not(None)
        )
        questions = t.questions.c.id.in_(asked)
        await self._give(t.questions, "conversation_id", merchant_id, thread, questions)
        await self._give(t.messages, "conversation_id", merchant_id, thread, said)
        await self._forget_question_sessions(thread[1])

    async def _forget_question_sessions(self, conversation_id: UUID) -> None:
        """The engine knows the thread's open questions by no session any more, and is told anew."""
        table = t.questions
        await self._session.execute(
            table.update()
            .where(table.c.conversation_id == conversation_id, table.c.closed_at.is_(None))
            .values(session=None)
        )


def _came_for(merge: Merge) -> ColumnElement[bool]:
    """Parcels whose number or mail address is the other's, or of who had gone into the other."""
    other = [merge.other_id, *(UUID(one) for one in merge.moved.get("contacts", []))]
    return func.coalesce(t.shipments.c.addressed_to.in_(other), false())


def _found_by(merchant_id: UUID, typed: str) -> ColumnElement[bool]:
    """By name, mail address, number, an address on a channel, an order or a tracking number."""
    people, known, parcels = t.contacts.c, t.identities.c, t.shipments.c
    part, whole = f"%{_escaped(typed)}%", _escaped(typed.replace(" ", ""))
    addressed = select(known.contact_id).where(
        known.merchant_id == merchant_id, known.address.ilike(f"%{whole}")
    )
    numbered = select(parcels.contact_id).where(
        parcels.merchant_id == merchant_id,
        or_(parcels.reference.ilike(whole), parcels.tracking_number.ilike(whole)),
    )
    return or_(
        people.name.ilike(part),
        people.email.ilike(part),
        people.phone.like(f"%{whole.lstrip('0') or whole}"),
        people.id.in_(addressed),
        people.id.in_(numbered),
    )


def _resembling(contact: Contact) -> ColumnElement[bool]:
    """The same name, or mail address; nobody, where neither is known."""
    people = t.contacts.c
    name = (func.lower(people.name) == contact.name.lower()) & (people.name != "")
    return or_(name, func.lower(people.email) == (contact.email or "").lower())


def _escaped(typed: str) -> str:
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
