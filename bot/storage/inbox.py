"""The console's and the tracking page's reading: a few queries for a whole page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.conversation import Author, Contact, Holder, MessageStatus
from bot.domain.merchant import AuditEntry, Merchant, User
from bot.domain.request import DeliveryRequest
from bot.domain.shipment import Shipment, TrackingEvent
from bot.services.inbox import (
    Board,
    Day,
    Facts,
    Parcel,
    Queue,
    QueueRow,
    Tracked,
    View,
    ViewName,
)
from bot.storage import board, undelivered
from bot.storage import tables as t
from bot.storage.repositories import Feedback, People, Shipments
from bot.storage.search import Search

MOST_WAITING = 100
MOST_MINE = 50
MOST_RECENT = 60
MOST_PARCELS = 5
CALLED_FOR = timedelta(days=14)
"""How long a call in a note keeps its conversation in the view of those called."""


class Inbox:
    """See `bot.services.inbox.Inbox`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def queue(self, merchant_id: UUID, agent_id: UUID, view: View, *, now: datetime) -> Queue:
        table = t.conversations.c
        ours = table.merchant_id == merchant_id
        awake = t.cases.c.snoozed_for.is_(None)
        waiting = ours & (table.holder == Holder.waiting)
        mine = ours & (table.holder == Holder.agent) & (table.agent_id == agent_id)
        counts, topics, tags = await self._narrowing(merchant_id, agent_id, now)
        rows: Sequence[QueueRow] = ()
        if view.search:
            rows = await self._search(merchant_id, agent_id, view.search)
        elif not view.plain:
            wanted = part(view, merchant_id, agent_id, now) & narrowed(view)
            rows = await self._rows(agent_id, wanted, _FIRST, MOST_RECENT)
        if not view.plain:
            return Queue((), (), (), counts["waiting"], rows, counts, topics, tags)
        recent = ours & (table.holder != Holder.waiting)
        recent &= table.agent_id.is_distinct_from(agent_id)
        newest = (table.last_message_at.desc(),)
        return Queue(
            await self._rows(agent_id, waiting, _FIRST, MOST_WAITING),
            await self._rows(agent_id, mine & awake, _FIRST, MOST_MINE),
            await self._rows(agent_id, recent, newest, MOST_RECENT),
            counts["waiting"],
            (),
            counts,
            topics,
            tags,
        )

    async def _narrowing(
        self, merchant_id: UUID, agent_id: UUID, now: datetime
    ) -> tuple[dict[str, int], list[str], list[str]]:
        """What the views count, and by what the open cases can be narrowed down."""
        cases, threads = t.cases.c, t.conversations.c
        query = (
            select(threads.holder, threads.tags, cases.topic, cases.snoozed_for, DUE.label("due"))
            .select_from(t.cases)
            .join(t.conversations, threads.id == cases.conversation_id)
            .where(cases.merchant_id == merchant_id, cases.closed_at.is_(None))
        )
        found = (await self._session.execute(query)).all()
        counts = {
            "waiting": sum(row.holder is Holder.waiting for row in found),
            "late": sum(
                row.due is not None and row.due <= now and row.snoozed_for is None for row in found
            ),
            "snoozed": sum(row.snoozed_for is not None for row in found),
            "mentions": await self._session.scalar(
                select(func.count()).select_from(t.conversations).where(
                    threads.merchant_id == merchant_id, _mentions(merchant_id, agent_id, now, unread=True)
                )
            ) or 0,
        }  # fmt: skip
        topics = sorted({row.topic for row in found if row.topic})
        return counts, topics, sorted({tag for row in found for tag in row.tags})

    async def _rows(
        self,
        agent_id: UUID,
        condition: ColumnElement[bool],
        order: Sequence[ColumnElement[Any]],
        limit: int,
    ) -> list[QueueRow]:
        threads = t.conversations.c
        # Chosen first, by what is small: the last words are looked up for those alone.
        chosen = (
            select(threads.id)
            .outerjoin(t.contacts, t.contacts.c.id == threads.contact_id)
            .outerjoin(t.identities, t.identities.c.id == threads.identity_id)
            .outerjoin(
                t.cases, (t.cases.c.conversation_id == threads.id) & t.cases.c.closed_at.is_(None)
            )
            .where(condition)
            .order_by(*order, threads.id)
            .limit(limit)
        )
        query = _rows_query(agent_id).where(threads.id.in_(chosen)).order_by(*order, threads.id)
        return [QueueRow(**row) for row in (await self._session.execute(query)).mappings()]

    async def _search(self, merchant_id: UUID, agent_id: UUID, words: str) -> Sequence[QueueRow]:
        """Conversations by what was said, and by who or which parcel it is about."""
        found = await Search(self._session)(merchant_id, words)
        rows = await self._rows(
            agent_id,
            (t.conversations.c.merchant_id == merchant_id) & t.conversations.c.id.in_(list(found)),
            (t.conversations.c.last_message_at.desc(),),
            MOST_RECENT,
        )
        return [replace(row, found=found[row.id]) for row in rows]

    async def board(self, merchant_id: UUID, now: datetime) -> Board:
        return await board.now(self._session, merchant_id, now)

    async def days(
        self, merchant_id: UUID, since: datetime, until: datetime, zone: str
    ) -> Sequence[Day]:
        return await board.days(self._session, merchant_id, since, until, zone)

    async def trail(
        self, merchant_id: UUID, before: datetime | None, limit: int
    ) -> Sequence[tuple[AuditEntry, str]]:
        return await board.trail(self._session, merchant_id, before, limit)

    async def facts(self, merchant_id: UUID, contact_id: UUID) -> Facts:
        people = People(self._session)
        shipments = await Shipments(self._session).of_contact(merchant_id, contact_id)
        return Facts(
            await people.get(merchant_id, contact_id),
            await people.identities(merchant_id, contact_id),
            await self._parcels(merchant_id, shipments[:MOST_PARCELS]),
            len(shipments[MOST_PARCELS:]),
            await Feedback(self._session).surveys(merchant_id, contact_id),
        )

    async def _parcels(self, merchant_id: UUID, shipments: Sequence[Shipment]) -> Sequence[Parcel]:
        ids = [shipment.id for shipment in shipments]
        events: dict[UUID, list[TrackingEvent]] = defaultdict(list)
        requests: dict[UUID, list[DeliveryRequest]] = defaultdict(list)
        told, asked = t.tracking_events.c, t.delivery_requests.c
        for event in await self._session.scalars(
            select(TrackingEvent)
            .where(told.merchant_id == merchant_id, told.shipment_id.in_(ids))
            .order_by(told.at.desc(), told.key.desc())
        ):
            events[event.shipment_id].append(event)
        for request in await self._session.scalars(
            select(DeliveryRequest)
            .where(asked.merchant_id == merchant_id, asked.shipment_id.in_(ids))
            .order_by(asked.id.desc())
        ):
            requests[request.shipment_id].append(request)
        return [Parcel(s, events[s.id], requests[s.id]) for s in shipments]

    async def agents(self, merchant_id: UUID) -> Mapping[UUID, str]:
        users = await self._session.scalars(
            select(User).where(t.users.c.merchant_id == merchant_id)
        )
        return {user.id: user.name for user in users}

    async def tracked(self, shipment_id: UUID) -> Tracked | None:
        shipment = await self._session.scalar(
            select(Shipment).where(t.shipments.c.id == shipment_id)
        )
        if shipment is None:
            return None
        merchant = await self._session.get_one(Merchant, shipment.merchant_id)
        contact = (
            await self._session.get(Contact, shipment.contact_id) if shipment.contact_id else None
        )
        events = await Shipments(self._session).history(merchant.id, shipment.id)
        return Tracked(merchant, shipment, contact, events)


