"""How long parcels took, of which later ones are estimated."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from bot.domain.usual import Group, Journey, Took
from bot.storage import ahead
from bot.storage import tables as t
from bot.storage.repositories.base import Repository


class Journeys(Repository):
    async def add(self, journey: Journey) -> bool:
        ahead.forget(self._session, ahead.JOURNEYS)
        return await self._insert(t.journeys, journey)

    async def alike(
        self, merchant_id: UUID, group: Group, since: datetime, limit: int
    ) -> Sequence[Took]:
        known = ahead.of(self._session, ahead.JOURNEYS, (merchant_id, group))
        if known is not ahead.NOTHING:
            return known
        table = t.journeys.c
        query = select(table.seconds, table.days, table.minute).where(
            table.merchant_id == merchant_id,
            table.leg == group.leg,
            table.carrier == group.carrier,
            table.arrived_at >= since,
        )
        matters = {"lane": group.lane, "weekday": group.weekday, "hour": group.hour}
        for name, value in matters.items():
            if value is not None:
                query = query.where(table[name] == value)
        latest = query.order_by(table.arrived_at.desc()).limit(limit)
        found = [Took(*row) for row in await self._session.execute(latest)]
        # Of the parcels that one transaction is about many are alike.
        ahead.put(self._session, ahead.JOURNEYS, {(merchant_id, group): found})
        return found

    async def forget(self, before: datetime) -> None:
        await self._session.execute(t.journeys.delete().where(t.journeys.c.arrived_at < before))
