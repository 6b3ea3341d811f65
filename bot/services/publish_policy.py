"""A merchant's delivery policy: checked, published by version, and explained."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.errors import NotFound
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.read_policy import read_policy
from bot.domain.request import Decision, Policy, RequestKind
from bot.domain.yaml_lines import read_located
from bot.services.change_delivery import decide_for, policy_of
from bot.services.ports import UnitOfWork, Units


def check_policy(text: str) -> tuple[dict[str, Any], Policy]:
    """Read a policy as a merchant writes it, in YAML.

    Raises:
        Invalid: names every line that is wrong, and the fix.
    """
    return read_located(text, read_policy)


@dataclass(frozen=True)
class PublishPolicy:
    """Puts a checked policy in force; every decision afterwards names its version."""

    units: Units
    clock: Clock

    async def __call__(self, merchant_id: UUID, document: dict[str, Any]) -> int:
        """Returns the version; what is in force already is not published again."""
        async with self.units() as unit:
            merchant = await unit.merchants.get(merchant_id)
            if merchant.policy == document:
                return merchant.policy_version
            merchant.policy, merchant.policy_version = document, merchant.policy_version + 1
            unit.add(
                AuditEntry(
                    id=new_id(),
                    merchant_id=merchant_id,
                    actor="command line",
                    action="policy_published",
                    subject=f"merchant:{merchant_id}",
                    at=self.clock.now(),
                    details={"version": merchant.policy_version, "policy": document},
                )
            )
            await unit.commit()
            return merchant.policy_version


async def explain(
    unit: UnitOfWork, merchant_id: UUID, reference: str, now: datetime
) -> tuple[int, dict[RequestKind, Decision]]:
    """What the policy says of every kind of change to a parcel now, and the policy's version.

    Raises:
        NotFound: there is no such parcel.
    """
    shipment = await unit.shipments.by_reference(merchant_id, reference)
    if shipment is None:
        raise NotFound(f"there is no shipment {reference}")
    policy = await policy_of(unit, merchant_id)
    return policy.version, {
        kind: await decide_for(unit, policy, shipment, kind, now) for kind in RequestKind
    }
