"""What customers asked to have changed, and the codes that show who they are."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from bot.domain.access import AccessCode
from bot.domain.request import DeliveryRequest, RequestState
from bot.domain.shipment import Shipment
from bot.storage import tables as t
from bot.storage.repositories.base import Repository


def _locked(query: Select[DeliveryRequest]) -> Select[DeliveryRequest]:
    """Read anew: it may have been decided while this one waited."""
    return query.with_for_update().execution_options(populate_existing=True)


class Requests(Repository):
    async def get(
        self, merchant_id: UUID, request_id: UUID, *, lock: bool = False
    ) -> DeliveryRequest:
        asked = t.delivery_requests.c
        query = select(DeliveryRequest).where(
            asked.merchant_id == merchant_id, asked.id == request_id
        )
        return await self._one(_locked(query) if lock else query, "delivery request")

    async def of_shipment(
        self, merchant_id: UUID, shipment_id: UUID, *, lock: bool = False
    ) -> Sequence[DeliveryRequest]:
        asked = t.delivery_requests.c
        query = (
            select(DeliveryRequest)
            .where(asked.merchant_id == merchant_id, asked.shipment_id == shipment_id)
            .order_by(asked.id)
        )
        return await self._all(_locked(query) if lock else query)

    async def work(
        self, merchant_id: UUID, limit: int
    ) -> Sequence[tuple[DeliveryRequest, Shipment]]:
        asked = t.delivery_requests.c
        rows = await self._session.execute(
            select(DeliveryRequest, Shipment)
            .join(t.shipments, t.shipments.c.id == asked.shipment_id)
            .where(
                asked.merchant_id == merchant_id,
                asked.state == RequestState.requested,
                asked.work_due_at.is_not(None),
            )
            .order_by(asked.work_due_at, asked.id)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in rows]

    async def overdue(self, now: datetime, limit: int) -> Sequence[DeliveryRequest]:
        asked = t.delivery_requests.c
        return await self._all(
            select(DeliveryRequest)
            .where(
                asked.state == RequestState.requested,
                asked.work_due_at <= now,
                asked.late_at.is_(None),
            )
            .order_by(asked.work_due_at)
            .limit(limit)
        )


class Codes(Repository):
    async def lock(self, shipment_id: UUID) -> None:
        key = func.hashtextextended(f"code:{shipment_id}", 0)
        await self._session.execute(select(func.pg_advisory_xact_lock(key)))

    async def of_shipment(
        self, merchant_id: UUID, shipment_id: UUID, since: datetime
    ) -> Sequence[AccessCode]:
        table = t.access_codes
        query = select(AccessCode).where(
            table.c.merchant_id == merchant_id,
            table.c.shipment_id == shipment_id,
            table.c.created_at > since,
        )
        # Read anew: another conversation may have been counted while this one waited.
        return await self._all(query.execution_options(populate_existing=True))

    async def newest(self, merchant_id: UUID, conversation_id: UUID) -> AccessCode | None:
        table = t.access_codes
        return await self._first(
            select(AccessCode)
            .where(table.c.merchant_id == merchant_id, table.c.conversation_id == conversation_id)
            .order_by(table.c.id.desc())
        )
