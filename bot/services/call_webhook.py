"""A flow tells a system of the merchant's: signed, and again until it is taken."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.flow import Flow, FlowRun, Webhook
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.read_flow import read_flow
from bot.domain.shipment import Shipment
from bot.domain.when import Window
from bot.services.flows import asked_by
from bot.services.ports import Hooks, UnitOfWork, Units


@dataclass(frozen=True)
class CallWebhook:
    """Makes one call; made again it has the same id, by which its receiver knows it."""

    units: Units
    clock: Clock
    hooks: Hooks

    async def __call__(self, merchant_id: UUID, run_id: UUID, step: int) -> None:
        """Call what a step of a run names.

        Raises:
            Temporary, OutcomeUnknown: call again.
            Permanent: it may not be called, or will never take it.
        """
        async with self.units() as unit:
            run = await unit.flows.run(merchant_id, run_id)
            flow = await unit.flows.get(merchant_id, run.flow_id)
            shipment = await unit.shipments.get(merchant_id, run.shipment_id)
            told = await _told(unit, run, flow, shipment)
        hook = read_flow(flow.document).steps[step]
        assert isinstance(hook, Webhook)
        body = json.dumps(told, ensure_ascii=False).encode()
        await self.hooks.call(merchant_id, f"{run_id}.{step}", hook.url, body, self.clock.now())

    async def give_up(self, merchant_id: UUID, run_id: UUID, why: str) -> None:
        """Write down that it was not taken."""
        async with self.units() as unit:
            unit.add(
                AuditEntry(
                    id=new_id(),
                    merchant_id=merchant_id,
                    actor="flow",
                    action="webhook_failed",
                    subject=f"flow_run:{run_id}",
                    at=self.clock.now(),
                    details={"why": why},
                )
            )
            await unit.commit()


async def _told(unit: UnitOfWork, run: FlowRun, flow: Flow, shipment: Shipment) -> dict[str, Any]:
    survey = await asked_by(unit, run)
    window, estimate = shipment.window, shipment.estimate
    return {
        "flow": flow.name,
        "version": flow.version,
        "run": str(run.id),
        "trigger": flow.document["trigger"],
        "variant": run.facts.get("variant"),
        "score": survey.score if survey else None,
        "shipment": {
            "reference": shipment.reference,
            "tracking_number": shipment.tracking_number,
            "carrier": shipment.carrier,
            "status": shipment.status.value,
            "status_at": shipment.status_at.isoformat() if shipment.status_at else None,
            "window": _shown(window) if window else None,
            "estimate": {**_shown(estimate.window), "by": estimate.by.value} if estimate else None,
            "tags": shipment.tags,
        },
    }


def _shown(window: Window) -> dict[str, str]:
    return {"from": window.start.isoformat(), "to": window.end.isoformat()}
