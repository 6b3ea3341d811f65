"""Asking the carriers that have to be asked, each within its limits."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from bot.carriers.base import Carrier, Followed, Polled
from bot.domain.clock import Clock
from bot.domain.errors import DoorstepError
from bot.domain.merchant import AccountKind, ProviderAccount
from bot.domain.polling import wait_after
from bot.domain.shipment import Shipment
from bot.services.follow_vehicles import FollowVehicles
from bot.services.ports import Units, adapter_account
from bot.services.record_carrier_events import RecordCarrierEvents

logger = logging.getLogger(__name__)

EVERY = 60
"""Seconds between two rounds; an account is asked as often in each as its limit a minute."""


@dataclass(frozen=True)
class PollCarriers:
    """One round over every account whose option `poll` is `yes`."""

    units: Units
    clock: Clock
    carriers: Mapping[str, Carrier]
    record: RecordCarrierEvents
    follow: FollowVehicles

    async def __call__(self) -> int:
        """Returns how many questions were asked; one account's failure holds back no other."""
        asked = 0
        for name, carrier in self.carriers.items():
            if not isinstance(carrier, Polled | Followed):
                continue
            async with self.units() as unit:
                accounts = await unit.accounts.every(AccountKind.carrier, name)
                await unit.commit()
            for account in accounts:
                if account.options.get("poll") == "yes":
                    asked += await self._ask(account, carrier)
        return asked

    async def _ask(self, account: ProviderAccount, carrier: Carrier) -> int:
        asked = 0
        if isinstance(carrier, Followed):
            asked += await self._positions(account, carrier)
        if isinstance(carrier, Polled):
            for shipment in await self._due(account, carrier):
                asked += 1
                if not await self._track(account, carrier, shipment):
                    # Its limit, or it is down: the others' turn comes with the next round.
                    break
        return asked

    async def _positions(self, account: ProviderAccount, carrier: Followed) -> int:
        try:
            await self.follow(account, await carrier.positions(adapter_account(account)))
        except DoorstepError as error:
            logger.warning("positions not told: account %s: %s", account.id, error)
        return 1

    async def _due(self, account: ProviderAccount, carrier: Polled) -> list[Shipment]:
        """Take what is due, and put it off at once: two rounds never ask for the same."""
        now = self.clock.now()
        async with self.units() as unit:
            due = await unit.shipments.due_for_polling(
                account.merchant_id, account.name, now, _limit(account, carrier)
            )
            for shipment in due:
                shipment.poll_due_at = now + wait_after(shipment, shipment.poll_misses, now)
            await unit.commit()
        return list(due)

    async def _track(self, account: ProviderAccount, carrier: Polled, shipment: Shipment) -> bool:
        """Ask for one; whether to go on with the others."""
        try:
            told = await carrier.track(adapter_account(account), shipment.tracking_number)
        except DoorstepError as error:
            logger.warning("not told of a parcel: account %s: %s", account.id, error)
            await self._count(shipment, missed=True)
            return False
        await self.record(account, told)
        await self._count(shipment, missed=False)
        return True

    async def _count(self, shipment: Shipment, *, missed: bool) -> None:
        async with self.units() as unit:
            now = self.clock.now()
            stored = await unit.shipments.get(shipment.merchant_id, shipment.id)
            stored.poll_misses = stored.poll_misses + 1 if missed else 0
            # By what is known now: what was asked may have come much nearer.
            stored.poll_due_at = now + wait_after(stored, stored.poll_misses, now)
            await unit.commit()


def _limit(account: ProviderAccount, carrier: Polled) -> int:
    given = account.options.get("polls_per_minute", "")
    return int(given) if given.isdecimal() and int(given) > 0 else carrier.polls_per_minute
