"""Customers, by what they are reached at."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import (
    func,
    or_,
    select,
)

from bot.domain.conversation import (
    Contact,
    Identity,
)
from bot.storage import ahead
from bot.storage import tables as t
from bot.storage.repositories.base import Repository


class People(Repository):
    async def get(self, merchant_id: UUID, contact_id: UUID) -> Contact:
        return await self._by_id(Contact, contact_id, merchant_id, "contact")

    async def by_phone(self, merchant_id: UUID, phone: str) -> Contact | None:
        table = t.contacts.c
        found = await self._first(
            select(Contact).where(table.merchant_id == merchant_id, table.phone == phone)
        )
        return await self._today(found)

    async def recipient(
        self, merchant_id: UUID, phone: str | None, email: str | None
    ) -> tuple[Contact, Contact] | None:
        table = t.contacts.c
        if phone is None and email is None:
            return None
        known = table.phone == phone if phone else (table.email == email) & table.phone.is_(None)
        theirs = (table.merchant_id == merchant_id) & known
        leads_to = select(table.merged_into).where(theirs).scalar_subquery()
        # In the order in which a merge locks them, so that neither waits for the other for ever.
        query = (
            select(Contact)
            .where(table.merchant_id == merchant_id, or_(known, table.id == leads_to))
            .order_by(table.id)
            .with_for_update(read=True, key_share=True)
            .execution_options(populate_existing=True)
        )
        while True:
            rows = {one.id: one for one in await self._all(query)}
            named = next((one for one in rows.values() if _is(one, phone, email)), None)
            if named is None:
                return None
            stayed = rows.get(named.merged_into or named.id)
            if stayed is not None:
                return named, stayed
            # It was merged while we waited for its row.

    async def of_email(self, merchant_id: UUID, email: str) -> Contact | None:
        table = t.contacts
        query = select(Contact).where(
            table.c.merchant_id == merchant_id, func.lower(table.c.email) == email.lower()
        )
        return await self._today(await self._first(query.order_by(table.c.id.desc())))

    async def today(self, merchant_id: UUID, contact_id: UUID) -> Contact:
        found = await self.get(merchant_id, contact_id)
        return await self._today(found) or found

    async def aliases(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Contact]:
        table = t.contacts.c
        return await self._all(
            select(Contact)
            .where(table.merchant_id == merchant_id, table.merged_into == contact_id)
            .order_by(table.id)
        )

    async def _today(self, found: Contact | None) -> Contact | None:
        if found is None or found.merged_into is None:
            return found
        return await self.get(found.merchant_id, found.merged_into)

    async def many(self, merchant_id: UUID, ids: Iterable[UUID]) -> Mapping[UUID, Contact]:
        table = t.contacts
        found = await self._all(
            select(Contact).where(table.c.merchant_id == merchant_id, table.c.id.in_(list(ids)))
        )
        return {contact.id: contact for contact in found}

    async def identity(self, account_id: UUID, address: str) -> Identity | None:
        table = t.identities
        return await self._first(
            select(Identity).where(table.c.account_id == account_id, table.c.address == address)
        )

    async def identity_by_id(self, merchant_id: UUID, identity_id: UUID) -> Identity:
        return await self._by_id(Identity, identity_id, merchant_id, "identity")

    async def find_identity(self, identity_id: UUID) -> Identity:
        return await self._one(select(Identity).where(t.identities.c.id == identity_id), "address")

    async def identities(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Identity]:
        known = ahead.of(self._session, ahead.IDENTITIES, contact_id)
        if known is not ahead.NOTHING:
            return [identity for identity in known if identity.merchant_id == merchant_id]
        table = t.identities
        return await self._all(
            select(Identity)
            .where(table.c.merchant_id == merchant_id, table.c.contact_id == contact_id)
            .order_by(table.c.last_inbound_at.desc().nulls_last())
        )


def _is(contact: Contact, phone: str | None, email: str | None) -> bool:
    if phone is not None:
        return contact.phone == phone
    return contact.phone is None and contact.email == email
