"""A merchant's flows by version: checked, published, rolled back; runs finish on their own."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.errors import Invalid, NotFound
from bot.domain.flow import Flow, Plan, Send
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry, Merchant
from bot.domain.read_flow import read_flow
from bot.domain.yaml_lines import Document, read_yaml
from bot.services.ports import UnitOfWork, Units, Wording

COMMAND_LINE = "command line"


def sayable(wording: Wording, merchant: Merchant) -> Callable[[str], bool]:
    """Whether there is a sentence of a key, shipped or the merchant's own."""
    known = {key for sentences in merchant.wording.values() for key in sentences}
    known.update(wording.keys())
    return lambda key: key in known


def check_flow(
    text: str, known: Callable[[str], bool], channels: Collection[str]
) -> tuple[dict[str, Any], Plan]:
    """Read a flow as a merchant writes it, in YAML.

    Args:
        text: the document.
        known: whether there is a sentence of that key to say.
        channels: the names of those that there are.

    Raises:
        Invalid: names every line that is wrong, and the fix.
    """
    document: Document = read_yaml(text)
    table: object = document.data
    if not isinstance(table, dict):
        raise Invalid(("line 1", "must be a table with trigger and steps"))
    data = cast("dict[str, Any]", table)
    try:
        plan = read_flow(data)
    except Invalid as error:
        raise document.locate(error) from None
    problems = [
        problem
        for place, step in enumerate(plan.steps)
        if isinstance(step, Send)
        for problem in _unknown(f"steps[{place}].send", step, known, channels)
    ]
    if problems:
        raise document.locate(Invalid(*problems))
    return data, plan


def _unknown(
    where: str, step: Send, known: Callable[[str], bool], channels: Collection[str]
) -> Iterator[tuple[str, str]]:
    """What a step names and there is not."""
    if not known(step.say):
        yield f"{where}.say", f"there is no sentence {step.say!r} in the wording"
    for place, option in enumerate(step.options):
        if not known(option["key"]):
            says = f"there is no sentence {option['key']!r} in the wording"
            yield f"{where}.options[{place}].key", says
    for place, rung in enumerate(step.ladder):
        if rung.channel not in channels:
            says = f"{rung.channel!r} is no channel; known: {', '.join(sorted(channels))}"
            yield f"{where}.ladder[{place}]", says


