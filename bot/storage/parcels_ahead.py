"""Reads at once what is asked for when something has happened to many parcels of a merchant."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.conversation import Contact, Conversation
from bot.domain.flow import Flow, FlowRun
from bot.domain.shipment import Shipment, TrackingEvent
from bot.storage import ahead
from bot.storage import tables as t

HISTORY, RUNS, CONVERSATIONS, ACTIVE = "history", "runs", "conversations", "active flows"


async def read_parcels_ahead(
    session: AsyncSession, merchant_id: UUID, shipments: Sequence[Shipment]
) -> None:
    """Read histories, runs, people with their threads, and the flows, a statement each.

    The shipments are locked, so that nobody adds to what has been read.
    """
    parcels = [shipment.id for shipment in shipments]
    told = await _rows(session, _of_parcels(TrackingEvent), merchant_id, parcels)
    _put(session, HISTORY, parcels, ((one.shipment_id, one) for (one,) in told))
    runs = await _rows(session, _of_parcels(FlowRun), merchant_id, parcels)
    _put(session, RUNS, parcels, ((run.shipment_id, run) for (run,) in runs))
    people = list({shipment.contact_id for shipment in shipments if shipment.contact_id})
    known = await _rows(session, _people(), merchant_id, people)
    _put(session, CONVERSATIONS, people, ((one.id, thread) for one, thread in known if thread))
    # A session holds people only weakly.
    ahead.put(session, "contacts", {one.id: one for one, _ in known})
    flows = (await session.scalars(_active(), {"merchant": merchant_id})).all()
    ahead.put(session, ACTIVE, {merchant_id: flows})


def _put(
    session: AsyncSession,
    what: str,
    asked: Iterable[UUID],
    found: Iterable[tuple[UUID, object]],
) -> None:
    """Lists by whose they are; whoever has none has an empty one."""
    lists: dict[UUID, list[object]] = defaultdict(list)
    for whose, one in found:
        lists[whose].append(one)
    ahead.put(session, what, {whose: lists[whose] for whose in asked})


async def _rows(
    session: AsyncSession, query: Any, merchant_id: UUID, wanted: Sequence[UUID]
) -> Sequence[Any]:
    if not wanted:
        return []
    return (await session.execute(query, {"merchant": merchant_id, "wanted": wanted})).all()


# A list of any length is one parameter, and so one statement that is built and prepared once.


@cache
def _of_parcels(kind: type[TrackingEvent] | type[FlowRun]) -> Any:
    table: Any = t.tracking_events.c if kind is TrackingEvent else t.flow_runs.c
    query = select(kind).where(table.merchant_id == bindparam("merchant"))
    return query.where(one_of(table.shipment_id, Uuid())).order_by(table.id)


@cache
def _people() -> Any:
    people, threads = t.contacts.c, t.conversations.c
    theirs = (threads.contact_id == people.id) & (threads.merchant_id == people.merchant_id)
    return (
        select(Contact, Conversation)
        .join_from(t.contacts, t.conversations, theirs, isouter=True)
        .where(people.merchant_id == bindparam("merchant"), one_of(people.id, Uuid()))
    )


@cache
def _active() -> Any:
    flows = t.flows.c
    mine = select(Flow).where(flows.merchant_id == bindparam("merchant"), flows.active)
    return mine.order_by(flows.name)


@cache
def locked(by: str) -> Any:
    """Shipments by a column of theirs, locked in the order that everybody locks in."""
    table = t.shipments.c
    return (
        select(Shipment)
        .where(table.merchant_id == bindparam("merchant"), one_of(table[by], Text()))
        .order_by(table.id)
        .limit(bindparam("limit"))
        .with_for_update()
    )


def one_of(column: Any, kind: Any) -> Any:
    """Whether a column is one of the list `wanted`."""
    return column == func.any(bindparam("wanted", type_=ARRAY(kind)))
