"""The provider accounts that webhooks name, remembered for a moment."""

import asyncio
from uuid import UUID

from bot.domain.merchant import ProviderAccount
from bot.services.ports import Units

REMEMBERED = 5.0
"""Seconds after which a changed secret, or an account that was closed, is noticed."""


class KnownAccounts:
    """Every webhook asks for its account first; most of them for the same few."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._known: dict[UUID, tuple[float, ProviderAccount]] = {}

    async def get(self, account_id: UUID) -> ProviderAccount:
        """The account. Raises NotFound, which is not remembered: anybody can make up an id."""
        now = asyncio.get_running_loop().time()
        until, account = self._known.get(account_id, (0.0, None))
        if account is None or until <= now:
            self._known.pop(account_id, None)
            async with self._units() as unit:
                account = await unit.accounts.get(account_id)
                # A rollback would make the driver forget every statement it has prepared.
                await unit.commit()
            self._known[account_id] = (now + REMEMBERED, account)
        return account
