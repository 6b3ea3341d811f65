"""What the pages share on which the desk is arranged: putting it in force, and somebody made up."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.domain.clock import Clock
from bot.domain.desk import Macro, Reply, read_desk
from bot.domain.ids import new_id
from bot.domain.merchant import Merchant, User
from bot.domain.shipment import Shipment, Status
from bot.services.agents import first_name
from bot.services.audit import audit
from bot.services.facts import parcel_facts
from bot.services.links import Links
from bot.services.ports import UnitOfWork


def put_in_force(
    unit: UnitOfWork,
    by: User,
    merchant: Merchant,
    document: dict[str, Any],
    did: str,
    now: datetime,
) -> None:
    """Make a document the merchant's desk; the merchant is locked. Raises Invalid, as `read_desk`."""
    read_desk(document)
    merchant.desk = document
    audit(unit, by, did, ("merchant", merchant.id), now)


def mark(one: Macro | Reply) -> str:
    """Tells one state of it from another, so that nobody writes over what they have not seen."""
    return hashlib.sha256(json.dumps(asdict(one), sort_keys=True).encode()).hexdigest()[:16]


def made_up_facts(by: User, merchant: Merchant, links: Links, clock: Clock) -> dict[str, Any]:
    """The facts that `PrepareReply` knows, of a parcel that is not there."""
    now = clock.now()
    parcel = Shipment(
        id=new_id(),
        merchant_id=merchant.id,
        reference="ML-10042",
        carrier="Swift Parcels",
        tracking_number="SW0123456789",
        contact_id=None,
        created_at=now,
        timezone=merchant.timezone,
        item="Walnut side table",
        status=Status.in_transit,
        status_at=now,
        window_start=now + timedelta(hours=2),
        window_end=now + timedelta(hours=4),
    )
    return {
        "customer": "Marie",
        "agent": first_name(by),
        "merchant": merchant.name,
        "item": parcel.item,
        "reference": parcel.reference,
        "tracking": parcel.tracking_number,
        "carrier": parcel.carrier,
        "link": links.tracking_page(parcel.id),
        "parcel": parcel_facts(parcel, links),
    }
