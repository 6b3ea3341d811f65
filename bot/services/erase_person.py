"""A person is forgotten: their data is taken out of every table, and their files deleted.

That parcels were delivered, what people scored, and that this person wants no messages is kept
without the person; see bot/storage/personal.py for every column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.consent import Consent, refusals
from bot.domain.conversation import Contact
from bot.domain.errors import Refused
from bot.domain.ids import new_id
from bot.domain.merchant import User
from bot.domain.proof import Proof, ProofKind
from bot.domain.rights import Right, demand
from bot.services.export_person import document_of, prove
from bot.services.ports import MediaStore, UnitOfWork, Units

AGAIN_FOR = timedelta(days=30)
"""How long it is done again each day: a job under way may still have written a name, and a carrier
tells of a parcel until it is there."""


@dataclass(frozen=True)
class ErasePerson:
    """Erases a contact; what was erased is proved by its digest and its numbers."""

    units: Units
    clock: Clock
    store: MediaStore

    async def __call__(
        self, by: User | None, merchant_id: UUID, contact_id: UUID, *, under_way: bool = False
    ) -> Proof:
        """Erase a contact of a merchant.

        Args:
            by: who asks; None at the command line.
            merchant_id: whose contact it is.
            contact_id: the contact.
            under_way: also while a parcel is on its way, which then cannot be changed any more.

        Raises:
            NotFound: the merchant has no such contact.
            Refused: the user's role does not include it, or a parcel is on its way.
        """
        if by is not None:
            demand(by, Right.hold_data)
        async with self.units() as unit:
            contact = await unit.people.get(merchant_id, contact_id)
            if not under_way and await open_parcels(unit, contact):
                raise Refused("parcel_under_way")
            now = self.clock.now()
            document = await document_of(unit, merchant_id, contact_id)
            counts = await unit.personal.counts(merchant_id, contact_id)
            await _keep_refusals(unit, contact, now)
            await self._erase(unit, merchant_id, contact_id, now)
            proof = prove(
                unit, by, merchant_id, contact_id, ProofKind.erased, counts, document, now
            )
            await unit.notify("desk", {"merchant": str(merchant_id)})
            await unit.commit()
        return proof

    async def again(self) -> None:
        """Do once more what was done in the last days, for what was being written meanwhile."""
        async with self.units() as unit:
            now = self.clock.now()
            done = await unit.personal.proved_since(ProofKind.erased, now - AGAIN_FOR)
            people = {(one.merchant_id, one.contact_id) for one in done}
            for merchant_id, contact_id in sorted(people):
                await self._erase(unit, merchant_id, contact_id, now)
            await unit.commit()

    async def _erase(
        self, unit: UnitOfWork, merchant_id: UUID, contact_id: UUID, now: datetime
    ) -> None:
        for digest in await unit.personal.erase(merchant_id, contact_id, now):
            # Before the commit: bytes that nobody knows of any more would stay for ever.
            if not await unit.media.has(digest):
                await self.store.forget(digest)


async def open_parcels(unit: UnitOfWork, contact: Contact) -> int:
    """How many of a contact's parcels are not there yet."""
    parcels = await unit.shipments.of_contact(contact.merchant_id, contact.id)
    return sum(parcel.open for parcel in parcels)


async def remember_refusals(
    unit: UnitOfWork, contact: Contact, addresses: Sequence[str | None], now: datetime
) -> None:
    """Somebody new has an address that refused messages before it was erased: they still do."""
    known = [address for address in addresses if address]
    for channel, purpose, at in await unit.personal.refusals(contact.merchant_id, known):
        unit.add(
            Consent(
                id=new_id(),
                merchant_id=contact.merchant_id,
                contact_id=contact.id,
                channel=channel,
                purpose=purpose,
                given=False,
                source="before_erasure",
                text="",
                at=min(at, now),
            )
        )


async def _keep_refusals(unit: UnitOfWork, contact: Contact, now: datetime) -> None:
    known = await unit.people.identities(contact.merchant_id, contact.id)
    same = [contact, *await unit.people.aliases(contact.merchant_id, contact.id)]
    details = [one for person in same for one in (person.phone, person.email)]
    addresses = [*details, *(identity.address for identity in known)]
    refused = refusals(await unit.feedback.ledger(contact.merchant_id, contact.id))
    await unit.personal.keep_refusals(
        contact.merchant_id, [one for one in addresses if one], refused, now
    )
