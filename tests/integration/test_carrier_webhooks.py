"""Carriers' webhooks over HTTP, on a real database."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.commands import unknown_codes
from bot.domain.clock import FixedClock
from bot.domain.ids import new_id
from bot.domain.shipment import Status
from bot.services.facts import parcel_facts
from bot.services.intake import read_shipment
from bot.services.record_event import NewEvent
from bot.storage import tables
from bot.web.app import make_app
from bot.wiring import Application
from tests.conftest import MONDAY_MORNING, Shop, seed_shop
from tests.integration.api_client import Json, event, shipment

WINDOW = {"from": "2026-11-23T13:00:00Z", "to": "2026-11-23T15:00:00Z"}


@pytest.fixture
async def client(application: Application) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(make_app(application))) as client:
        yield client


class Carrier:
    """Posts to the gateway as a carrier does."""

    def __init__(self, client: TestClient, shop: Shop) -> None:
        self.client = client
        self.account = shop.told["carrier"]["account_id"]
        self.secret = shop.told["carrier"]["secret"]

    async def tell(self, *events: Json) -> tuple[int, Json]:
        return await self.post(json.dumps({"events": events}).encode())

    async def post(self, body: bytes, signature: str | None = None) -> tuple[int, Any]:
        made = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Doorstep-Signature": f"sha256={made}" if signature is None else signature}
        url = f"/webhooks/carriers/{self.account}"
        async with self.client.post(url, data=body, headers=headers) as answer:
            return answer.status, await answer.json()


@pytest.fixture
def carrier(client: TestClient, shop: Shop) -> Carrier:
    return Carrier(client, shop)


def told(key: str, status: str, at: str, number: str = "SP1", **more: Any) -> Json:
    return event(key, status, at, tracking_number=number, **more)


async def put(application: Application, shop: Shop, reference: str, number: str = "SP1") -> None:
    given = read_shipment(shipment(tracking_number=number, window=None))
    await application.services.record_shipment(shop.merchant, reference, given)


async def status(application: Application, shop: Shop, reference: str) -> str:
    async with application.database() as unit:
        found = await unit.shipments.by_reference(shop.merchant.id, reference)
    assert found is not None
    return found.status


async def rows(application: Application, shop: Shop, table: Any) -> list[Any]:
    async with application.database() as unit:
        query = select(table).where(table.c.merchant_id == shop.merchant.id).order_by(table.c.id)
        return list((await unit.session.execute(query)).all())


async def test_events_are_recorded_by_tracking_number(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    await put(application, shop, "ML-1", "SP1")
    await put(application, shop, "ML-2", "SP2")
    answer = await carrier.tell(
        told("e1", "in_transit", "06:00:00"),
        told("e2", "out_for_delivery", "08:00:00", "SP2"),
        told("e3", "delivered", "08:10:00"),
    )
    assert answer == (200, {"stored": 3, "repeated": 0, "unknown": 0})
    assert await status(application, shop, "ML-1") == "delivered"
    assert await status(application, shop, "ML-2") == "out_for_delivery"
    runs = await rows(application, shop, tables.flow_runs)
    assert sorted(run.key.partition(":")[0] for run in runs) == ["delivered", "out_for_delivery"]


async def test_a_line_to_the_couriers_stands_in_for_their_own_numbers(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    async with application.database() as unit:
        account = await unit.accounts.get(UUID(carrier.account))
        account.options = {**account.options, "courier_number": "+33639980009"}
        await unit.commit()
    await put(application, shop, "ML-1")
    courier = {"name": "Karim", "phone": "+33639980001"}
    await carrier.tell(told("e1", "out_for_delivery", "08:00:00", courier=courier))
    async with application.database() as unit:
        found = await unit.shipments.by_reference(shop.merchant.id, "ML-1")
    assert found is not None
    assert (found.courier_name, found.courier_phone) == ("Karim", "+33639980009")
    assert parcel_facts(found, application.links)["courier_line"] == "+33639980009"


async def test_a_replay_has_no_second_effect(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    await put(application, shop, "ML-1")
    await carrier.tell(told("e1", "delivered", "08:00:00"))
    answer = await carrier.tell(told("e1", "delivered", "08:00:00"))
    assert answer == (200, {"stored": 0, "repeated": 1, "unknown": 0})
    assert len(await rows(application, shop, tables.tracking_events)) == 1
    assert len(await rows(application, shop, tables.flow_runs)) == 1


async def test_orders_that_share_a_parcel_share_its_events(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    await put(application, shop, "ML-1")
    await put(application, shop, "ML-2")
    answer = await carrier.tell(told("e1", "delivered", "08:00:00"))
    assert answer == (200, {"stored": 1, "repeated": 0, "unknown": 0})
    assert await status(application, shop, "ML-1") == "delivered"
    assert await status(application, shop, "ML-2") == "delivered"


async def test_an_unknown_parcel_is_acknowledged_counted_and_audited(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    await put(application, shop, "ML-1")
    answer = await carrier.tell(
        told("e1", "delivered", "08:00:00", "NOBODYS"), told("e2", "in_transit", "08:00:00")
    )
    assert answer == (200, {"stored": 1, "repeated": 0, "unknown": 1})
    (entry,) = await rows(application, shop, tables.audit)
    assert entry.action == "event_for_unknown_shipment"
    assert entry.subject == "tracking_number:NOBODYS"
    assert entry.details == {"events": ["e1"]}


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "é"])
async def test_without_a_right_signature_nothing_is_stored(
    application: Application, shop: Shop, carrier: Carrier, signature: str
) -> None:
    await put(application, shop, "ML-1")
    body = json.dumps({"events": [told("e1", "delivered", "08:00:00")]}).encode()
    code, problem = await carrier.post(body, signature)
    assert (code, problem["status"]) == (403, 403)
    assert await rows(application, shop, tables.tracking_events) == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"),
        (b'{"events": [', "not JSON"),
        (b"{}", "events: is missing"),
        (b"[]", "must be an object"),
        (b'{"events": [{"id": "e1"}]}', "events[0]."),
        (b"[" * 100_000, "not JSON"),
    ],
)
async def test_a_body_that_cannot_be_read_is_explained(
    carrier: Carrier, body: bytes, why: str
) -> None:
    code, problem = await carrier.post(body)
    assert code == 400
    assert why in problem["detail"]


async def test_of_events_with_one_wrong_none_is_stored(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    await put(application, shop, "ML-1")
    good, bad = told("e1", "in_transit", "06:00:00"), told("e2", "delivered", "26:00:00")
    assert (await carrier.tell(good, bad))[0] == 400
    assert await rows(application, shop, tables.tracking_events) == []


async def test_a_body_of_a_megabyte_is_refused(carrier: Carrier) -> None:
    assert (await carrier.post(b" " * 1_000_000))[0] == 413


async def test_a_word_that_nobody_knows_becomes_unknown(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    await put(application, shop, "ML-1")
    await carrier.tell(told("e1", "in_transit", "06:00:00"))
    assert (await carrier.tell(told("e2", "abducted", "07:00:00")))[0] == 200
    assert await status(application, shop, "ML-1") == "in_transit"
    last = (await rows(application, shop, tables.tracking_events))[-1]
    assert (last.status, last.code) == ("unknown", "abducted")
    await carrier.tell(told("e3", "expected", "07:30:00", window=WINDOW))
    async with application.database() as unit:
        since = application.clock.now() - timedelta(days=1)
        [code] = await unit.shipments.unknown_codes(shop.merchant.id, since)
        assert await unit.shipments.unknown_codes(new_id(), since) == []
    assert (code.carrier, code.code, code.events, code.reference) == (
        *("generic", "abducted", 1),
        "ML-1",
    )
    assert "abducted" in unknown_codes._line(code)


async def test_a_carrier_whose_clock_is_wrong_does_not_pin_the_status(
    application: Application, shop: Shop, carrier: Carrier, clock: FixedClock
) -> None:
    await put(application, shop, "ML-1")
    ahead = told("e1", "in_transit", "06:00:00") | {"at": "2099-01-01T00:00:00Z"}
    behind = told("e0", "created", "06:00:00") | {"at": "0001-01-01T00:00:00Z"}
    assert (await carrier.tell(ahead, behind))[0] == 200
    clock.instant += timedelta(hours=1)
    await carrier.tell(told("e2", "delivered", "09:00:00"))
    assert await status(application, shop, "ML-1") == "delivered"


async def test_a_key_of_any_length_is_stored_once(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    await put(application, shop, "ML-1")
    long = told("k" * 50_000, "delivered", "08:00:00")
    assert (await carrier.tell(long))[1]["stored"] == 1
    assert (await carrier.tell(long))[1]["repeated"] == 1


async def test_merchants_are_walls(
    application: Application, shop: Shop, client: TestClient, tmp_path: Path
) -> None:
    await put(application, shop, "ML-1")
    other = Carrier(client, await seed_shop(application, tmp_path))
    answer = await other.tell(told("e1", "delivered", "08:00:00"))
    assert answer == (200, {"stored": 0, "repeated": 0, "unknown": 1})
    assert await status(application, shop, "ML-1") == "created"


async def test_only_a_carriers_account_is_a_carriers_address(
    shop: Shop, client: TestClient
) -> None:
    carrier = Carrier(client, shop)
    for account in (
        shop.told["sms"]["account_id"],
        "nobody",
        "01939f3e-0b5c-7000-8000-0000000000ff",
    ):
        carrier.account = account
        assert (await carrier.tell())[0] == 404


async def test_a_carrier_and_its_merchant_count_their_events_each_for_themselves(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    await put(application, shop, "ML-1")
    given = NewEvent("api", "1", Status.in_transit, MONDAY_MORNING - timedelta(hours=3))
    await application.services.record_events(shop.merchant.id, "ML-1", [given])
    answer = await carrier.tell(told("1", "delivered", "08:00:00"))
    assert answer == (200, {"stored": 1, "repeated": 0, "unknown": 0})
    assert await status(application, shop, "ML-1") == "delivered"
    async with application.database() as unit:
        shipment = await unit.shipments.by_reference(shop.merchant.id, "ML-1")
        assert shipment is not None
        history = await unit.shipments.history(shop.merchant.id, shipment.id)
    assert [kept.told_as for kept in history] == ["1", "1"]
    assert history[1].key == f"carrier:{carrier.account}:1"


async def test_what_is_told_before_the_shipment_is_known_is_kept_for_it(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    early = (
        told("e1", "out_for_delivery", "08:00:00", window=WINDOW),
        told("e2", "abducted", "08:01:00"),
    )
    for _ in range(2):
        assert (await carrier.tell(*early))[1]["unknown"] == 2
    assert len(await rows(application, shop, tables.audit)) == 1
    await put(application, shop, "ML-1")
    assert await status(application, shop, "ML-1") == "out_for_delivery"
    first, second = await rows(application, shop, tables.tracking_events)
    assert first.window_start.isoformat() == "2026-11-23T13:00:00+00:00"
    assert second.code == "abducted"
    (run,) = await rows(application, shop, tables.flow_runs)
    assert run.key.startswith("out_for_delivery:")
    assert (await carrier.tell(*early))[1] == {"stored": 0, "repeated": 2, "unknown": 0}


async def test_a_corrected_number_finds_what_was_told_under_it(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    await put(application, shop, "ML-1", "SP-TYPO")
    await carrier.tell(told("e1", "delivered", "08:00:00"))
    await put(application, shop, "ML-1")
    assert await status(application, shop, "ML-1") == "delivered"


async def test_an_old_parcel_of_the_same_number_is_another_one(
    application: Application, shop: Shop, carrier: Carrier, clock: FixedClock
) -> None:
    await carrier.tell(told("e1", "delivered", "08:00:00"))
    clock.instant += timedelta(days=31)
    await put(application, shop, "ML-1")
    assert await status(application, shop, "ML-1") == "created"


async def test_a_number_too_long_for_any_shipment_is_only_counted(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    answer = await carrier.tell(told("e1", "delivered", "08:00:00", "N" * 50_000))
    assert answer == (200, {"stored": 0, "repeated": 0, "unknown": 1})
    assert await rows(application, shop, tables.unclaimed_events) == []


async def test_a_shipment_and_its_first_event_at_once_find_each_other(
    application: Application, shop: Shop, carrier: Carrier
) -> None:
    for number in range(5):
        name = f"SP-{number}"
        await asyncio.gather(
            put(application, shop, name, name),
            carrier.tell(told("e1", "delivered", "08:00:00", name)),
        )
        assert await status(application, shop, name) == "delivered"
