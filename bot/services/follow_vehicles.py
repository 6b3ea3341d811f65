"""Where vehicles are: what that says of their parcels, and how an attempt went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.carriers.base import VehiclePosition
from bot.domain.attempt import Seen
from bot.domain.clock import Clock
from bot.domain.merchant import ProviderAccount
from bot.services.own_estimates import come_nearer
from bot.services.ports import Units

KEPT_FOR = timedelta(days=14)


@dataclass(frozen=True)
class FollowVehicles:
    """Keeps positions; one that is told twice is kept once."""

    units: Units
    clock: Clock

    async def __call__(self, account: ProviderAccount, told: Sequence[VehiclePosition]) -> int:
        """Returns how many were new; the parcels of vehicles that have moved are estimated anew."""
        async with self.units() as unit:
            kept = [
                await unit.attempts.add_position(
                    account.merchant_id, position.vehicle, Seen(position.at, position.place)
                )
                for position in told
            ]
            await unit.commit()
        moved = {position.vehicle for position, new in zip(told, kept, strict=True) if new}
        for vehicle in sorted(moved):
            async with self.units() as unit:
                await come_nearer(unit, account.merchant_id, vehicle, self.clock.now())
                await unit.commit()
        return sum(kept)

    async def forget(self, now: datetime) -> None:
        """Drop what is older than any attempt that may still be judged."""
        async with self.units() as unit:
            await unit.attempts.forget_positions(now - KEPT_FOR)
            await unit.commit()
