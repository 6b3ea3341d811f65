"""Attempts told truly: a carrier's claim, the customer's word, the verdict, and what follows."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bot.carriers.base import VehiclePosition
from bot.domain.attempt import Attempt, CustomerSays, Seen, Verdict
from bot.domain.clock import FixedClock
from bot.domain.conversation import Author, Message
from bot.domain.request import RequestKind
from bot.domain.shipment import Shipment, Status
from bot.domain.when import Wish
from bot.services.change_delivery import offer
from bot.services.intake import read_shipment
from bot.services.judge_attempts import customer_says
from tests.conftest import ScriptedEngine, Shop
from tests.integration.api_client import shipment
from tests.integration.house import House, open_house

PHONE = "+33639981234"
HOME = {"latitude": 48.8566, "longitude": 2.3522}
ACROSS_TOWN = {"latitude": 48.90, "longitude": 2.40}


class Door(House):
    """A parcel that a carrier says it tried to deliver."""

    async def expect(self) -> None:
        to = {"name": "Ada Byron", "phone": PHONE, "language": "en"}
        given = shipment(window=None) | {"recipient": to, "carrier": "generic"}
        address = {"line1": "1 Rue Neuve", "country": "FR", **HOME}
        wanted = read_shipment(given | {"address": address, "tracking_number": "SP1"})
        await self.application.services.record_shipment(self.shop.merchant, "ML-1", wanted)

    async def fails(self, **besides: Any) -> None:
        """The carrier posts its claim, signed, over HTTP."""
        courier = {"name": "Sam", "phone": None, "id": "c-7"}
        event = {"tracking_number": "SP1", "status": "attempt_failed", "courier": courier}
        await self.sandbox.ask("POST", "/carrier/events", event | besides)
        await self.sandbox.idle()
        await self.work()

    async def parcel(self) -> Shipment:
        async with self.application.database() as unit:
            found = await unit.shipments.by_reference(self.shop.merchant.id, "ML-1")
        assert found is not None
        return found

    async def attempts(self) -> list[Attempt]:
        async with self.application.database() as unit:
            parcel = await unit.shipments.by_reference(self.shop.merchant.id, "ML-1")
            assert parcel is not None
            return list(await unit.attempts.of_shipment(self.shop.merchant.id, parcel.id))

    async def hears(self, said: CustomerSays) -> Attempt:
        async with self.application.database() as unit:
            parcel = await unit.shipments.by_reference(self.shop.merchant.id, "ML-1")
            assert parcel is not None
            found = await customer_says(unit, parcel, said, self.application.clock.now())
            await unit.commit()
        assert found is not None
        return found

    async def said(self) -> list[Message]:
        async with self.application.database() as unit:
            contact = await unit.people.by_phone(self.shop.merchant.id, PHONE)
            assert contact is not None
            found = await unit.conversations.of_contact(self.shop.merchant.id, contact.id)
            assert found is not None
            return list(await unit.messages.thread(self.shop.merchant.id, found.id))

    async def fee(self) -> int:
        async with self.application.database() as unit:
            parcel = await unit.shipments.by_reference(self.shop.merchant.id, "ML-1")
            assert parcel is not None
            now = self.application.clock.now()
            made = await offer(unit, parcel, RequestKind.reschedule, Wish(), now)
        assert made.decision.allowed, made.decision.reason
        return made.decision.fee.amount


@pytest.fixture
async def door(
    database_url: str, clock: FixedClock, engine: ScriptedEngine, tmp_path: Path
) -> AsyncIterator[Door]:
    async with open_house(Door, database_url, clock, engine, tmp_path) as house:
        await house.expect()
        yield house


async def test_the_customer_is_asked_at_once(door: Door) -> None:
    await door.fails()
    (asked,) = [m for m in await door.said() if m.author is Author.flow]
    assert asked.say == "flow_attempt_failed"
    assert [option["payload"] for option in asked.options] == [
        "/dispute_attempt",
        "/report_missed_delivery",
    ]
    (attempt,) = await door.attempts()
    assert (attempt.courier_id, attempt.customer, attempt.disputed) == ("c-7", None, False)
    assert await door.sandbox.violations() == []


async def test_a_claim_told_twice_is_one_attempt(door: Door) -> None:
    at = (door.application.clock.now() - timedelta(minutes=5)).isoformat()
    for _ in range(2):
        await door.fails(id="e-1", at=at)
    assert len(await door.attempts()) == 1


async def test_who_was_in_while_the_courier_was_elsewhere_is_believed(door: Door) -> None:
    await door.fails(location=ACROSS_TOWN)
    attempt = await door.hears(CustomerSays.was_in)
    assert (attempt.verdict, attempt.disputed) == (Verdict.not_made, True)
    assert {reason["key"] for reason in attempt.reasons} >= {"far_away", "customer_was_in"}
    assert attempt.evidence["nearest_metres"] > 5000
    # The first word stands, and a dispute is opened once.
    again = await door.hears(CustomerSays.was_out)
    assert (again.customer, again.disputed_at) == (CustomerSays.was_in, attempt.disputed_at)


async def test_another_try_after_a_dispute_costs_nothing(door: Door) -> None:
    await door.fails(location=ACROSS_TOWN)
    assert await door.fee() > 0
    await door.hears(CustomerSays.was_in)
    assert await door.fee() == 0


async def test_who_was_out_is_no_dispute(door: Door) -> None:
    await door.fails(location=ACROSS_TOWN)
    attempt = await door.hears(CustomerSays.was_out)
    assert not attempt.disputed
    assert await door.fee() > 0


async def test_a_vehicle_s_track_is_evidence(door: Door) -> None:
    now = door.application.clock.now()
    account = UUID(door.shop.told["carrier"]["account_id"])
    async with door.application.database() as unit:
        carrier = await unit.accounts.get(account)
    home = (HOME["latitude"], HOME["longitude"])
    there = [VehiclePosition("van-3", now - timedelta(seconds=30 * n), home) for n in range(1, 5)]
    follow = door.application.services.follow_vehicles
    assert await follow(carrier, there) == 4
    assert await follow(carrier, there) == 0
    await door.fails(vehicle="van-3", at=(now - timedelta(minutes=1)).isoformat())
    attempt = await door.hears(CustomerSays.was_in)
    assert attempt.verdict is Verdict.genuine
    assert attempt.evidence["seconds_at_address"] == 90
    assert not attempt.disputed


async def test_many_at_once_are_counted_by_courier(door: Door) -> None:
    now = door.application.clock.now()
    async with door.application.database() as unit:
        parcel = await unit.shipments.by_reference(door.shop.merchant.id, "ML-1")
        assert parcel is not None
        for place in range(5):
            other = Attempt(
                id=UUID(int=place + 1), merchant_id=door.shop.merchant.id, shipment_id=parcel.id,
                event_key=f"other:{place}", carrier="generic", courier_id="c-7",
                claimed_at=now - timedelta(minutes=place), created_at=now,
            )  # fmt: skip
            assert await unit.attempts.add(other)
        await unit.commit()
    await door.fails()
    latest = next(a for a in await door.attempts() if not a.event_key.startswith("other"))
    assert latest.evidence["others_within_ten_minutes"] == 5


async def test_a_scorecard_is_the_merchant_s_own(
    door: Door, database_url: str, clock: FixedClock, shop: Shop
) -> None:
    await door.fails(location=ACROSS_TOWN, depot="Lyon Sud")
    since = door.application.clock.now() - timedelta(days=1)
    async with door.application.database() as unit:
        mine = await unit.attempts.verdicts(door.shop.merchant.id, "depot", since)
        theirs = await unit.attempts.verdicts(shop.merchant.id, "depot", since)
        (row,) = await unit.attempts.recent(door.shop.merchant.id, since, 10)
        assert await unit.attempts.recent(shop.merchant.id, since, 10) == []
        positions = await unit.attempts.positions(shop.merchant.id, "van-3", since, clock.now())
    assert (mine, theirs, list(positions)) == ([("Lyon Sud", Verdict.not_made)], [], list[Seen]())
    assert row[1].reference == "ML-1"
    assert (await door.parcel()).status is Status.attempt_failed
