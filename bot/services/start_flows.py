"""Starting a merchant's flows, and waking those that wait for what has happened."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.conditions import ANY
from bot.domain.flow import HOLDOUT, Flow, FlowRun, Plan, Trigger, WaitFor
from bot.domain.ids import new_id
from bot.domain.nearness import Near
from bot.domain.pace import Urgency
from bot.domain.read_flow import plan_of
from bot.domain.shipment import Shipment, Status
from bot.services.ports import UnitOfWork

LOOK_AGAIN = -1
"""In place of a step: something has happened, wherever the run stands."""


async def happens(
    unit: UnitOfWork, shipment: Shipment, happened: Trigger, now: datetime, *, anew: str
) -> None:
    """Start the flows that something starts, and let go on those that wait for it."""
    await wake_flows(unit, shipment)
    await start_flows(unit, shipment, happened, now, anew=anew)


async def wake_flows(unit: UnitOfWork, shipment: Shipment) -> None:
    """Have every run of a shipment that waits for events look whether its own has come.

    The job looks when this is committed; so it does not matter where the run stood meanwhile.
    """
    for run in await unit.flows.unfinished(shipment.merchant_id, shipment.id):
        flow = await unit.flows.get(run.merchant_id, run.flow_id)
        steps = plan_of(flow).steps[run.step :]
        if any(isinstance(step, WaitFor) for step in steps):
            await defer(unit, run, None, LOOK_AGAIN)


async def start_flows(
    unit: UnitOfWork, shipment: Shipment, happened: Trigger, now: datetime, *, anew: str = ""
) -> int:
    """Start the merchant's flows that wait for what has happened to a shipment; how many did.

    The run's key makes it happen once a shipment, or once for each time it happens `anew` (the
    key of the event, say), however often that is told; its callers see to the "anew".
    """
    started = 0
    for flow in await unit.flows.active(shipment.merchant_id):
        plan = plan_of(flow)
        if plan.trigger == happened:
            started += await start_run(unit, flow, plan, shipment, now, anew)
    return started


async def start_near(unit: UnitOfWork, shipment: Shipment, near: Near, now: datetime) -> int:
    """Start the flows for which the courier is near enough, once a day; how many did."""
    if shipment.status is not Status.out_for_delivery:
        return 0
    day = now.astimezone(ZoneInfo(shipment.timezone)).date().isoformat()
    started = 0
    for flow in await unit.flows.active(shipment.merchant_id):
        plan = plan_of(flow)
        if plan.trigger.near_enough(near):
            started += await start_run(unit, flow, plan, shipment, now, day)
    return started


async def start_run(
    unit: UnitOfWork, flow: Flow, plan: Plan, shipment: Shipment, now: datetime, anew: str
) -> bool:
    """Start one flow for a shipment; False when it is not meant, or has been started already."""
    if not await is_meant(unit, plan, shipment):
        return False
    run = FlowRun(
        id=new_id(),
        merchant_id=shipment.merchant_id,
        flow_id=flow.id,
        shipment_id=shipment.id,
        key=f"{flow.name}:{shipment.id}{run_suffix(plan, anew)}",
        step=0,
        created_at=now,
    )
    variant = plan.variant_of(flow.name, shipment.contact_id)
    if variant:
        run.remember(variant=variant)
    if variant == HOLDOUT:
        run.finished_at, run.note = now, "held out, to compare the others with"
    started = await unit.flows.start_run(run)
    if started and variant != HOLDOUT:
        await defer(unit, run, None, run.step)
    return started


def run_suffix(plan: Plan, anew: str) -> str:
    """What tells the runs of one flow for one shipment apart."""
    return f":{anew}" if plan.repeat == "each" and anew else ""


async def is_meant(unit: UnitOfWork, plan: Plan, shipment: Shipment) -> bool:
    """Whether a plan is for a parcel and its customer."""
    if plan.first is not None and await unit.shipments.is_first(shipment) is not plan.first:
        return False
    if plan.only == ANY:
        return True
    language = ""
    if shipment.contact_id is not None:
        contact = await unit.people.get(shipment.merchant_id, shipment.contact_id)
        language = contact.language
    return plan.only.fits(shipment, language)


async def defer(unit: UnitOfWork, run: FlowRun, due: datetime | None, step: int) -> None:
    """Have a run advanced from a step; at once, unless it is due later."""
    await unit.jobs.defer(
        "advance_flow",
        at=due,
        urgency=Urgency.in_turn,
        merchant_id=str(run.merchant_id),
        run_id=str(run.id),
        step=step,
    )
