"""One message for several parcels of one person that move within some minutes."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.flow import AskNps, FlowRun, Send, Trigger
from bot.domain.shipment import Shipment
from bot.services.good_moment import Later
from bot.services.ports import UnitOfWork
from bot.services.start_flows import defer

_MINUTE = timedelta(minutes=1)


async def gather(
    unit: UnitOfWork, run: FlowRun, step: Send | AskNps, trigger: Trigger
) -> dict[FlowRun, Shipment] | Later:
    """The locked runs, and their parcels, that are told of in the same message.

    The run with the smallest id speaks for all; the others wait until it has.
    """
    if not isinstance(step, Send) or step.digest is None:
        return {}
    if "gathering" not in run.facts:
        run.remember(gathering=True)
        return Later(step.digest, "more parcels may move")
    shipment = await unit.shipments.get(run.merchant_id, run.shipment_id)
    if shipment.contact_id is None:
        return {}
    of = run.merchant_id, run.flow_id, run.step, shipment.contact_id
    first, *rest = await unit.flows.gathering(*of)
    if first != run.id:
        return Later(_MINUTE, "told with another parcel")
    found: dict[FlowRun, Shipment] = {}
    for run_id in rest:
        other = await unit.flows.run(run.merchant_id, run_id)
        parcel = await unit.shipments.get(run.merchant_id, other.shipment_id)
        if other.step == run.step and trigger.status in {None, parcel.status}:
            found[other] = parcel
    return found


async def told_with(unit: UnitOfWork, others: Mapping[FlowRun, Shipment], first: Shipment) -> None:
    """Let the other runs go on behind the message that told of their parcels."""
    for other, parcel in others.items():
        parcel.tell()
        other.step += 1
        other.due_at, other.note = None, f"told with {first.reference}"
        await defer(unit, other, None, other.step)
