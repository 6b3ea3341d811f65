"""Whether what a flow waits for has happened to its parcel."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime

from bot.domain.flow import FlowRun, Trigger, scored
from bot.services.ports import UnitOfWork

type _Happened = list[tuple[Trigger, datetime]]


async def came_at(
    unit: UnitOfWork, run: FlowRun, events: Collection[Trigger], since: datetime
) -> datetime | None:
    """When the first of some events has come after an instant; None when none has.

    It is read from what is stored, so that it does not matter which job looks, nor how often.
    """
    happened: _Happened = []
    for kind in {event.kind for event in events}:
        happened += await _KINDS[kind](unit, run)
    return min((at for event, at in happened if event in events and at > since), default=None)


async def _statuses(unit: UnitOfWork, run: FlowRun) -> _Happened:
    history = await unit.shipments.history(run.merchant_id, run.shipment_id)
    return [(Trigger("status", one.status.value), one.received_at) for one in history]


async def _outcomes(unit: UnitOfWork, run: FlowRun) -> _Happened:
    requests = await unit.requests.of_shipment(run.merchant_id, run.shipment_id)
    return [
        (Trigger("request", one.state.value), one.decided_at) for one in requests if one.decided_at
    ]


async def _verdicts(unit: UnitOfWork, run: FlowRun) -> _Happened:
    attempts = await unit.attempts.of_shipment(run.merchant_id, run.shipment_id)
    return [
        (Trigger("verdict", one.verdict.value), one.customer_at)
        for one in attempts
        if one.customer_at
    ]


async def _scores(unit: UnitOfWork, run: FlowRun) -> _Happened:
    surveys = await unit.feedback.of_shipment(run.merchant_id, run.shipment_id)
    return [
        (scored(one.score), one.scored_at)
        for one in surveys
        if one.score is not None and one.scored_at
    ]


_KINDS: Mapping[str, Callable[[UnitOfWork, FlowRun], Awaitable[_Happened]]] = {
    "status": _statuses,
    "request": _outcomes,
    "verdict": _verdicts,
    "score": _scores,
}
