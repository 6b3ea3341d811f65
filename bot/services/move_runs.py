"""Runs that have begun, moved to another version of their flow because the merchant says so."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.errors import NotFound
from bot.domain.flow import Flow, Plan
from bot.domain.flow_run import hinders_move
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.read_flow import read_flow
from bot.services.ports import UnitOfWork, Units
from bot.services.publish_flow import COMMAND_LINE


@dataclass(frozen=True)
class Moved:
    """What became of a flow's open runs: `left` counts those that stay, by the reason in words."""

    version: int
    runs: int
    left: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class MoveRuns:
    """Lets the runs of a flow's other versions go on by one of them."""

    units: Units
    clock: Clock

    async def __call__(
        self, merchant_id: UUID, name: str, version: int | None = None, *, by: str = COMMAND_LINE
    ) -> Moved:
        """Move all that can be moved; what cannot finishes on the version that it began with.

        Args:
            merchant_id: whose flow it is.
            name: the flow's.
            version: by which they go on; the active one, unless said.
            by: who moves them, for the audit.

        Raises:
            NotFound: there is no such flow, no such version, or none is active.
        """
        async with self.units() as unit:
            versions = await unit.flows.versions(merchant_id, name, lock=True)
            chosen = _chosen(versions, name, version)
            plan, moved, left = read_flow(chosen.document), 0, Counter[str]()
            for flow in versions:
                if flow is chosen:
                    continue
                reasons = await _move(
                    unit, merchant_id, flow.id, read_flow(flow.document), plan, chosen.id
                )
                moved += reasons.pop("", 0)
                left += reasons
            unit.add(
                AuditEntry(
                    id=new_id(),
                    merchant_id=merchant_id,
                    actor=by,
                    action="flow_runs_moved",
                    subject=f"flow:{name}",
                    at=self.clock.now(),
                    details={"version": chosen.version, "runs": moved, "left": dict(left)},
                )
            )
            await unit.commit()
        return Moved(chosen.version, moved, dict(left))


def _chosen(versions: Sequence[Flow], name: str, version: int | None) -> Flow:
    for flow in versions:
        if flow.version == version or (version is None and flow.active):
            return flow
    which = f"version {version}" if version else "active version"
    raise NotFound(f"flow {name} has no {which}")


async def _move(
    unit: UnitOfWork, merchant_id: UUID, flow_id: UUID, old: Plan, new: Plan, to: UUID
) -> Counter[str]:
    """Move one version's open runs; how many by what hinders them, "" for those that moved."""
    found = Counter[str]()
    for run in await unit.flows.open_runs(merchant_id, flow_id):
        why = hinders_move(run, old, new)
        found[why] += 1
        if not why:
            run.flow_id = to
    return found
