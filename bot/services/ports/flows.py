"""Flows, and what customers thought of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bot.domain.consent import Consent
from bot.domain.flow import Flow, FlowRun
from bot.domain.shipment import Shipment
from bot.domain.survey import Survey


class Flows(Protocol):
    async def active(self, merchant_id: UUID) -> Sequence[Flow]: ...
    async def get(self, merchant_id: UUID, flow_id: UUID) -> Flow: ...
    async def versions(self, merchant_id: UUID, name: str, *, lock: bool = False) -> Sequence[Flow]:
        """All versions of a name, the latest first."""
        ...

    async def every(self, merchant_id: UUID) -> Sequence[Flow]:
        """By name and version."""
        ...

    async def standing(self, merchant_id: UUID) -> Mapping[UUID, Mapping[str, int]]:
        """How many runs of each flow stand at which note."""
        ...

    async def start_run(self, run: FlowRun) -> bool:
        """Store a run; False if its key is known already."""
        ...

    async def run(self, merchant_id: UUID, run_id: UUID) -> FlowRun:
        """Locked."""
        ...

    async def unfinished(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[FlowRun]:
        """A shipment's, not locked."""
        ...

    async def runs(self, merchant_id: UUID, flow_id: UUID) -> Sequence[FlowRun]:
        """All runs of one version, the earliest first."""
        ...

    async def instances(
        self, merchant_id: UUID, name: str, *, unfinished: bool, before: UUID | None, limit: int
    ) -> Sequence[tuple[FlowRun, Flow, Shipment]]:
        """Runs of all versions of a name with version and parcel, the last begun first."""
        ...

    async def open_runs(self, merchant_id: UUID, flow_id: UUID) -> Sequence[FlowRun]:
        """Those of one version that are not finished, locked, the earliest first."""
        ...

    async def gathering(
        self, merchant_id: UUID, flow_id: UUID, step: int, contact_id: UUID
    ) -> Sequence[UUID]:
        """The runs of one person's parcels that gather at a step, the smallest id first."""
        ...

    async def scheduled(self) -> Sequence[Flow]:
        """The active flows of all merchants that a schedule starts."""
        ...


class Feedback(Protocol):
    """Surveys and consents: what people told us about being asked."""

    async def survey(self, merchant_id: UUID, survey_id: UUID) -> Survey: ...
    async def surveys(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Survey]: ...
    async def of_shipment(self, merchant_id: UUID, shipment_id: UUID) -> Sequence[Survey]: ...
    async def asked_since(
        self, merchant_id: UUID, since: datetime
    ) -> Sequence[tuple[Survey, Shipment | None, str]]:
        """Every survey asked since, its parcel, and the channel that it was asked on."""
        ...

    async def ledger(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Consent]:
        """What has been said of being written to, as far as it counts; the latest first."""
        ...

    async def consents(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Consent]:
        """The latest entries, the latest first."""
        ...
