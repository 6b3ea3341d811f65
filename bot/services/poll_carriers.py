"""Asking the carriers that have to be asked, each within its limits."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bot.carriers.base import Carrier, Followed, Polled
from bot.domain.clock import Clock
from bot.domain.errors import DoorstepError, Limited
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
    """Asks by account: one merchant's slow carrier keeps no other waiting."""

    units: Units
    clock: Clock
    carriers: Mapping[str, Carrier]
    record: RecordCarrierEvents
    follow: FollowVehicles

    async def ordered(self) -> list[UUID]:
        """The accounts whose carrier can be asked, and whose option `poll` is `yes`."""
        found: list[UUID] = []
        async with self.units() as unit:
            for name, carrier in self.carriers.items():
                if isinstance(carrier, Polled | Followed):
                    accounts = await unit.accounts.every(AccountKind.carrier, name)
                    found += [one.id for one in accounts if one.options.get("poll") == "yes"]
        return found

    async def __call__(self, account_id: UUID) -> int:
        """One round of an account; returns how many questions were asked.

        Raises:
            NotFound: there is no such account any more.
        """
        async with self.units() as unit:
            account = await unit.accounts.get(account_id)
        carrier, asked = self.carriers[account.name], 0
        if isinstance(carrier, Followed):
            asked += await self._positions(account, carrier)
        if isinstance(carrier, Polled):
            asked += await self._parcels(account, carrier)
        return asked

    async def _parcels(self, account: ProviderAccount, carrier: Polled) -> int:
        """Ask for what is due until the round is over, or the carrier will not answer."""
        due, ends = await self._due(account, carrier), time.monotonic() + EVERY
        for asked, shipment in enumerate(due, start=1):
            wait = await self._track(account, carrier, shipment)
            if wait is None and time.monotonic() < ends:
                continue
            await self._put_back(due[asked:], wait or timedelta())
            return asked
        return len(due)

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

    async def _put_back(self, left: Sequence[Shipment], wait: timedelta) -> None:
        """Those that were not asked for are due in the next round, or when the carrier allows."""
        async with self.units() as unit:
            for shipment in left:
                stored = await unit.shipments.get(shipment.merchant_id, shipment.id)
                stored.poll_due_at = self.clock.now() + wait
            await unit.commit()

    async def _track(
        self, account: ProviderAccount, carrier: Polled, shipment: Shipment
    ) -> timedelta | None:
        """Ask for one; how long to leave the carrier alone where it did not answer."""
        try:
            told = await carrier.track(adapter_account(account), shipment.tracking_number)
        except DoorstepError as error:
            logger.warning("not told of a parcel: account %s: %s", account.id, error)
            await self._count(shipment, missed=True)
            return error.wait if isinstance(error, Limited) else timedelta()
        await self.record(account, told)
        await self._count(shipment, missed=False)
        return None

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