# The target that counts now, as `Case.next_due` says it.
DUE: ColumnElement[Any] = case(
    (t.cases.c.first_response_at.is_(None), t.cases.c.first_due_at),
    (t.cases.c.paused_since.is_(None), t.cases.c.due_at),
    else_=None,
)
# What will be late first, then what has waited longest.
_FIRST: Sequence[ColumnElement[Any]] = (
    DUE.asc().nulls_last(),
    t.conversations.c.waiting_since.asc().nulls_last(),
    t.conversations.c.last_message_at.desc(),
)


def _mentions(
    merchant_id: UUID, agent_id: UUID, now: datetime, *, unread: bool = False
) -> ColumnElement[bool]:
    """Conversations in which an agent was called lately; `unread` since they last looked."""
    messages, reads = t.messages.c, t.reads.c
    called = (
        select(messages.conversation_id)
        .outerjoin(
            t.reads,
            (reads.conversation_id == messages.conversation_id) & (reads.user_id == agent_id),
        )
        .where(
            messages.merchant_id == merchant_id,
            messages.kind == "comment",
            messages.created_at > now - CALLED_FOR,
            messages.variables["mentions"].contains([str(agent_id)]),
        )
    )
    if unread:
        called = called.where(or_(reads.at.is_(None), messages.created_at > reads.at))
    return t.conversations.c.id.in_(called)


