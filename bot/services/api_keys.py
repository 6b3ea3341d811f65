"""Merchants' bearer keys: shown once, kept as a hash."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.domain.merchant import Merchant
from bot.services.ports import Units
from bot.services.together import Together

_PREFIX = "dsk_"


def new_key() -> str:
    """A key with 256 random bits; the prefix lets scanners for leaked secrets know it."""
    return _PREFIX + secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """The hash under which a key is kept. Plain SHA-256 will do: keys cannot be guessed."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True)
class FindMerchant:
    """Whose key it is; those that are asked about at the same time are looked up together."""

    units: Units

    @cached_property
    def _together(self) -> Together[None, str, Merchant | None]:
        return Together(self._find)

    async def __call__(self, key: str) -> Merchant | None:
        """The merchant; None for a key that is not known, or has been revoked."""
        return await self._together(None, hash_key(key))

    async def _find(self, _: None, hashes: Sequence[str]) -> Sequence[Merchant | None]:
        async with self.units() as unit:
            found = await unit.merchants.by_key_hashes(set(hashes))
            await unit.commit()
        return [found.get(one) for one in hashes]
