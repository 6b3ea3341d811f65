"""Provider accounts remembered for a moment: every webhook and every send asks for one first."""

import time
from uuid import UUID

from bot.domain.merchant import ProviderAccount

REMEMBERED = 5.0
"""Seconds after which a changed secret, or an account that was closed, is noticed."""


class KnownAccounts:
    """One process's memory. What does not exist is not kept: anybody can make up an id."""

    def __init__(self) -> None:
        self._known: dict[UUID, tuple[float, ProviderAccount]] = {}

    def get(self, account_id: UUID) -> ProviderAccount | None:
        """The account, unless it was read too long ago."""
        read_at, account = self._known.get(account_id, (0.0, None))
        return account if time.monotonic() - read_at < REMEMBERED else None

    def keep(self, account: ProviderAccount) -> None:
        """Remember an account that was just read."""
        self._known[account.id] = (time.monotonic(), account)
