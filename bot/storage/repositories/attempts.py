"""Delivery attempts and what was seen of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    func,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from bot.domain.attempt import Attempt, Seen, Verdict
from bot.domain.ids import new_id
from bot.domain.shipment import Shipment
from bot.storage import tables as t
from bot.storage.repositories.base import Repository


class Attempts(Repository):
    async def add(self, attempt: Attempt) -> bool:
        return await self._insert(t.attempts, attempt)

    async def get(self, merchant_id: UUID, attempt_id: UUID) -> Attempt:
        table = t.attempts.c
        mine = select(Attempt).where(table.merchant_id == merchant_id, table.id == attempt_id)
        return await self._one(mine, "attempt")

    async def of_shipment(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[Attempt]:
        table = t.attempts.c
        mine = select(Attempt).where(
            table.merchant_id == merchant_id, table.shipment_id == shipment_id
        )
        return await self._all(mine.order_by(table.claimed_at.desc(), table.id.desc()))

    async def recent(
        self, merchant_id: UUID, since: datetime, limit: int
    ) -> Sequence[tuple[Attempt, Shipment]]:
        table = t.attempts.c
        rows = await self._session.execute(
            select(Attempt, Shipment)
            .join(Shipment, t.shipments.c.id == table.shipment_id)
            .where(table.merchant_id == merchant_id, table.claimed_at >= since)
            .order_by(table.disputed_at.is_(None), table.claimed_at.desc())
            .limit(limit)
        )
        return [(row[0], row[1]) for row in rows]

    async def others(self, attempt: Attempt, within: timedelta) -> int:
        if not attempt.courier_id:
            return 0
        table = t.attempts.c
        near = table.claimed_at.between(attempt.claimed_at - within, attempt.claimed_at + within)
        count = select(func.count()).where(
            table.merchant_id == attempt.merchant_id,
            table.carrier == attempt.carrier,
            table.courier_id == attempt.courier_id,
            table.id != attempt.id,
            near,
        )
        return int(await self._session.scalar(count) or 0)

    async def verdicts(
        self, merchant_id: UUID, by: str, since: datetime
    ) -> Sequence[tuple[str, Verdict]]:
        table = t.attempts.c
        name = {"carrier": table.carrier, "depot": table.depot, "courier": table.courier_id}[by]
        rows = await self._session.execute(
            select(name, table.verdict).where(
                table.merchant_id == merchant_id, table.claimed_at >= since, name != ""
            )
        )
        return [(row[0], row[1]) for row in rows]

    async def add_position(self, merchant_id: UUID, vehicle: str, seen: Seen) -> bool:
        latitude, longitude = seen.place
        done = await self._session.execute(
            insert(t.vehicle_positions)
            .values(
                id=new_id(),
                merchant_id=merchant_id,
                vehicle=vehicle,
                at=seen.at,
                latitude=latitude,
                longitude=longitude,
            )
            .on_conflict_do_nothing()
            .returning(t.vehicle_positions.c.id)
        )
        return done.first() is not None

    async def positions(
        self, merchant_id: UUID, vehicle: str, start: datetime, end: datetime
    ) -> Sequence[Seen]:
        table = t.vehicle_positions.c
        rows = await self._session.execute(
            select(table.at, table.latitude, table.longitude)
            .where(
                table.merchant_id == merchant_id,
                table.vehicle == vehicle,
                table.at.between(start, end),
            )
            .order_by(table.at)
        )
        return [Seen(row[0], (row[1], row[2])) for row in rows]

    async def forget_positions(self, before: datetime) -> None:
        await self._session.execute(
            t.vehicle_positions.delete().where(t.vehicle_positions.c.at < before)
        )
