"""The console's and the tracking page's reading: a few queries for a whole page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.conversation import Author, Contact, Holder
from bot.domain.merchant import Merchant, User
from bot.domain.request import DeliveryRequest
from bot.domain.shipment import Shipment, TrackingEvent
from bot.services.inbox import Facts, Parcel, Queue, QueueRow, Tracked
from bot.storage import tables as t
from bot.storage.repositories import Feedback, People, Shipments

MOST_WAITING = 100
MOST_MINE = 50
MOST_RECENT = 60
MOST_PARCELS = 5


class Inbox:
    """See `bot.services.inbox.Inbox`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def queue(self, merchant_id: UUID, agent_id: UUID) -> Queue:
        table = t.conversations.c
        ours = table.merchant_id == merchant_id
        waiting = ours & (table.holder == Holder.waiting)
        mine = ours & (table.holder == Holder.agent) & (table.agent_id == agent_id)
        recent = ours & (table.holder != Holder.waiting)
        recent &= table.agent_id.is_distinct_from(agent_id)
        count = await self._session.scalar(
            select(func.count()).select_from(t.conversations).where(waiting)
        )
        newest = table.last_message_at.desc()
        return Queue(
            await self._rows(waiting, table.waiting_since, MOST_WAITING),
            await self._rows(mine, newest, MOST_MINE),
            await self._rows(recent, newest, MOST_RECENT),
            count or 0,
        )

    async def _rows(
        self, condition: ColumnElement[bool], order: ColumnElement[Any], limit: int
    ) -> Sequence[QueueRow]:
        query = _rows_query().where(condition).order_by(order, t.conversations.c.id).limit(limit)
        return [QueueRow(**row) for row in (await self._session.execute(query)).mappings()]

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


def _rows_query() -> Select[*tuple[Any, ...]]:
    conversations, contacts, users = t.conversations.c, t.contacts.c, t.users.c
    last = (
        select(t.messages.c.author, t.messages.c.kind, t.messages.c.text)
        .where(
            t.messages.c.conversation_id == conversations.id,
            t.messages.c.author != Author.system,
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
        )
        .select_from(t.conversations)
        .join(t.contacts, contacts.id == conversations.contact_id)
        .outerjoin(t.identities, t.identities.c.id == conversations.identity_id)
        .outerjoin(t.users, users.id == conversations.agent_id)
        .outerjoin(last, true())
    )