def part(view: View, merchant_id: UUID, agent_id: UUID, now: datetime) -> ColumnElement[bool]:
    """The part of a merchant's conversations that a view's name stands for."""
    table = t.conversations.c
    parts: dict[ViewName, ColumnElement[bool]] = {
        # A narrowed desk is one list of what people have in hand.
        ViewName.desk: table.holder != Holder.bot,
        ViewName.late: t.cases.c.snoozed_for.is_(None) & (now >= DUE),
        ViewName.mentions: _mentions(merchant_id, agent_id, now),
        ViewName.undelivered: undelivered.threads(merchant_id, now),
        ViewName.snoozed: t.cases.c.snoozed_for.is_not(None),
        ViewName.others: (table.holder == Holder.agent) & (table.agent_id != agent_id),
        ViewName.bot: table.holder == Holder.bot,
        ViewName.all: true(),
    }
    return (table.merchant_id == merchant_id) & parts[view.name]


def narrowed(view: View) -> ColumnElement[bool]:
    """By what else a view is narrowed down."""
    wanted: list[ColumnElement[bool]] = [true()]
    if view.topic:
        wanted.append(t.cases.c.topic == view.topic)
    if view.channel:
        wanted.append(t.identities.c.channel == view.channel)
    if view.language:
        wanted.append(t.contacts.c.language == view.language)
    if view.tag:
        wanted.append(t.conversations.c.tags.contains([view.tag]))
    if view.priority:
        wanted.append(t.cases.c.priority == view.priority)
    return and_(*wanted)


def _rows_query(agent_id: UUID) -> Select[*tuple[Any, ...]]:
    conversations, contacts, users = t.conversations.c, t.contacts.c, t.users.c
    cases = t.cases.c
    last = (
        select(t.messages.c.author, t.messages.c.kind, t.messages.c.text, t.messages.c.created_at)
        .where(
            t.messages.c.conversation_id == conversations.id,
            t.messages.c.author != Author.system,
            t.messages.c.status != MessageStatus.withdrawn,
        )
        .order_by(t.messages.c.id.desc())
        .limit(1)
        .lateral("last")
    )
    return (
        select(
            conversations.id,
            conversations.holder,
            conversations.agent_id,
            func.coalesce(users.name, "").label("agent_name"),
            conversations.topic,
            conversations.waiting_since,
            conversations.last_message_at,
            contacts.name,
            contacts.phone,
            contacts.language,
            func.coalesce(t.identities.c.channel, "").label("channel"),
            last.c.author.label("last_author"),
            func.coalesce(last.c.kind, "text").label("last_kind"),
            # A line of the queue shows no more; a customer may send thousands of characters.
            func.left(func.coalesce(last.c.text, ""), 160).label("last_text"),
            last.c.created_at.label("last_at"),
            conversations.tags,
            cases.priority,
            DUE.label("due_at"),
            cases.warned_at,
            cases.paused_since.is_not(None).label("paused"),
            cases.snoozed_for.is_not(None).label("snoozed"),
            cases.offered_to,
            t.reads.c.at.label("read_at"),
        )
        .select_from(t.conversations)
        .join(t.contacts, contacts.id == conversations.contact_id)
        .outerjoin(t.identities, t.identities.c.id == conversations.identity_id)
        .outerjoin(t.users, users.id == conversations.agent_id)
        .outerjoin(t.cases, (cases.conversation_id == conversations.id) & cases.closed_at.is_(None))
        .outerjoin(
            t.reads,
            (t.reads.c.conversation_id == conversations.id) & (t.reads.c.user_id == agent_id),
        )
        .outerjoin(last, true())
    )
