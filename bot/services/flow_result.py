"""What a flow's variants came to: how many of their runs reached the goal."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.attempt import wilson
from bot.domain.errors import Invalid
from bot.domain.flow import Flow
from bot.domain.read_flow import read_flow
from bot.services.happened import came_at
from bot.services.ports import UnitOfWork


@dataclass(frozen=True)
class VariantResult:
    """How many runs of a variant reached the goal, with the 95 % interval of the share (Wilson)."""

    name: str
    runs: int
    reached: int
    still_open: int
    """Those not counted yet: the goal's time has not gone by."""

    @property
    def share(self) -> float:
        return self.reached / self.runs if self.runs else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.reached, self.runs)


async def flow_result(unit: UnitOfWork, flow: Flow, now: datetime) -> list[VariantResult]:
    """By variant, as the document lists them; a flow without variants has one, unnamed.

    A run counts once the goal's time has gone by, so that late ones do not look like failures.

    Raises:
        Invalid: the flow has no goal.
    """
    plan = read_flow(flow.document)
    goal = plan.goal
    if goal is None:
        raise Invalid(("goal", "is missing: add one, as in goal: {for: scored, within: 3d}"))
    settled: dict[str, list[bool]] = {name: [] for name in plan.variants or ("",)}
    waiting = dict.fromkeys(settled, 0)
    for run in await unit.flows.runs(flow.merchant_id, flow.id):
        variant = str(run.facts.get("variant", ""))
        until = run.created_at + goal.within
        if until > now:
            waiting[variant] += 1
            continue
        came = await came_at(unit, run, goal.events, run.created_at)
        settled[variant].append(came is not None and came <= until)
    return [
        VariantResult(name, len(reached), sum(reached), waiting[name])
        for name, reached in settled.items()
    ]
