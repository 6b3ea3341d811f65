"""A merchant tells of a parcel, or tells again what has become of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.clock import Clock
from bot.domain.conversation import Contact
from bot.domain.errors import Conflict
from bot.domain.flow import WINDOW_CHANGED, Trigger
from bot.domain.ids import new_id
from bot.domain.merchant import Merchant
from bot.domain.shipment import Shipment, derive
from bot.services.claim_events import claim_events
from bot.services.erase_person import remember_refusals
from bot.services.intake import RecipientIn, ShipmentIn
from bot.services.ports import UnitOfWork, Units
from bot.services.reach import notify_shipment
from bot.services.start_flows import start_flows

_TRIES = 4


@dataclass(frozen=True)
class RecordedShipment:
    """The shipment as it stands now; `created` when nobody knew it before."""

    shipment: Shipment
    contact: Contact | None
    created: bool


@dataclass(frozen=True)
class RecordShipment:
    """Creates or updates a shipment; doing it again with the same words changes nothing."""

    units: Units
    clock: Clock

    async def __call__(
        self, merchant: Merchant, reference: str, given: ShipmentIn, *, announce: bool = True
    ) -> RecordedShipment:
        """Keep what is given under the merchant's own reference.

        Args:
            merchant: whose shipment it is.
            reference: the merchant's name for it.
            given: the whole description; what it leaves out is emptied.
            announce: start the flows that wait for new shipments.
        """
        for attempt in range(1, _TRIES + 1):
            try:
                async with self.units() as unit:
                    recorded = await self._record(
                        unit, merchant, reference, given, announce=announce
                    )
                    await unit.commit()
                    return recorded
            except Conflict:
                # The same shipment, or the same new contact, at the same moment.
                if attempt == _TRIES:
                    raise
        raise AssertionError("unreachable")

    async def _record(
        self,
        unit: UnitOfWork,
        merchant: Merchant,
        reference: str,
        given: ShipmentIn,
        *,
        announce: bool,
    ) -> RecordedShipment:
        now = self.clock.now()
        # Before the shipment, as whoever records carriers' events locks them.
        await unit.unclaimed.lock(merchant.id, [given.tracking_number])
        # People before parcels, as a merge locks them.
        named, contact = await self._contact(unit, merchant, given, now)
        shipment = await unit.shipments.by_reference(merchant.id, reference, lock=True)
        created = shipment is None
        renumbered = shipment is None or shipment.tracking_number != given.tracking_number
        if shipment is None:
            shipment = Shipment(
                id=new_id(),
                merchant_id=merchant.id,
                reference=reference,
                carrier=given.carrier,
                tracking_number=given.tracking_number,
                contact_id=None,
                created_at=now,
            )
            unit.add(shipment)
        _describe(shipment, given, merchant)
        shipment.contact_id = contact.id if contact else None
        shipment.addressed_to = named.id if named is not contact and named else None
        # Here a second writer of the same reference is found out.
        await unit.flush()
        if given.window is not None and shipment.make_promise(given.window.window, now):
            history = await unit.shipments.history(merchant.id, shipment.id)
            shipment.take(derive(history, shipment.promise))
        claimed = renumbered and await claim_events(unit, shipment, now, announce=announce)
        if not created and announce and shipment.told_wrong:
            await start_flows(unit, shipment, WINDOW_CHANGED, now, anew=now.isoformat())
        if created and announce and not claimed:
            await start_flows(unit, shipment, Trigger("status", shipment.status.value), now)
        await notify_shipment(unit, shipment)
        return RecordedShipment(shipment, contact, created)

    async def _contact(
        self, unit: UnitOfWork, merchant: Merchant, given: ShipmentIn, now: datetime
    ) -> tuple[Contact | None, Contact | None]:
        """Who has that phone, else that e-mail address, and who that is today; both may be nobody."""
        recipient = given.recipient
        if recipient.phone is None and recipient.email is None:
            return None, None
        found = await unit.people.recipient(merchant.id, recipient.phone, recipient.email)
        named, contact = found or (None, None)
        if contact is None:
            named = contact = Contact(
                id=new_id(),
                merchant_id=merchant.id,
                created_at=now,
                phone=recipient.phone,
                email=recipient.email,
                language=recipient.language or merchant.language,
            )
            unit.add(contact)
            await unit.flush()
            await remember_refusals(unit, contact, (recipient.phone, recipient.email), now)
        elif recipient.language is not None and not await _has_written(unit, contact):
            contact.language = recipient.language
        _introduce(contact, recipient, given, merchant)
        # Before the shipment, which refers to it.
        await unit.flush()
        return named, contact


def _describe(shipment: Shipment, given: ShipmentIn, merchant: Merchant) -> None:
    shipment.carrier, shipment.tracking_number = given.carrier, given.tracking_number
    shipment.timezone = given.timezone or merchant.timezone
    shipment.country = given.country
    shipment.address = given.address.model_dump(exclude_defaults=True)
    shipment.item = given.item
    shipment.value_amount = given.value.amount if given.value else None
    shipment.value_currency = given.value.currency if given.value else None
    if "handover" in given.model_fields_set:
        shipment.handover = given.handover
    shipment.service = given.service


def _introduce(
    contact: Contact, recipient: RecipientIn, given: ShipmentIn, merchant: Merchant
) -> None:
    """Learn what is new about a person; several parcels share one, so nothing is emptied."""
    contact.name = recipient.name or contact.name
    contact.email = recipient.email or contact.email
    contact.country = recipient.country or given.address.country or contact.country
    contact.timezone = given.timezone or merchant.timezone


async def _has_written(unit: UnitOfWork, contact: Contact) -> bool:
    """From then on the language is the customer's own choice."""
    known = await unit.people.identities(contact.merchant_id, contact.id)
    return any(identity.last_inbound_at is not None for identity in known)
