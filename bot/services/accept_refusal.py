"""The customer says that a parcel was refused or cancelled, as its carrier claims."""

from datetime import datetime

from bot.domain.attempt import Attempt, Claim, CustomerSays
from bot.domain.ids import new_id
from bot.domain.merchant import AuditEntry
from bot.domain.shipment import Shipment, Status
from bot.services.judge_attempts import customer_says
from bot.services.ports import UnitOfWork
from bot.services.record_event import NewEvent, record_events


async def accept_refusal(unit: UnitOfWork, shipment: Shipment, now: datetime) -> Attempt | None:
    """Believe the carrier from now on; None where it claims nothing, or was answered already.

    A cancellation that was doubted until now ends the delivery; what else was claimed (a parcel
    that was refused may be brought again) is for the carrier to go on with.
    """
    known = await unit.attempts.of_shipment(shipment.merchant_id, shipment.id)
    latest = known[0] if known else None
    if latest is None or latest.claim is not Claim.refused or latest.customer is not None:
        return None
    attempt = await customer_says(unit, shipment, CustomerSays.refused, now)
    if attempt is None or attempt.customer is not CustomerSays.refused:
        return None
    unit.add(
        AuditEntry(
            id=new_id(),
            merchant_id=shipment.merchant_id,
            actor=f"contact:{shipment.contact_id}",
            action="refusal_confirmed",
            subject=f"attempt:{attempt.id}",
            at=now,
            details={"verdict": attempt.verdict.value},
        )
    )
    locked = await unit.shipments.locked(shipment.merchant_id, shipment.id)
    history = await unit.shipments.history(shipment.merchant_id, shipment.id)
    claim = next((one for one in history if one.key == attempt.event_key), None)
    told = claim.details.get("told") if claim else None
    if locked.status is Status.attempt_failed and told == Status.cancelled:
        # A carrier's clock may be ahead of ours; the answer comes after the claim all the same.
        at = max(now, attempt.claimed_at)
        said = NewEvent("customer", attempt.event_key, Status.cancelled, at)
        await record_events(unit, locked, [said], now, digits=None)
    return attempt
