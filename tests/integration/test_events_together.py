"""Many events at once are one transaction, and come to what they would come to one by one."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bot.carriers.base import CarrierEvent
from bot.domain.clock import FixedClock
from bot.domain.errors import NotFound
from bot.domain.merchant import ProviderAccount
from bot.domain.shipment import Status
from bot.domain.when import Window
from bot.services.intake import read_shipment
from bot.services.record_carrier_events import CarrierOutcome
from bot.services.record_event import NewEvent
from bot.settings import Settings
from bot.storage import tables as t
from bot.wiring import Application, wire
from tests.conftest import MONDAY_MORNING, ScriptedEngine, Shop
from tests.integration.api_client import shipment

STORED, REPEATED = CarrierOutcome(stored=1), CarrierOutcome(repeated=1)


def told(key: str, number: str, status: Status, minute: int = 0, **more: Any) -> CarrierEvent:
    at = MONDAY_MORNING - timedelta(hours=1) + timedelta(minutes=minute)
    return CarrierEvent(key, number, status, at, **more)


async def account_of(application: Application, shop: Shop) -> ProviderAccount:
    async with application.database() as unit:
        account = await unit.accounts.of(shop.merchant.id, "carrier", "generic")
    assert account is not None
    return account


async def put(application: Application, shop: Shop, numbers: Sequence[str]) -> None:
    for number in numbers:
        given = read_shipment(shipment(tracking_number=number, window=None))
        await application.services.record_shipment(shop.merchant, f"R-{number}", given)


async def at_once(
    application: Application, shop: Shop, *events: CarrierEvent
) -> list[CarrierOutcome | BaseException]:
    """Each event is a webhook of its own."""
    account = await account_of(application, shop)
    record = application.services.record_carrier_events
    return await asyncio.gather(*(record(account, [one]) for one in events), return_exceptions=True)


async def rows(application: Application, shop: Shop, table: Any) -> Sequence[Any]:
    async with application.database() as unit:
        query = select(table).where(table.c.merchant_id == shop.merchant.id).order_by(table.c.id)
        return (await unit.session.execute(query)).all()


async def statuses(application: Application, shop: Shop) -> dict[str, str]:
    found = await rows(application, shop, t.shipments)
    return {one.tracking_number: str(one.status) for one in found}


async def deferred(application: Application, shop: Shop) -> list[str]:
    async with application.database() as unit:
        found = await unit.session.scalars(
            text(
                "SELECT args ->> 'run_id' FROM procrastinate_jobs WHERE task_name = 'advance_flow'"
                " AND args ->> 'merchant_id' = :merchant ORDER BY id"
            ),
            {"merchant": str(shop.merchant.id)},
        )
        return list(found)


async def test_webhooks_at_once_are_recorded_with_few_statements(
    application: Application, shop: Shop
) -> None:
    numbers = [f"N{n}" for n in range(20)]
    await put(application, shop, numbers)
    before = await deferred(application, shop)
    statements: list[str] = []

    def count(*args: Any) -> None:
        statements.append(args[2])

    events = [told("e", number, Status.out_for_delivery, n) for n, number in enumerate(numbers)]
    engine = application.database.engine.sync_engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", count)
    try:
        outcomes = await at_once(application, shop, *events)
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", count)
    assert outcomes == [STORED] * 20
    assert len(statements) <= 15
    assert set((await statuses(application, shop)).values()) == {"out_for_delivery"}
    runs = [run for run in await rows(application, shop, t.flow_runs) if "out_for" in run.key]
    assert len(runs) == 20
    new = (await deferred(application, shop))[len(before) :]
    assert sorted(new) == sorted(str(run.id) for run in runs)


async def test_what_is_told_is_kept_to_the_letter(application: Application, shop: Shop) -> None:
    """Many rows go to the database as one text, in which nothing may change its meaning."""
    await put(application, shop, ["N1", "N2"])
    odd = 'Zoë said: "\\u0041 {}[],\tNULL\n\\N", 100 % $1 :rows \'); -- \u2028 \U0001f4e6'
    raw = {odd: [None, True, 1.1, 10**17, {"null": "null"}, odd], "empty": {}}
    event = told(
        "e",
        "N1",
        Status.out_for_delivery,
        description=odd,
        raw=raw,
        depot=odd,
        window=Window(MONDAY_MORNING, MONDAY_MORNING + timedelta(microseconds=1_500_001)),
    )
    outcomes = await at_once(application, shop, event, told("e", "N2", Status.in_transit))
    assert outcomes == [STORED, STORED]
    kept = {one.status: one for one in await rows(application, shop, t.tracking_events)}
    first, second = kept[Status.out_for_delivery], kept[Status.in_transit]
    assert (first.description, first.raw) == (odd, raw)
    assert first.window_end - first.window_start == timedelta(microseconds=1_500_001)
    assert (second.window_start, second.courier_name, second.code) == (None, None, "")
    parcels = {one.tracking_number: one for one in await rows(application, shop, t.shipments)}
    assert parcels["N1"].details["depot"] == odd
    assert parcels["N1"].window_end == first.window_end


async def test_an_event_twice_at_once_is_one(application: Application, shop: Shop) -> None:
    await put(application, shop, ["N1"])
    one = told("e", "N1", Status.delivered)
    assert await at_once(application, shop, one, one) == [STORED, REPEATED]
    assert len(await rows(application, shop, t.tracking_events)) == 1
    runs = await rows(application, shop, t.flow_runs)
    assert [run.key.partition(":")[0] for run in runs].count("delivered") == 1


async def test_a_bad_one_and_unknown_ones_harm_no_other(
    application: Application, shop: Shop
) -> None:
    await put(application, shop, ["N1", "N2", "N3"])
    outcomes = await at_once(
        application,
        shop,
        told("e1", "N1", Status.in_transit),
        told("e2", "N2", Status.in_transit, description="no text may hold a \x00"),
        told("e3", "nobody's", Status.in_transit),
        told("e4", "N3", Status.in_transit),
    )
    assert isinstance(outcomes.pop(1), DBAPIError)
    assert outcomes == [STORED, CarrierOutcome(unknown=1), STORED]
    found = await statuses(application, shop)
    assert found == {"N1": "in_transit", "N2": "created", "N3": "in_transit"}
    assert len(await rows(application, shop, t.unclaimed_events)) == 1


async def test_events_of_one_parcel_at_once_come_to_the_last(
    application: Application, shop: Shop
) -> None:
    await put(application, shop, ["N1"])
    steps = [Status.in_transit, Status.out_for_delivery, Status.attempt_failed, Status.delivered]
    events = [told(f"e{n}", "N1", status, n) for n, status in enumerate(steps)]
    random.Random(4).shuffle(events)  # noqa: S311  no secret
    assert await at_once(application, shop, *events) == [STORED] * 4
    assert await statuses(application, shop) == {"N1": "delivered"}
    assert len(await rows(application, shop, t.attempts)) == 1
    keys = [run.key for run in await rows(application, shop, t.flow_runs)]
    assert len(keys) == len(set(keys))


async def test_the_api_tells_of_many_at_once_and_each_hears_of_its_own(
    application: Application, shop: Shop
) -> None:
    await put(application, shop, ["N1", "N2"])
    record = application.services.record_events
    now = MONDAY_MORNING

    def new(key: str, status: Status) -> NewEvent:
        return NewEvent("api", key, status, now)

    done = await asyncio.gather(
        record(shop.merchant.id, "R-N1", [new("a", Status.in_transit)]),
        record(shop.merchant.id, "none", [new("a", Status.in_transit)]),
        record(shop.merchant.id, "R-N2", [new("a", Status.delivered)]),
        record(shop.merchant.id, "R-N1", [new("a", Status.delivered), new("b", Status.delivered)]),
        return_exceptions=True,
    )
    first, unknown, second, again = done
    assert isinstance(unknown, NotFound)
    assert not isinstance(first, BaseException)
    assert not isinstance(second, BaseException)
    assert not isinstance(again, BaseException)
    assert (first.stored, second.stored) == (("a",), ("a",))
    assert (again.stored, again.repeated, again.contradicting) == (("b",), ("a",), ("a",))


async def test_two_processes_with_the_same_parcels_in_another_order(
    settings: Settings,
    clock: FixedClock,
    engine: ScriptedEngine,
    application: Application,
    shop: Shop,
) -> None:
    numbers = [f"N{n}" for n in range(12)]
    await put(application, shop, numbers)
    dice = random.Random(7)  # noqa: S311  no secret
    rounds = 8
    async with AsyncExitStack() as stack:
        processes = [
            await stack.enter_async_context(wire(settings, clock=clock, engine=engine))
            for _ in range(2)
        ]

        async def tell(which: int) -> list[Any]:
            done: list[Any] = []
            for n in range(rounds):
                mixed = dice.sample(numbers, len(numbers))
                events = [told(f"{which}-{n}", number, Status.in_transit, n) for number in mixed]
                done += await at_once(processes[which], shop, *events)
            return done

        async with asyncio.timeout(60):
            outcomes = await asyncio.gather(tell(0), tell(1))
    assert outcomes == [[STORED] * rounds * len(numbers)] * 2
    assert len(await rows(application, shop, t.tracking_events)) == 2 * rounds * len(numbers)