@dataclass(frozen=True)
class PublishFlow:
    """Makes versions; one of a name is active, or none."""

    units: Units
    clock: Clock

    async def draft(
        self, merchant_id: UUID, name: str, document: Mapping[str, Any], *, by: str
    ) -> Flow:
        """Keep a checked document as the next version, not active.

        The latest version is written over while it is a draft: not active, and without a run.
        """
        async with self.units() as unit:
            versions = await unit.flows.versions(merchant_id, name, lock=True)
            latest = versions[0] if versions else None
            if latest is not None and latest.document == document:
                return latest
            if latest is None or latest.active or await unit.flows.runs(merchant_id, latest.id):
                latest = self._version(merchant_id, name, document, latest)
                unit.add(latest)
            latest.document, latest.created_at = dict(document), self.clock.now()
            unit.add(self._entry(latest, "flow_drafted", by))
            await unit.commit()
            return latest

    async def __call__(
        self, merchant_id: UUID, name: str, document: Mapping[str, Any], *, by: str = COMMAND_LINE
    ) -> Flow:
        """Publish a checked document as the next version of its name.

        What is published already is not published again. Runs that have begun finish on the
        version that they began with.
        """
        async with self.units() as unit:
            versions = await unit.flows.versions(merchant_id, name, lock=True)
            latest = versions[0] if versions else None
            if latest is not None and latest.active and latest.document == document:
                return latest
            flow = self._version(merchant_id, name, document, latest)
            flow.active = True
            for earlier in versions:
                earlier.active = False
            await unit.flush()
            unit.add(flow, self._entry(flow, "flow_published", by))
            await unit.commit()
            return flow

    async def shipped(
        self, merchant_id: UUID, documents: Iterable[Mapping[str, Any]], *, by: str = COMMAND_LINE
    ) -> list[tuple[str, str]]:
        """Give a merchant the shipped flows that a newer Doorstep has brought.

        What is not there is published, or drafted if it is shipped switched off. Where the
        merchant has another document it stays active, and the shipped one becomes a draft, once.

        Returns:
            Each flow's name and what became of it: published, draft, unchanged.
        """
        done: list[tuple[str, str]] = []
        for given in documents:
            name, document = str(given["name"]), {k: v for k, v in given.items() if k != "name"}
            async with self.units() as unit:
                versions = await unit.flows.versions(merchant_id, name)
            if any(flow.document == document for flow in versions):
                done.append((name, "unchanged"))
            elif versions or not document.get("active", True):
                await self.draft(merchant_id, name, document, by=by)
                done.append((name, "draft"))
            else:
                await self(merchant_id, name, document, by=by)
                done.append((name, "published"))
        return done

    async def roll_back(
        self,
        merchant_id: UUID,
        name: str,
        version: int | None,
        *,
        by: str = COMMAND_LINE,
        action: str = "flow_rolled_back",
    ) -> Flow:
        """Make an earlier version the active one: the one before the active, unless said.

        Raises:
            NotFound: there is no such flow, or no such version of it.
        """
        async with self.units() as unit:
            versions = await unit.flows.versions(merchant_id, name, lock=True)
            active = next((flow.version for flow in versions if flow.active), None)
            if version is None:
                earlier = [f.version for f in versions if active is None or f.version < active]
                version = max(earlier, default=None)
            chosen = next((flow for flow in versions if flow.version == version), None)
            if chosen is None:
                raise NotFound(
                    f"flow {name} has no {f'version {version}' if version else 'earlier version'}"
                )
            for flow in versions:
                flow.active = flow is chosen
            unit.add(self._entry(chosen, action, by))
            await unit.commit()
            return chosen

    async def stop(self, merchant_id: UUID, name: str, *, by: str = COMMAND_LINE) -> None:
        """Start no more runs of a flow. Raises NotFound."""
        async with self.units() as unit:
            versions = await unit.flows.versions(merchant_id, name, lock=True)
            if not versions:
                raise NotFound(f"there is no flow {name}")
            for flow in versions:
                flow.active = False
            unit.add(self._entry(versions[0], "flow_stopped", by))
            await unit.commit()

    def _version(
        self, merchant_id: UUID, name: str, document: Mapping[str, Any], latest: Flow | None
    ) -> Flow:
        return Flow(
            id=new_id(),
            merchant_id=merchant_id,
            name=name,
            version=latest.version + 1 if latest else 1,
            document=dict(document),
            active=False,
            created_at=self.clock.now(),
        )

    def _entry(self, flow: Flow, action: str, by: str) -> AuditEntry:
        return AuditEntry(
            id=new_id(),
            merchant_id=flow.merchant_id,
            actor=by,
            action=action,
            subject=f"flow:{flow.name}",
            at=self.clock.now(),
            details={"version": flow.version},
        )


async def version_of(unit: UnitOfWork, merchant_id: UUID, name: str, version: int | None) -> Flow:
    """A version of a flow; the active one, else the latest, unless said. Raises NotFound."""
    if version is None:
        return await active_flow(unit, merchant_id, name)
    versions = await unit.flows.versions(merchant_id, name)
    found = next((flow for flow in versions if flow.version == version), None)
    if found is None:
        raise NotFound(f"flow {name} has no version {version}")
    return found


async def active_flow(unit: UnitOfWork, merchant_id: UUID, name: str) -> Flow:
    """The active version of a flow, else its latest. Raises NotFound."""
    versions = await unit.flows.versions(merchant_id, name)
    if not versions:
        raise NotFound(f"there is no flow {name}")
    return next((flow for flow in versions if flow.active), versions[0])
