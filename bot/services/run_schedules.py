"""Flows that the clock starts: each day at a time by the clock where the parcel goes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.domain.clock import Clock
from bot.domain.flow import Flow, Plan
from bot.domain.read_flow import read_flow
from bot.domain.shipment import Status
from bot.services.ports import Units
from bot.services.start_flows import run_suffix, start_run

LATE = timedelta(hours=3)
"""How long after its time a day's start is still made good, when nobody was there to make it."""
_PAGE = 200


@dataclass(frozen=True)
class RunSchedules:
    """Starts what is due; what has been started that day is not started again."""

    units: Units
    clock: Clock

    async def __call__(self) -> None:
        """Look at every merchant's schedules."""
        async with self.units() as unit:
            flows = await unit.flows.scheduled()
        for flow in flows:
            await self._run(flow, read_flow(flow.document))

    async def _run(self, flow: Flow, plan: Plan) -> None:
        assert plan.trigger.status is not None
        async with self.units() as unit:
            zones = await unit.shipments.zones(flow.merchant_id, plan.trigger.status)
        for zone in zones:
            day = self._due(flow, plan, zone)
            if day:
                await self._start(flow, plan, plan.trigger.status, zone, day)

    def _due(self, flow: Flow, plan: Plan, zone: str) -> str:
        """The day in a zone for which a flow is due now; empty when it is not."""
        assert plan.trigger.at is not None
        now = self.clock.now()
        today = now.astimezone(ZoneInfo(zone)).date()
        due = datetime.combine(today, plan.trigger.at, ZoneInfo(zone))
        is_due = due <= now < due + LATE and flow.created_at <= due
        return today.isoformat() if is_due else ""

    async def _start(self, flow: Flow, plan: Plan, status: Status, zone: str, day: str) -> None:
        suffix, after = run_suffix(plan, day), UUID(int=0)
        while True:
            async with self.units() as unit:
                page = await unit.shipments.not_run(
                    flow.merchant_id, status, zone, f"{flow.name}:", suffix, after, _PAGE
                )
                for shipment in page:
                    await start_run(unit, flow, plan, shipment, self.clock.now(), day)
                await unit.commit()
            if len(page) < _PAGE:
                return
            after = page[-1].id
