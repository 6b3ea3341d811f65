"""Our own estimates: learnt from parcels that have come, and made by where the courier is."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.carriers.base import CarrierEvent, VehiclePosition
from bot.commands import eta_report as command
from bot.domain.clock import FixedClock
from bot.domain.estimate import By
from bot.domain.eta import arrivals_of, eta_report
from bot.domain.ids import new_id
from bot.domain.merchant import ProviderAccount
from bot.domain.shipment import Shipment, Status
from bot.domain.usual import REMEMBERED, Group, Leg
from bot.domain.when import Window
from bot.services.own_estimates import come_nearer
from bot.services.record_event import NewEvent, record_events
from tests.conftest import ScriptedEngine
from tests.integration.house import open_house
from tests.integration.test_attempts import HOME
from tests.integration.test_flow_triggers import Shop

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
VAN = "van-3"


class Road(Shop):
    """A parcel on a van, and those that came before it."""

    @property
    def now(self) -> datetime:
        return self.application.clock.now()

    async def carrier(self) -> ProviderAccount:
        async with self.application.database() as unit:
            return await unit.accounts.get(UUID(self.shop.told["carrier"]["account_id"]))

    async def learns(self, hours: Sequence[float], *, postcode: str = "") -> None:
        """So many parcels were loaded at this hour last week, and came so many hours later."""
        loaded = self.now - 7 * DAY
        async with self.application.database() as unit:
            for took in hours:
                parcel = Shipment(
                    id=new_id(), merchant_id=self.shop.merchant.id, reference=f"old-{new_id()}",
                    carrier="generic", tracking_number="", contact_id=None, created_at=loaded,
                    timezone="Europe/Paris", country="FR", address={"postal_code": postcode},
                )  # fmt: skip
                unit.add(parcel)
                await unit.flush()
                told = [
                    NewEvent("api", "1", Status.out_for_delivery, loaded),
                    NewEvent("api", "2", Status.delivered, loaded + took * HOUR),
                ]
                await record_events(unit, parcel, told, self.now, digits=None, announce=False)
            await unit.commit()

    async def tells(self, status: str, hours: float | None = None, **besides: Any) -> Shipment:
        """The carrier tells of the parcel now, with a window that begins in so many hours."""
        start = self.now + (hours or 0) * HOUR
        event = CarrierEvent(
            key=str(new_id()), tracking_number="SP1", status=Status(status), at=self.now,
            window=None if hours is None else Window(start, start + 2 * HOUR), **besides,
        )  # fmt: skip
        services = self.application.services
        await services.record_carrier_events(await self.carrier(), [event])
        await self.work()
        return await self.parcel()

    async def drives(self, *kilometres: float) -> Shipment:
        """The van is so far from the door, now and in the minutes before."""
        last = len(kilometres) - 1
        seen = [
            VehiclePosition(VAN, self.now - (last - n) * MINUTE, self.north(km))
            for n, km in enumerate(kilometres)
        ]
        await self.application.services.follow_vehicles(await self.carrier(), seen)
        await self.work()
        return await self.parcel()

    def north(self, kilometres: float) -> tuple[float, float]:
        return HOME["latitude"] + kilometres / 111.2, HOME["longitude"]

    async def refresh(self) -> Shipment:
        await self.application.services.refresh_estimates()
        await self.work()
        return await self.parcel()

    async def last_words(self) -> str:
        return (await self.said())[-1].text


@pytest.fixture
async def road(
    database_url: str, clock: FixedClock, engine: ScriptedEngine, tmp_path: Path
) -> AsyncIterator[Road]:
    async with open_house(Road, database_url, clock, engine, tmp_path) as made:
        # What is learnt counts at once.
        made.application.database.memory.journeys.seconds = 0.0
        await made.expect()
        yield made


USUAL = [4 + n / 20 for n in range(24)]


async def test_history_gives_an_estimate_that_is_told_as_what_is_usual(road: Road) -> None:
    await road.learns(USUAL)
    parcel = await road.tells("out_for_delivery")
    assert parcel.window is None
    assert parcel.estimate is not None
    assert parcel.estimate.by is By.history
    # 8:30 in London's time is 9:30 in Paris; four hours later, to the quarter of an hour.
    assert parcel.expected == Window(road.now + 4 * HOUR, road.now + 5.25 * HOUR)
    assert (parcel.told, parcel.told_by) == (parcel.expected, "history")
    assert (
        "Parcels like yours usually come today between 13:30 and 14:45" in await road.last_words()
    )


async def test_too_few_parcels_say_nothing(road: Road) -> None:
    await road.learns(USUAL[:19])
    parcel = await road.tells("out_for_delivery")
    assert parcel.estimate is None
    assert "usually" not in await road.last_words()


async def test_the_carrier_s_word_goes_before_history(road: Road) -> None:
    await road.learns(USUAL)
    parcel = await road.tells("out_for_delivery", 1)
    assert parcel.estimate is not None
    assert parcel.estimate.by is By.carrier
    assert "usually" not in await road.last_words()


async def test_another_lane_serves_where_its_own_has_too_few(road: Road) -> None:
    await road.learns([1.0] * 12)
    await road.learns([6 + n / 20 for n in range(30)], postcode="13001")
    parcel = await road.tells("out_for_delivery")
    # The parcel's own lane has twelve; all of the carrier's together are enough.
    assert parcel.expected == Window(road.now + HOUR, road.now + 7.25 * HOUR)
    await road.learns([1.0] * 8)
    parcel = await road.tells("out_for_delivery")
    assert parcel.expected == Window(road.now + HOUR, road.now + 1.5 * HOUR), "now it has twenty"


async def test_a_parcel_teaches_its_own_merchant_once(road: Road, clock: FixedClock) -> None:
    await road.tells("out_for_delivery")
    for _ in range(2):
        clock.instant += 4 * HOUR
        await road.tells("delivered")
    monday_at_nine = Group(Leg.out, "generic", ">FR:", 0, 9), road.now - DAY, 10
    async with road.application.database() as unit:
        (took,) = await unit.journeys.alike(road.shop.merchant.id, *monday_at_nine)
        assert await unit.journeys.alike(new_id(), *monday_at_nine) == []
    assert took == (4 * 3600, 0, 13 * 60 + 30)


async def test_journeys_are_forgotten(road: Road) -> None:
    await road.learns(USUAL[:2])
    await road.application.services.refresh_estimates.forget(road.now + REMEMBERED)
    async with road.application.database() as unit:
        left = await unit.session.scalar(
            text("SELECT count(*) FROM journeys WHERE merchant_id = :id"),
            {"id": road.shop.merchant.id},
        )
    assert left == 0


async def test_told_again_once_when_it_takes_longer_than_usual(
    road: Road, clock: FixedClock
) -> None:
    """Half of such parcels come in the fifth hour, the others in the eighth."""
    await road.learns([4 + n / 250 for n in range(250)] + [8 + n / 25 for n in range(25)])
    told = (await road.tells("out_for_delivery")).told
    assert told is not None
    clock.instant = told.end + MINUTE
    parcel = await road.refresh()
    assert parcel.expected == Window(told.start + 4 * HOUR, told.start + 5 * HOUR)
    assert await road.told() == ["flow_out_for_delivery", "flow_window_changed"]
    assert "no longer holds. Parcels like yours usually come today" in await road.last_words()
    await road.refresh()
    assert len(await road.told()) == 2
    # All of those are over: nothing is known any more, and that is no news.
    clock.instant = told.end + 8 * HOUR
    assert (await road.refresh()).expected is None
    assert len(await road.told()) == 2


async def test_the_courier_s_position_narrows_the_carrier_s_window(
    road: Road, clock: FixedClock
) -> None:
    await road.tells("out_for_delivery", 0.5, vehicle=VAN)
    clock.instant += HOUR
    parcel = await road.drives(6, 5, 4)
    assert parcel.window is not None
    assert parcel.estimate is not None
    assert parcel.estimate.by is By.position
    assert parcel.window.start < parcel.estimate.window.start
    assert parcel.estimate.window.end < parcel.window.end
    assert await road.told() == ["flow_out_for_delivery"], "what they were told holds"


async def test_a_courier_who_comes_too_late_is_told_of_once(road: Road, clock: FixedClock) -> None:
    await road.tells("out_for_delivery", 0, vehicle=VAN)
    clock.instant += HOUR * 1.9
    parcel = await road.drives(9, 8, 7)
    assert parcel.estimate is not None
    assert parcel.estimate.by is By.position
    assert await road.told() == ["flow_out_for_delivery", "flow_window_changed"]
    assert "By where the courier is now, it should come today" in await road.last_words()
    clock.instant += 5 * MINUTE
    await road.drives(6.5, 6.4)
    assert len(await road.told()) == 2


async def test_a_van_that_falls_silent_is_no_news(road: Road, clock: FixedClock) -> None:
    await road.learns(USUAL)
    await road.tells("out_for_delivery", vehicle=VAN)
    await road.drives(6, 5, 4)
    assert (await road.parcel()).own_by == "position"
    told = await road.told()
    clock.instant += HOUR
    parcel = await road.refresh()
    assert parcel.own_by == "history"
    assert await road.told() == told


async def test_nearly_there_is_said_once_a_day(road: Road, clock: FixedClock) -> None:
    await road.tells("out_for_delivery", vehicle=VAN)
    await road.drives(9, 8, 7)
    assert await road.told() == ["flow_out_for_delivery"], "twenty-nine minutes away"
    clock.instant += 5 * MINUTE
    await road.drives(3, 2.5, 2)
    assert (await road.told())[1:] == ["flow_nearly_there"]
    assert "is nearly there with your parcel" in await road.last_words()
    assert "By where the courier is now, it should come today between" in await road.last_words()
    clock.instant += 2 * MINUTE
    await road.drives(1.5, 1, 0.5)
    await road.tells("unknown", minutes_away=3)
    assert len(await road.told()) == 2
    clock.instant += DAY
    await road.drives(3, 2.5, 2)
    assert (await road.told())[2:] == ["flow_nearly_there"], "another day, another run"


async def test_in_quiet_hours_it_is_not_said_and_not_made_good(road: Road) -> None:
    async with road.application.database() as unit:
        merchant = await unit.merchants.get(road.shop.merchant.id)
        quiet = {"quiet_hours": {"progress": {"hours": "09:00-10:00"}}}
        merchant.policy = {**merchant.policy, **quiet}
        await unit.commit()
    await road.tells("out_for_delivery", vehicle=VAN)
    await road.drives(3, 2.5, 2)
    async with road.application.database() as unit:
        standing = await unit.flows.standing(road.shop.merchant.id)
    notes = [note for found in standing.values() for note in found]
    assert sorted(notes) == ["held: quiet hours", "not sent: quiet hours"]
    assert await road.told() == []


async def test_a_new_time_that_is_gone_again_is_not_told(road: Road, clock: FixedClock) -> None:
    await road.learns([4 + n / 250 for n in range(250)] + [8 + n / 25 for n in range(25)])
    told = (await road.tells("out_for_delivery")).told
    assert told is not None
    clock.instant = told.end + MINUTE
    await road.application.services.refresh_estimates()
    parcel = await road.tells("exception")
    assert parcel.estimate is None
    assert await road.told() == ["flow_out_for_delivery"]


async def test_who_is_parked_around_the_corner_is_not_nearly_there(road: Road) -> None:
    await road.tells("out_for_delivery", vehicle=VAN)
    parcel = await road.drives(0.4, 0.4, 0.4)
    assert parcel.own is None
    assert await road.told() == ["flow_out_for_delivery"]


async def test_only_the_next_door_is_estimated(road: Road, clock: FixedClock) -> None:
    async with road.application.database() as unit:
        for place in range(10):
            near = road.north(0.2 + place / 10)
            unit.add(
                Shipment(
                    id=new_id(),
                    merchant_id=road.shop.merchant.id,
                    reference=f"S-{new_id()}",
                    carrier="generic",
                    tracking_number="",
                    contact_id=None,
                    created_at=road.now,
                    status=Status.out_for_delivery,
                    details={"vehicle": VAN},
                    address={"latitude": near[0], "longitude": near[1]},
                )
            )
        await unit.commit()
    await road.tells("out_for_delivery", vehicle=VAN)
    await road.drives(3, 2.5, 2)
    assert await road.told() == ["flow_out_for_delivery"], "ten doors lie before"
    async with road.application.database() as unit:
        await unit.session.execute(
            text("UPDATE shipments SET status = 'delivered' WHERE merchant_id = :id"
                 " AND reference LIKE 'S-%'"),
            {"id": road.shop.merchant.id},
        )  # fmt: skip
        await unit.commit()
        assert (await road.parcel()).own is None
    clock.instant += 5 * MINUTE
    await road.drives(2, 1.9, 1.8)
    assert (await road.told())[1:] == ["flow_nearly_there"]


async def test_a_window_in_the_afternoon_is_not_announced_in_the_morning(road: Road) -> None:
    await road.tells("out_for_delivery", 4, vehicle=VAN)
    await road.drives(3, 2.5, 2)
    assert await road.told() == ["flow_out_for_delivery"]


@pytest.mark.parametrize(
    ("away", "said"), [({"minutes_away": 12}, True), ({"minutes_away": 40}, False)]
)
async def test_the_carrier_may_say_so(road: Road, away: dict[str, int], said: bool) -> None:
    await road.tells("out_for_delivery")
    await road.tells("out_for_delivery", **away)
    assert (await road.told())[1:] == ["flow_nearly_there"] * said


async def test_by_stops_where_a_flow_says_so(road: Road) -> None:
    steps = [{"send": {"say": "flow_nearly_there"}}]
    await road.orders("two stops", trigger={"near": {"stops": 2}}, repeat="each", steps=steps)
    await road.tells("out_for_delivery", stops_away=5)
    assert "flow_nearly_there" not in await road.told()
    await road.tells("out_for_delivery", stops_away=2)
    await road.tells("out_for_delivery", stops_away=1)
    await road.tells("out_for_delivery", stops_away=0)
    assert (await road.told()).count("flow_nearly_there") == 1


async def test_a_courier_whose_events_say_where_they_are(road: Road, clock: FixedClock) -> None:
    await road.tells("out_for_delivery", courier_id="c-7", at_place=road.north(4))
    clock.instant += 5 * MINUTE
    parcel = await road.tells("unknown", courier_id="c-7", at_place=road.north(1))
    assert parcel.own_by == "position"
    assert "flow_nearly_there" in await road.told()


async def test_another_merchant_s_van_moves_no_parcel_here(road: Road) -> None:
    await road.tells("out_for_delivery", vehicle=VAN)
    async with road.application.database() as unit:
        await come_nearer(unit, new_id(), VAN, road.now)
        aboard = await unit.shipments.aboard(road.shop.merchant.id, "vehicle", VAN)
        assert [one.reference for one in aboard] == ["ML-1"]
        assert not await unit.shipments.aboard(new_id(), "vehicle", VAN)
        await unit.commit()
    assert (await road.parcel()).own is None


async def test_the_report_counts_whose_estimates_were_kept(road: Road, clock: FixedClock) -> None:
    await road.learns(USUAL)
    await road.tells("out_for_delivery")
    clock.instant += 4.5 * HOUR
    await road.tells("delivered")
    async with road.application.database() as unit:
        arrived = await unit.shipments.arrived_since(road.shop.merchant.id, road.now - DAY)
        (kept,) = eta_report(arrivals_of(arrived))
        learnt = await unit.session.scalar(
            text("SELECT leg FROM journeys WHERE shipment_id = :id"),
            {"id": (await road.parcel()).id},
        )
    assert (kept.by, kept.count, kept.inside) == (By.history, 1, 1)
    assert "generic      history         1    100%" in command._line(kept)
    assert learnt == Leg.out
