"""Carriers that are asked: what is due, within their limits, and rarer after errors."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.carriers.base import CarrierEvent, VehiclePosition
from bot.carriers.onfleet import Onfleet
from bot.carriers.samsara import Samsara
from bot.domain.clock import FixedClock
from bot.domain.errors import Limited, Temporary
from bot.domain.ids import new_id
from bot.domain.merchant import AccountKind, ProviderAccount
from bot.domain.polling import wait_after
from bot.domain.shipment import Shipment, Status
from bot.jobs import tasks
from bot.wiring import Application
from tests.conftest import Shop


class Fleet:
    """A merchant's account with a carrier that is asked, and what it is asked."""

    def __init__(self, application: Application, shop: Shop, clock: FixedClock) -> None:
        self.application, self.shop, self.clock = application, shop, clock
        self.asked: list[str] = []
        self.accounts: set[UUID] = set()
        self.error: Exception | None = None

    async def track(self, account: Any, number: str) -> list[CarrierEvent]:
        self.asked.append(number)
        if self.error is not None:
            raise self.error
        return [CarrierEvent(f"{number}:1", number, Status.in_transit, self.clock.now())]

    async def account(self, name: str, **options: str) -> ProviderAccount:
        made = ProviderAccount(
            new_id(), self.shop.merchant.id, AccountKind.carrier, name, "Fleet", {}, options
        )
        async with self.application.database() as unit:
            await unit.accounts.add(made)
            await unit.commit()
        self.accounts.add(made.id)
        return made

    async def parcel(self, number: str, status: Status = Status.created) -> UUID:
        parcel = Shipment(
            new_id(), self.shop.merchant.id, f"ML-{number}", "onfleet", number, None,
            self.clock.now(), status=status,
        )  # fmt: skip
        async with self.application.database() as unit:
            unit.add(parcel)
            await unit.commit()
        return parcel.id

    async def stored(self, parcel: UUID) -> Shipment:
        async with self.application.database() as unit:
            return await unit.shipments.get(self.shop.merchant.id, parcel)

    async def round(self) -> list[str]:
        self.asked.clear()
        poll = self.application.services.poll_carriers
        for account in await poll.ordered():
            if account in self.accounts:
                await poll(account)
        return sorted(number for number in self.asked if number.startswith("p"))


@pytest.fixture
async def fleet(
    application: Application, shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Fleet:
    made = Fleet(application, shop, clock)
    monkeypatch.setattr(Onfleet, "track", lambda _, account, number: made.track(account, number))
    return made


async def test_what_is_open_is_asked_for_and_then_left_alone(fleet: Fleet) -> None:
    await fleet.account("onfleet", poll="yes")
    open_one = await fleet.parcel("p1")
    await fleet.parcel("p2", Status.delivered)
    assert await fleet.round() == ["p1"]
    assert (await fleet.stored(open_one)).status is Status.in_transit
    assert await fleet.round() == []
    fleet.clock.instant += timedelta(hours=5)
    assert await fleet.round() == ["p1"]


async def test_nobody_is_asked_who_was_not_ordered(fleet: Fleet) -> None:
    await fleet.account("onfleet")
    await fleet.parcel("p1")
    assert await fleet.round() == []


async def test_a_round_keeps_to_the_limit(fleet: Fleet) -> None:
    await fleet.account("onfleet", poll="yes", polls_per_minute="2")
    for number in ("p1", "p2", "p3"):
        await fleet.parcel(number)
    first, second = await fleet.round(), await fleet.round()
    assert (len(first), len(second)) == (2, 1)
    assert sorted([*first, *second]) == ["p1", "p2", "p3"]


async def test_errors_are_asked_about_less_and_less(fleet: Fleet) -> None:
    await fleet.account("onfleet", poll="yes")
    parcel = await fleet.parcel("p1")
    fleet.error = Limited("slow down", timedelta(seconds=5))
    assert await fleet.round() == ["p1"]
    missed = await fleet.stored(parcel)
    assert missed.poll_misses == 1
    assert missed.poll_due_at == fleet.clock.now() + timedelta(hours=8)
    fleet.error = None
    fleet.clock.instant += timedelta(hours=9)
    assert await fleet.round() == ["p1"]
    assert (await fleet.stored(parcel)).poll_misses == 0


async def test_what_was_not_asked_for_is_next(fleet: Fleet) -> None:
    """One error ends a round; it is no reason to leave the other parcels alone for hours."""
    await fleet.account("onfleet", poll="yes")
    for number in ("p1", "p2", "p3"):
        await fleet.parcel(number)
    fleet.error = Temporary("down")
    first, second = await fleet.round(), await fleet.round()
    assert (len(first), len(second)) == (1, 1)
    assert first != second
    fleet.error = None
    assert sorted([*first, *second, *await fleet.round()]) == ["p1", "p2", "p3"]


async def test_a_carrier_that_says_how_long_is_left_alone_so_long(fleet: Fleet) -> None:
    await fleet.account("onfleet", poll="yes")
    for number in ("p1", "p2"):
        await fleet.parcel(number)
    fleet.error = Limited("slow down", timedelta(minutes=10))
    assert len(await fleet.round()) == 1
    fleet.error = None
    assert await fleet.round() == []
    fleet.clock.instant += timedelta(minutes=11)
    assert len(await fleet.round()) == 1


async def test_each_account_has_a_round_of_its_own(application: Application, fleet: Fleet) -> None:
    """However often the clock strikes: one that waits for its turn is enough."""
    tasks.register(application)
    ours = await fleet.account("onfleet", poll="yes")
    await fleet.account("fedex")
    striking = application.queue.app.tasks["poll_carriers"]
    async with application.queue.app.open_async():
        for _ in range(2):
            await striking.func(None)
    async with application.database() as unit:
        rows = await unit.session.execute(
            text(
                "SELECT args ->> 'account_id' FROM procrastinate_jobs"
                " WHERE task_name = 'poll_account' AND args ->> 'account_id' = ANY(:ours)"
            ),
            {"ours": [str(one) for one in fleet.accounts]},
        )
        assert [account for (account,) in rows] == [str(ours.id)]


async def test_vehicles_are_asked_for(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    now = fleet.clock.now()

    async def positions(*_: object) -> list[VehiclePosition]:
        return [VehiclePosition("van-1", now, (48.85, 2.35))]

    monkeypatch.setattr(Samsara, "positions", positions)
    await fleet.account("samsara", poll="yes")
    await fleet.round()
    merchant, an_hour = fleet.shop.merchant.id, timedelta(hours=1)
    async with fleet.application.database() as unit:
        seen = await unit.attempts.positions(merchant, "van-1", now - an_hour, now + an_hour)
    assert [one.place for one in seen] == [(48.85, 2.35)]
    await fleet.application.services.follow_vehicles.forget(now + timedelta(days=15))
    async with fleet.application.database() as unit:
        assert not await unit.attempts.positions(merchant, "van-1", now - an_hour, now + an_hour)


def test_the_nearer_the_oftener(clock: FixedClock) -> None:
    now = clock.now()
    parcel = Shipment(new_id(), new_id(), "r", "onfleet", "n", None, now)
    far = wait_after(parcel, 0, now)
    parcel.window_start, parcel.window_end = now + timedelta(hours=6), now + timedelta(hours=8)
    near = wait_after(parcel, 0, now)
    parcel.status = Status.out_for_delivery
    at_hand = wait_after(parcel, 0, now)
    assert at_hand < near < far
    assert wait_after(parcel, 1, now) == 2 * at_hand
    assert wait_after(parcel, 50, now) == timedelta(days=1)
