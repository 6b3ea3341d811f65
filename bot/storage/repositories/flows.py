"""Flows and their runs."""

from collections.abc import Mapping, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import (
    Select,
    bindparam,
    func,
    select,
)

from bot.domain.conversation import Contact
from bot.domain.errors import NotFound
from bot.domain.flow import Flow, FlowRun
from bot.domain.merchant import Merchant
from bot.domain.shipment import Shipment
from bot.storage import ahead, made
from bot.storage import tables as t
from bot.storage.read_ahead import active_flows
from bot.storage.repositories.base import Repository


@cache
def _flow_run() -> Select[FlowRun, Flow, Merchant, Shipment, Contact]:
    """A run, locked, and with it what it is advanced by."""
    runs = t.flow_runs.c
    return (
        select(FlowRun, Flow, Merchant, Shipment, Contact)
        .join_from(t.flow_runs, t.flows, t.flows.c.id == runs.flow_id)
        .join(t.merchants, t.merchants.c.id == runs.merchant_id)
        .outerjoin(t.shipments, t.shipments.c.id == runs.shipment_id)
        .outerjoin(t.contacts, t.contacts.c.id == t.shipments.c.contact_id)
        .where(runs.merchant_id == bindparam("merchant"), runs.id == bindparam("run"))
        .with_for_update(of=t.flow_runs)
    )


class Flows(Repository):
    async def active(self, merchant_id: UUID) -> Sequence[Flow]:
        known = ahead.of(self._session, ahead.ACTIVE, merchant_id)
        if known is not ahead.NOTHING:
            return known
        return (await self._session.scalars(active_flows(), {"merchant": merchant_id})).all()

    async def get(self, merchant_id: UUID, flow_id: UUID) -> Flow:
        return await self._by_id(Flow, flow_id, merchant_id, "flow")

    async def versions(self, merchant_id: UUID, name: str, *, lock: bool = False) -> Sequence[Flow]:
        table = t.flows.c
        query = select(Flow).where(table.merchant_id == merchant_id, table.name == name)
        query = query.order_by(table.version.desc())
        return await self._all(query.with_for_update() if lock else query)

    async def every(self, merchant_id: UUID) -> Sequence[Flow]:
        table = t.flows.c
        query = select(Flow).where(table.merchant_id == merchant_id)
        return await self._all(query.order_by(table.name, table.version))

    async def standing(self, merchant_id: UUID) -> Mapping[UUID, Mapping[str, int]]:
        table = t.flow_runs.c
        rows = await self._session.execute(
            select(table.flow_id, table.note, func.count())
            .where(table.merchant_id == merchant_id)
            .group_by(table.flow_id, table.note)
        )
        found: dict[UUID, dict[str, int]] = {}
        for flow_id, note, count in rows:
            found.setdefault(flow_id, {})[note] = count
        return found

    async def start_run(self, run: FlowRun) -> bool:
        known = ahead.of(self._session, ahead.RUNS, run.shipment_id)
        if known is ahead.NOTHING:
            return await self._insert(t.flow_runs, run)
        if any(one.key == run.key for one in known):
            return False
        known.append(run)
        if not made.late(self._session, run):
            self._session.add(run)
        return True

    async def run(self, merchant_id: UUID, run_id: UUID) -> FlowRun:
        known = ahead.of(self._session, ahead.RUN, run_id)
        if known is not ahead.NOTHING and known.merchant_id == merchant_id:
            return known
        values = {"merchant": merchant_id, "run": run_id}
        row = (await self._session.execute(_flow_run(), values)).first()
        if row is None:
            raise NotFound("there is no such flow run")
        self._read = row
        return row[0]

    async def unfinished(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[FlowRun]:
        known = ahead.of(self._session, ahead.RUNS, shipment_id)
        if known is not ahead.NOTHING:
            return [run for run in known if run.finished_at is None]
        table = t.flow_runs.c
        mine = select(FlowRun).where(
            table.merchant_id == merchant_id, table.shipment_id == shipment_id
        )
        return await self._all(mine.where(table.finished_at.is_(None)).order_by(table.id))

    async def runs(self, merchant_id: UUID, flow_id: UUID) -> Sequence[FlowRun]:
        table = t.flow_runs.c
        mine = select(FlowRun).where(table.merchant_id == merchant_id, table.flow_id == flow_id)
        return await self._all(mine.order_by(table.id))

    async def instances(
        self, merchant_id: UUID, name: str, *, unfinished: bool, before: UUID | None, limit: int
    ) -> Sequence[tuple[FlowRun, Flow, Shipment]]:
        runs, flows = t.flow_runs.c, t.flows.c
        query = (
            select(FlowRun, Flow, Shipment)
            .join(t.flows, flows.id == runs.flow_id)
            .join(t.shipments, t.shipments.c.id == runs.shipment_id)
            .where(runs.merchant_id == merchant_id, flows.name == name)
        )
        if unfinished:
            query = query.where(runs.finished_at.is_(None))
        if before is not None:
            query = query.where(runs.id < before)
        rows = await self._session.execute(query.order_by(runs.id.desc()).limit(limit))
        return [(run, flow, shipment) for run, flow, shipment in rows]

    async def open_runs(self, merchant_id: UUID, flow_id: UUID) -> Sequence[FlowRun]:
        table = t.flow_runs.c
        mine = select(FlowRun).where(
            table.merchant_id == merchant_id,
            table.flow_id == flow_id,
            table.finished_at.is_(None),
        )
        return await self._all(mine.order_by(table.id).with_for_update())

    async def gathering(
        self, merchant_id: UUID, flow_id: UUID, step: int, contact_id: UUID
    ) -> Sequence[UUID]:
        runs, shipments = t.flow_runs.c, t.shipments.c
        found = await self._session.scalars(
            select(runs.id)
            .join(t.shipments, shipments.id == runs.shipment_id)
            .where(runs.merchant_id == merchant_id, runs.flow_id == flow_id, runs.step == step)
            .where(runs.finished_at.is_(None), runs.facts.has_key("gathering"))
            .where(shipments.contact_id == contact_id)
            .order_by(runs.id)
        )
        return list(found)

    async def scheduled(self) -> Sequence[Flow]:
        table = t.flows.c
        by_clock = table.document["trigger"].has_key("schedule")
        return await self._all(select(Flow).where(table.active, by_clock).order_by(table.id))
