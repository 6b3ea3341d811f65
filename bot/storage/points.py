"""Pick-up points that merchants keep outside of their policy."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from itertools import batched
from math import cos, radians
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.hours import WEEKDAYS, Hours
from bot.domain.ids import new_id
from bot.domain.pickup import PickupPoint
from bot.domain.places import Place
from bot.domain.request import RequestKind, RequestState
from bot.domain.shipment import Status
from bot.storage import tables as t

_AT_ONCE = 500
_OVER = tuple(status for status in Status if status.final)
_LIVE = (RequestState.requested, RequestState.accepted)


class Points:
    """See `bot.services.ports.Points`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, merchant_id: UUID, code: str) -> None:
        key = func.hashtextextended(f"point:{merchant_id}:{code}", 0)
        await self._session.execute(select(func.pg_advisory_xact_lock(key)))

    async def open(
        self,
        merchant_id: UUID,
        *,
        near: Place | None = None,
        postcode: str = "",
        limit: int | None = None,
    ) -> Sequence[PickupPoint]:
        table = t.pickup_points.c
        order: list[Any] = [table.place, table.code]
        if near is not None:
            latitude, longitude = near
            # On a map that is flat: right enough to know which are near; they are measured later.
            across = (table.longitude - longitude) * cos(radians(latitude))
            apart = func.power(table.latitude - latitude, 2) + func.power(across, 2)
            order.insert(0, apart.nulls_last())
        elif postcode:
            order.insert(0, table.address.contains(postcode, autoescape=True).desc())
        rows = await self._session.execute(
            select(t.pickup_points)
            .where(table.merchant_id == merchant_id, table.closed_at.is_(None))
            .order_by(*order)
            .limit(limit)
        )
        return [_point(row) for row in rows]

    async def named(self, merchant_id: UUID, name: str) -> Sequence[PickupPoint]:
        table = t.pickup_points.c
        rows = await self._session.execute(
            select(t.pickup_points)
            .where(
                table.merchant_id == merchant_id,
                table.closed_at.is_(None),
                or_(
                    table.code == name,
                    table.name == name,
                    func.concat(table.name, ", ", table.address) == name,
                ),
            )
            .order_by(table.place, table.code)
        )
        return [_point(row) for row in rows]

    async def replace(self, merchant_id: UUID, points: Sequence[PickupPoint], now: datetime) -> int:
        table = t.pickup_points.c
        rows = [
            {
                **_values(point),
                "id": new_id(),
                "merchant_id": merchant_id,
                "code": point.id,
                "place": place,
                "changed_at": now,
                "closed_at": None,
            }
            for place, point in enumerate(points)
        ]
        for some in batched(rows, _AT_ONCE):
            new = insert(t.pickup_points).values(list(some))
            kept = {"id", "merchant_id", "code"}
            changed = {name: new.excluded[name] for name in rows[0] if name not in kept}
            await self._session.execute(
                new.on_conflict_do_update(index_elements=["merchant_id", "code"], set_=changed)
            )
        gone = await self._session.execute(
            t.pickup_points.update()
            .where(
                table.merchant_id == merchant_id,
                table.closed_at.is_(None),
                table.code.not_in([point.id for point in points]),
            )
            .values(closed_at=now, changed_at=now)
            .returning(table.id)
        )
        return len(gone.all())

    async def taken(self, merchant_id: UUID) -> Mapping[str, int]:
        asked, parcels = t.delivery_requests.c, t.shipments.c
        # A parcel that was sent to one point and then to another waits at the last one only.
        last = (
            select(asked.shipment_id, asked.point)
            .join(t.shipments, parcels.id == asked.shipment_id)
            .where(
                asked.merchant_id == merchant_id,
                asked.kind == RequestKind.pickup_point,
                asked.state.in_(_LIVE),
                parcels.status.not_in(_OVER),
            )
            .ext(distinct_on(asked.shipment_id))
            .order_by(asked.shipment_id, asked.id.desc())
            .subquery()
        )
        rows = await self._session.execute(
            select(last.c.point, func.count()).where(last.c.point != "").group_by(last.c.point)
        )
        return {row[0]: int(row[1]) for row in rows}


def _values(point: PickupPoint) -> dict[str, Any]:
    latitude, longitude = point.place or (None, None)
    return {
        "name": point.name,
        "address": point.address,
        "latitude": latitude,
        "longitude": longitude,
        "hours": {
            WEEKDAYS[day]: [edge.isoformat() for edge in span] for day, span in point.hours.items()
        },
        "capacity": point.capacity,
    }


def _point(row: Row[Any]) -> PickupPoint:
    place: Place | None = None
    if row.latitude is not None and row.longitude is not None:
        place = row.latitude, row.longitude
    hours: Hours = {
        WEEKDAYS.index(day): (time.fromisoformat(start), time.fromisoformat(end))
        for day, (start, end) in row.hours.items()
    }
    return PickupPoint(
        id=row.code,
        name=row.name,
        address=row.address,
        place=place,
        hours=hours,
        capacity=row.capacity,
    )
