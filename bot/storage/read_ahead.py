"""Reads what many runs, messages or parcels will ask for, a statement for each kind of thing.

Runs and messages by ids of whichever merchants: what is read is had by the repositories only, each
for its merchant.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from bot.domain.consent import Consent
from bot.domain.conversation import Contact, Conversation, Identity, Message, Question
from bot.domain.flow import Flow, FlowRun
from bot.domain.merchant import Merchant
from bot.domain.shipment import Shipment, TrackingEvent
from bot.storage import ahead, made
from bot.storage import tables as t


class ReadAhead:
    """What it reads is found by the repositories, which ask the database for nothing of it again."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def runs(self, wanted: Collection[UUID]) -> Sequence[FlowRun]:
        """Runs by their ids, locked, and what telling of their parcels asks for."""
        runs = [row[0] for row in await self._rows(_runs(), wanted)]
        ahead.put(self._session, ahead.RUN, {run.id: run for run in runs})
        await self._rows(_of(Flow), {run.flow_id for run in runs})
        await self._rows(_of(Merchant), {run.merchant_id for run in runs})
        parcels = await self._rows(_with_contact(Shipment), {run.shipment_id for run in runs})
        contacts = {shipment.contact_id for shipment, _ in parcels if shipment.contact_id}
        await self._consents(contacts)
        await self._reachable(contacts)
        return runs

    async def messages(self, wanted: Collection[UUID]) -> Sequence[Message]:
        """Messages by their ids, locked, and what sending them asks for."""
        found = [row[0] for row in await self._rows(_messages(), wanted)]
        ahead.put(self._session, ahead.MESSAGE, {message.id: message for message in found})
        await self._rows(_of(Merchant), {message.merchant_id for message in found})
        await self._rows(_of(Question), {m.question_id for m in found if m.question_id})
        threads = await self._rows(
            _with_contact(Conversation), {message.conversation_id for message in found}
        )
        await self._rows(_of(Identity), {m.identity_id for m in found if m.identity_id})
        await self._consents({conversation.contact_id for conversation, _ in threads})
        return found

    async def locked(self, wanted: Collection[UUID]) -> Sequence[Message]:
        """Messages by their ids, locked, and no more of them than their merchants."""
        found = [row[0] for row in await self._rows(_messages(), wanted)]
        await self._rows(_of(Merchant), {message.merchant_id for message in found})
        return found

    async def parcels(self, merchant_id: UUID, shipments: Sequence[Shipment]) -> None:
        """What recording events of a merchant's shipments asks for; they are locked.

        So nobody adds to the histories and runs that are read.
        """
        made.write_late(self._session)
        ids = [shipment.id for shipment in shipments]
        told = await self._rows(_told(), ids, merchant=merchant_id)
        self._put(ahead.HISTORY, ids, ((one.shipment_id, one) for (one,) in told))
        runs = await self._rows(_of_parcels(FlowRun), ids, merchant=merchant_id)
        self._put(ahead.RUNS, ids, ((run.shipment_id, run) for (run,) in runs))
        people = {shipment.contact_id for shipment in shipments if shipment.contact_id}
        known = await self._rows(_people(), people, merchant=merchant_id)
        self._put(
            ahead.CONVERSATIONS, people, ((one.id, thread) for one, thread in known if thread)
        )
        flows = (await self._session.scalars(active_flows(), {"merchant": merchant_id})).all()
        ahead.put(self._session, ahead.ACTIVE, {merchant_id: flows})

    async def _consents(self, contacts: Collection[UUID]) -> None:
        rows = await self._rows(_consents(), contacts)
        self._put(ahead.CONSENTS, contacts, ((consent.contact_id, consent) for (consent,) in rows))

    async def _reachable(self, contacts: Collection[UUID]) -> None:
        rows = await self._rows(_identities(), contacts)
        self._put(ahead.IDENTITIES, contacts, ((one.contact_id, one) for (one,) in rows))
        threads = await self._rows(_conversations(), contacts)
        self._put(ahead.CONVERSATIONS, contacts, ((one.contact_id, one) for (one,) in threads))

    def _put(self, what: str, asked: Iterable[UUID], found: Iterable[tuple[UUID, object]]) -> None:
        ahead.put_lists(self._session, what, asked, found)

    async def _rows(self, query: Any, wanted: Collection[UUID], **given: UUID) -> Sequence[Any]:
        if not wanted:
            return []
        rows = (await self._session.execute(query, {"wanted": list(wanted), **given})).all()
        # A session holds what it has read only weakly.
        self._session.info.setdefault("held", []).append(rows)
        return rows


# Locks are taken in the order of ids, by everybody who takes several.


@cache
def _runs() -> Any:
    runs = t.flow_runs.c.id
    return select(FlowRun).where(_any(runs)).order_by(runs).with_for_update()


@cache
def _messages() -> Any:
    messages = t.messages.c.id
    query = select(Message).where(_any(messages)).order_by(messages).with_for_update()
    return query.execution_options(populate_existing=True)


@cache
def _of(kind: type[Any]) -> Any:
    """Things by their own ids."""
    return select(kind).where(_any(kind.id))


@cache
def _with_contact(kind: type[Shipment] | type[Conversation]) -> Any:
    """Things by their own ids, each with whose it is."""
    table: Any = t.shipments.c if kind is Shipment else t.conversations.c
    query = select(kind, Contact).outerjoin(Contact, t.contacts.c.id == table.contact_id)
    return query.where(_any(table.id))


@cache
def _of_parcels(kind: type[TrackingEvent] | type[FlowRun]) -> Any:
    table: Any = t.tracking_events.c if kind is TrackingEvent else t.flow_runs.c
    query = select(kind).where(table.merchant_id == bindparam("merchant"))
    return query.where(_any(table.shipment_id)).order_by(table.id)


@cache
def _told() -> Any:
    """Events of parcels, without what carriers sent: it is long, and nothing is made of it."""
    raw: Any = TrackingEvent.raw
    return _of_parcels(TrackingEvent).options(defer(raw, raiseload=True))


@cache
def _people() -> Any:
    people, threads = t.contacts.c, t.conversations.c
    theirs = (threads.contact_id == people.id) & (threads.merchant_id == people.merchant_id)
    return (
        select(Contact, Conversation)
        .join_from(t.contacts, t.conversations, theirs, isouter=True)
        .where(people.merchant_id == bindparam("merchant"), _any(people.id))
    )


@cache
def active_flows() -> Any:
    """A merchant's flows that are in force, by name."""
    flows = t.flows.c
    mine = select(Flow).where(flows.merchant_id == bindparam("merchant"), flows.active)
    return mine.order_by(flows.name)


@cache
def _consents() -> Any:
    consents = t.consents.c
    return select(Consent).where(_any(consents.contact_id)).order_by(consents.id.desc())


@cache
def _identities() -> Any:
    identities = t.identities.c
    latest = identities.last_inbound_at.desc().nulls_last()
    return select(Identity).where(_any(identities.contact_id)).order_by(latest)


@cache
def _conversations() -> Any:
    return select(Conversation).where(_any(t.conversations.c.contact_id))


def _any(column: Any) -> Any:
    return one_of(column, Uuid())


def one_of(column: Any, kind: Any) -> Any:
    """Whether a column is one of the list `wanted`, which is one parameter and so one statement."""
    return column == func.any(bindparam("wanted", type_=ARRAY(kind)))
