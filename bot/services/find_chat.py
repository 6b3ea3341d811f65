"""The merchant's Telegram bot, by which links open a chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from bot.domain.merchant import AccountKind
from bot.services.ports import UnitOfWork, Units
from bot.services.together import Together


@dataclass(frozen=True)
class FindChat:
    """Looks up a bot's name, once for all who ask at the same time."""

    units: Units

    @cached_property
    def _together(self) -> Together[UUID, None, str | None]:
        return Together(self._find)

    async def __call__(self, merchant_id: UUID) -> str | None:
        """Its name; None where the merchant has no such account."""
        return await self._together(merchant_id, None)

    async def _find(self, merchant_id: UUID, asked: Sequence[None]) -> Sequence[str | None]:
        async with self.units() as unit:
            name = await chat_of(unit, merchant_id)
            await unit.commit()
        return [name for _ in asked]


async def chat_of(unit: UnitOfWork, merchant_id: UUID) -> str | None:
    """The same in a unit that is open."""
    account = await unit.accounts.of(merchant_id, AccountKind.channel, "telegram")
    return account.address if account else None
