"""Parcels, their events, and the events of parcels that nobody has told us of."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Text,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
)

from bot.domain.polling import GIVEN_UP_AFTER
from bot.domain.shipment import Shipment, Status, TrackingEvent, UnclaimedEvent, UnknownCode
from bot.storage import ahead, made
from bot.storage import tables as t
from bot.storage.read_ahead import one_of
from bot.storage.repositories.base import Repository

_SHARE_A_NUMBER = 100
"""Orders that travel in one parcel; there are no more."""


@cache
def _locked_shipments(by: str) -> Any:
    """Shipments by a column of theirs, locked in the order that everybody locks in."""
    table = t.shipments.c
    return (
        select(Shipment)
        .where(table.merchant_id == bindparam("merchant"), one_of(table[by], Text()))
        .order_by(table.id)
        .limit(bindparam("limit"))
        .with_for_update()
    )


_ABOARD = {"vehicle": "'vehicle'", "courier": "'courier_id'"}


class Shipments(Repository):
    async def get(self, merchant_id: UUID, shipment_id: UUID) -> Shipment:
        return await self._by_id(Shipment, shipment_id, merchant_id, "shipment")

    async def by_reference(
        self, merchant_id: UUID, reference: str, *, lock: bool = False
    ) -> Shipment | None:
        return await self._by(merchant_id, t.shipments.c.reference == reference, lock=lock)

    async def by_tracking_number(
        self, merchant_id: UUID, number: str, *, lock: bool = False
    ) -> Shipment | None:
        return await self._by(merchant_id, t.shipments.c.tracking_number == number, lock=lock)

    async def _by(self, merchant_id: UUID, condition: Any, *, lock: bool) -> Shipment | None:
        query = select(Shipment).where(t.shipments.c.merchant_id == merchant_id, condition)
        return await self._first(query.with_for_update() if lock else query)

    async def under(self, merchant_id: UUID, numbers: Collection[str]) -> Sequence[Shipment]:
        return await self._locked(merchant_id, "tracking_number", numbers, _SHARE_A_NUMBER)

    async def named(self, merchant_id: UUID, references: Collection[str]) -> Sequence[Shipment]:
        return await self._locked(merchant_id, "reference", references, 1)

    async def _locked(
        self, merchant_id: UUID, by: str, wanted: Collection[str], each: int
    ) -> Sequence[Shipment]:
        values = {"merchant": merchant_id, "wanted": list(wanted), "limit": each * len(wanted)}
        return (await self._session.scalars(_locked_shipments(by), values)).all()

    async def page(
        self, merchant_id: UUID, *, after: UUID | None, limit: int, status: Status | None
    ) -> Sequence[Shipment]:
        table = t.shipments
        query = select(Shipment).where(table.c.merchant_id == merchant_id)
        if after is not None:
            query = query.where(table.c.id > after)
        if status is not None:
            query = query.where(table.c.status == status)
        return await self._all(query.order_by(table.c.id).limit(limit))

    async def of_contact(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Shipment]:
        return await self._listed(merchant_id, t.shipments.c.contact_id == contact_id)

    async def is_first(self, shipment: Shipment) -> bool:
        if shipment.contact_id is None:
            return False
        table = t.shipments.c
        before = await self._session.scalar(
            select(table.id)
            .where(table.merchant_id == shipment.merchant_id)
            .where(table.contact_id == shipment.contact_id)
            .where(table.created_at < shipment.created_at)
            .limit(1)
        )
        return before is None

    async def visible(
        self, merchant_id: UUID, conversation_id: UUID, contact_id: UUID | None, now: datetime
    ) -> Sequence[Shipment]:
        table, grants = t.shipments, t.parcel_grants
        granted = select(grants.c.shipment_id).where(
            grants.c.merchant_id == merchant_id,
            grants.c.conversation_id == conversation_id,
            grants.c.expires_at > now,
        )
        theirs = table.c.id.in_(granted)
        if contact_id is not None:
            theirs = or_(theirs, table.c.contact_id == contact_id)
        return await self._listed(merchant_id, theirs)

    async def _listed(self, merchant_id: UUID, condition: Any) -> Sequence[Shipment]:
        table = t.shipments
        closed = table.c.status.in_([status for status in Status if status.final])
        return await self._all(
            select(Shipment)
            .where(table.c.merchant_id == merchant_id, condition)
            .order_by(case((closed, 1), else_=0), table.c.status_at.desc().nulls_last(), table.c.id)
            .limit(20)
        )

    async def locked(self, merchant_id: UUID, shipment_id: UUID) -> Shipment:
        table = t.shipments.c
        mine = select(Shipment).where(table.merchant_id == merchant_id, table.id == shipment_id)
        fresh = mine.with_for_update().execution_options(populate_existing=True)
        return await self._one(fresh, "shipment")

    async def zones(self, merchant_id: UUID, status: Status) -> Sequence[str]:
        table = t.shipments.c
        zones = select(table.timezone).distinct()
        rows = await self._session.scalars(
            zones.where(table.merchant_id == merchant_id, table.status == status)
        )
        return list(rows)

    async def not_run(  # noqa: PLR0917  the port's
        self,
        merchant_id: UUID,
        status: Status,
        timezone: str,
        prefix: str,
        suffix: str,
        after: UUID,
        limit: int,
    ) -> Sequence[Shipment]:
        table, runs = t.shipments.c, t.flow_runs.c
        key = func.concat(prefix, table.id, suffix)
        run = exists().where(runs.merchant_id == merchant_id, runs.key == key)
        return await self._all(
            select(Shipment)
            .where(table.merchant_id == merchant_id, table.status == status)
            .where(table.timezone == timezone, table.id > after, ~run)
            .order_by(table.id)
            .limit(limit)
        )

    async def history(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[TrackingEvent]:
        known = ahead.of(self._session, ahead.HISTORY, shipment_id)
        if known is not ahead.NOTHING:
            return sorted(known, key=lambda event: (event.at, event.key))
        table = t.tracking_events
        return await self._all(
            select(TrackingEvent)
            .where(table.c.merchant_id == merchant_id, table.c.shipment_id == shipment_id)
            .order_by(table.c.at, table.c.key)
        )

    async def unknown_codes(self, merchant_id: UUID, since: datetime) -> Sequence[UnknownCode]:
        event, shipment = t.tracking_events.c, t.shipments.c
        count = func.count().label("events")
        query = (
            select(
                shipment.carrier,
                event.code,
                func.max(event.description),
                count,
                func.max(event.at),
                func.max(shipment.reference),
            )
            .join(t.shipments, shipment.id == event.shipment_id)
            .where(
                event.merchant_id == merchant_id,
                event.status == Status.unknown,
                event.received_at >= since,
                event.code != "",
                # What only says when it is expected is no scan.
                event.window_start.is_(None),
            )
            .group_by(shipment.carrier, event.code)
            .order_by(count.desc(), shipment.carrier, event.code)
        )
        return [UnknownCode(*row) for row in await self._session.execute(query)]

    async def arrived_since(self, merchant_id: UUID, since: datetime) -> Sequence[Shipment]:
        table = t.shipments.c
        query = select(Shipment).where(
            table.merchant_id == merchant_id,
            table.status == Status.delivered,
            table.status_at >= since,
            table.told_start.is_not(None),
        )
        return await self._all(query.order_by(table.status_at))

    async def due_for_polling(
        self, merchant_id: UUID, carrier: str, now: datetime, limit: int
    ) -> Sequence[Shipment]:
        table = t.shipments.c
        moved = func.coalesce(table.status_at, table.created_at)
        query = select(Shipment).where(
            table.merchant_id == merchant_id,
            table.carrier == carrier,
            table.tracking_number != "",
            table.status.not_in([status for status in Status if status.final]),
            or_(table.poll_due_at.is_(None), table.poll_due_at <= now),
            moved > now - GIVEN_UP_AFTER,
        )
        query = query.order_by(table.poll_due_at.nulls_first()).limit(limit)
        return await self._all(query.with_for_update(skip_locked=True))

    async def aboard(
        self, merchant_id: UUID, by: str, name: str, *, lock: bool = False
    ) -> Sequence[Shipment]:
        table = t.shipments.c
        query = select(Shipment).where(
            table.merchant_id == merchant_id,
            # As the partial indexes are written: a parameter in its place would miss them.
            table.status == literal_column(f"'{Status.out_for_delivery}'"),
            table.details.op("->>")(literal_column(_ABOARD[by])) == name,
        )
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return await self._all(query.order_by(table.id))

    async def with_old_estimates(self, now: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
        table = t.shipments.c
        old = select(table.merchant_id, table.id).where(table.own_until <= now)
        rows = await self._session.execute(old.order_by(table.own_until).limit(limit))
        return [(row[0], row[1]) for row in rows]

    def add_event(self, event: TrackingEvent) -> None:
        if not made.late(self._session, event):
            self._session.add(event)
        known = ahead.of(self._session, ahead.HISTORY, event.shipment_id)
        if known is not ahead.NOTHING:
            known.append(event)


class Unclaimed(Repository):
    async def lock(self, merchant_id: UUID, numbers: Collection[str]) -> None:
        wanted = [f"{merchant_id}:{number}" for number in numbers]
        await self._session.execute(_number_locks(), {"wanted": wanted})

    async def keep(self, event: UnclaimedEvent) -> bool:
        return await self._insert(t.unclaimed_events, event)

    async def of_number(
        self, merchant_id: UUID, number: str, since: datetime
    ) -> Sequence[UnclaimedEvent]:
        table = t.unclaimed_events
        return await self._all(
            select(UnclaimedEvent)
            .where(
                table.c.merchant_id == merchant_id,
                table.c.tracking_number == number,
                table.c.received_at >= since,
            )
            .order_by(table.c.id)
        )


@cache
def _number_locks() -> Any:
    """One after the other in the order of the keys, so that no two units wait for each other."""
    return text(
        "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(number, 0) AS key"
        " FROM unnest(CAST(:wanted AS text[])) AS number ORDER BY key) AS keys"
    )
