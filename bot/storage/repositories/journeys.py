"""How long parcels took, of which later ones are estimated."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.usual import Group, Journey, Took
from bot.storage import tables as t
from bot.storage.remembered import Remembered
from bot.storage.repositories.base import Repository


class Journeys(Repository):
    def __init__(
        self, session: AsyncSession, known: Remembered[tuple[UUID, Group], Sequence[Took]]
    ) -> None:
        super().__init__(session)
        self._known = known

    async def add(self, journey: Journey) -> bool:
        return await self._insert(t.journeys, journey)

    async def alike(
        self, merchant_id: UUID, group: Group, since: datetime, limit: int
    ) -> Sequence[Took]:
        """As they are now, or were a moment ago: see `Memory`."""
        known = self._known.get((merchant_id, group))
        if known is not None:
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
        # What the unit has changed meanwhile has no say in it, and is written at its end.
        with self._session.no_autoflush:
            found = [Took(*row) for row in await self._session.execute(latest)]
        self._known.keep((merchant_id, group), found)
        return found

    async def forget(self, before: datetime) -> None:
        await self._session.execute(t.journeys.delete().where(t.journeys.c.arrived_at < before))
