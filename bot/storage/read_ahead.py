"""Reads what many runs or messages will ask for, a statement for each kind of thing.

By ids of whichever merchants: what is read is had by the repositories only, each for its merchant.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.consent import Consent
from bot.domain.conversation import Contact, Conversation, Identity, Message, Question
from bot.domain.flow import Flow, FlowRun
from bot.domain.merchant import Merchant
from bot.domain.shipment import Shipment
from bot.storage import ahead
from bot.storage import tables as t


class ReadAhead:
    """What it reads is found by the repositories, which ask the database for nothing of it again."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def runs(self, wanted: Collection[UUID]) -> Sequence[FlowRun]:
        """Runs by their ids, locked, and what telling of their parcels asks for."""
        runs = [row[0] for row in await self._rows(_runs(), wanted)]
        ahead.put(self._session, "run", {run.id: run for run in runs})
        await self._rows(_of(Flow), {run.flow_id for run in runs})
        await self._rows(_of(Merchant), {run.merchant_id for run in runs})
        parcels = await self._rows(_shipments(), {run.shipment_id for run in runs})
        contacts = {shipment.contact_id for shipment, _ in parcels if shipment.contact_id}
        await self._consents(contacts)
        await self._reachable(contacts)
        return runs

    async def messages(self, wanted: Collection[UUID]) -> Sequence[Message]:
        """Messages by their ids, locked, and what sending them asks for."""
        found = [row[0] for row in await self._rows(_messages(), wanted)]
        ahead.put(self._session, "message", {message.id: message for message in found})
        await self._rows(_of(Merchant), {message.merchant_id for message in found})
        await self._rows(_of(Question), {m.question_id for m in found if m.question_id})
        threads = await self._rows(_threads(), {message.conversation_id for message in found})
        await self._rows(_of(Identity), {m.identity_id for m in found if m.identity_id})
        await self._consents({conversation.contact_id for conversation, _ in threads})
        return found

    async def locked(self, wanted: Collection[UUID]) -> Sequence[Message]:
        """Messages by their ids, locked, and no more of them than their merchants."""
        found = [row[0] for row in await self._rows(_messages(), wanted)]
        await self._rows(_of(Merchant), {message.merchant_id for message in found})
        return found

    async def _consents(self, contacts: Collection[UUID]) -> None:
        rows = await self._rows(_consents(), contacts)
        self._put("consents", contacts, ((consent.contact_id, consent) for (consent,) in rows))

    async def _reachable(self, contacts: Collection[UUID]) -> None:
        rows = await self._rows(_identities(), contacts)
        self._put("identities", contacts, ((one.contact_id, one) for (one,) in rows))
        threads = await self._rows(_conversations(), contacts)
        self._put("conversations", contacts, ((one.contact_id, one) for (one,) in threads))

    def _put(self, what: str, asked: Iterable[UUID], found: Iterable[tuple[UUID, object]]) -> None:
        """Lists by whose they are; whoever has none has an empty one."""
        lists: dict[UUID, list[object]] = defaultdict(list)
        for whose, one in found:
            lists[whose].append(one)
        ahead.put(self._session, what, {whose: lists[whose] for whose in asked})

    async def _rows(self, query: Any, wanted: Collection[UUID]) -> Sequence[Any]:
        if not wanted:
            return []
        rows = (await self._session.execute(query, {"wanted": list(wanted)})).all()
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
def _shipments() -> Any:
    shipments = t.shipments.c
    return (
        select(Shipment, Contact)
        .outerjoin(Contact, t.contacts.c.id == shipments.contact_id)
        .where(_any(shipments.id))
    )


@cache
def _threads() -> Any:
    conversations = t.conversations.c
    return (
        select(Conversation, Contact)
        .join(Contact, t.contacts.c.id == conversations.contact_id)
        .where(_any(conversations.id))
    )


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
    """One of a list of any length, which is one parameter and so one statement."""
    return column == func.any(bindparam("wanted", type_=ARRAY(Uuid())))
