"""Merchants, their users and keys, and their accounts with providers."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    Text,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.errors import NotFound
from bot.domain.merchant import AccountKind, Merchant, ProviderAccount, User
from bot.storage import tables as t
from bot.storage.read_ahead import one_of
from bot.storage.remembered import Remembered
from bot.storage.repositories.base import Repository
from bot.storage.vault import Vault


@cache
def _by_key_hashes() -> Select[str, Merchant]:
    keys = t.api_keys.c
    return (
        select(keys.hash, Merchant)
        .join(t.merchants, keys.merchant_id == t.merchants.c.id)
        .where(one_of(keys.hash, Text()), keys.revoked_at.is_(None))
    )


class Merchants(Repository):
    async def get(self, merchant_id: UUID, *, lock: bool = False) -> Merchant:
        found = await self._session.get(
            Merchant, merchant_id, with_for_update=lock or None, populate_existing=lock
        )
        if found is None:
            raise NotFound("there is no such merchant")
        self._read = found
        return found

    async def by_name(self, name: str) -> Merchant | None:
        return await self._first(select(Merchant).where(t.merchants.c.name == name))

    async def by_key_hashes(self, hashes: Collection[str]) -> Mapping[str, Merchant]:
        rows = await self._session.execute(_by_key_hashes(), {"wanted": list(hashes)})
        return {key_hash: merchant for key_hash, merchant in rows}  # noqa: C416  of a Row

    async def user(self, user_id: UUID) -> User | None:
        return await self._first(select(User).where(t.users.c.id == user_id))

    async def user_by_email(self, email: str) -> User | None:
        return await self._first(select(User).where(t.users.c.email == email.strip().lower()))


class Accounts(Repository):
    """Read as rows, not mapped: the secrets are sealed in the table and open in the object."""

    def __init__(
        self, session: AsyncSession, vault: Vault, known: Remembered[UUID, ProviderAccount]
    ) -> None:
        super().__init__(session)
        self._vault = vault
        self._known = known

    async def get(self, account_id: UUID) -> ProviderAccount:
        """As it is now, or was a moment ago: see `Memory`."""
        account = await self._of_id(account_id)
        if account is None:
            raise NotFound("there is no such account")
        return account

    async def in_use(self, account_id: UUID) -> bool:
        return await self._of_id(account_id) is not None

    async def of(self, merchant_id: UUID, kind: str, name: str) -> ProviderAccount | None:
        table = t.provider_accounts
        return await self._find(
            table.c.merchant_id == merchant_id, table.c.kind == kind, table.c.name == name
        )

    async def every(self, kind: str, name: str) -> Sequence[ProviderAccount]:
        table = t.provider_accounts
        query = select(table).where(table.c.kind == kind, table.c.name == name, table.c.active)
        rows = (await self._session.execute(query)).mappings().all()
        return [self._opened(dict(row)) for row in rows]

    async def all_of(self, merchant_id: UUID) -> Sequence[ProviderAccount]:
        table = t.provider_accounts
        query = select(table).where(table.c.merchant_id == merchant_id)
        rows = await self._session.execute(query.order_by(table.c.kind, table.c.name, table.c.id))
        return [self._opened(dict(row)) for row in rows.mappings()]

    async def add(self, account: ProviderAccount) -> None:
        await self._session.execute(t.provider_accounts.insert().values(self._sealed(account)))

    async def keep(self, account: ProviderAccount) -> None:
        table = t.provider_accounts
        change = table.update().where(table.c.id == account.id)
        await self._session.execute(change.values(self._sealed(account)))

    def _sealed(self, account: ProviderAccount) -> dict[str, Any]:
        return vars(account) | {"secrets": self._vault.seal(account.secrets)}

    async def _of_id(self, account_id: UUID) -> ProviderAccount | None:
        account = self._known.get(account_id)
        if account is None:
            account = await self._find(t.provider_accounts.c.id == account_id)
            if account is not None:
                self._known.keep(account_id, account)
        return account

    async def _find(self, *conditions: Any) -> ProviderAccount | None:
        active = t.provider_accounts.c.active
        query = select(t.provider_accounts).where(*conditions, active).limit(1)
        row = (await self._session.execute(query)).mappings().first()
        return None if row is None else self._opened(dict(row))

    def _opened(self, values: dict[str, Any]) -> ProviderAccount:
        secrets = self._vault.open(values.pop("secrets"))
        kind = AccountKind(values.pop("kind"))
        return ProviderAccount(kind=kind, secrets=secrets, **values)
