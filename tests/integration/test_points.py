"""Pick-up points out of files and by the API: all or none, full, closed, and each merchant's own."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.errors import Invalid, Refused
from bot.domain.request import DeliveryRequest, RequestKind
from bot.domain.shipment import Shipment, Status
from bot.services import change_delivery
from bot.services.import_points import ImportedPoints
from bot.web.app import make_app
from bot.wiring import Application
from tests.conftest import Shop, seed_shop
from tests.integration.api_client import Api
from tests.integration.parcels import Customer, customer

POINT = RequestKind.pickup_point
HEADER = "id;name;address;latitude;longitude;capacity;hours.mon;hours.tue"
BAKER = "b1;Boulangerie;1 rue A, 75011 Paris;48.857;2.381;1;08:00-19:00;08:00-19:00"
LOCKER = "l1;Consigne;2 rue B, 75011 Paris;48.870;2.381;;;"


async def load(application: Application, shop: Shop, *rows: str) -> ImportedPoints:
    content = "\n".join((HEADER, *rows)).encode()
    return await application.services.import_points.of_file(shop.merchant.id, content, "test")


async def stored(application: Application, shop: Shop) -> list[str]:
    async with application.database() as unit:
        return [point.id for point in await unit.points.open(shop.merchant.id)]


async def offered(me: Customer, parcel: Shipment) -> list[str]:
    async with me.application.database() as unit:
        now = me.application.clock.now()
        points = await change_delivery.pickup_points(unit, parcel, (48.857, 2.381), now)
    return [point.id for point in points if point.id in {"b1", "l1"}]


async def asks(me: Customer, parcel: Shipment, point: str) -> DeliveryRequest:
    async with me.application.database() as unit:
        proposed = await change_delivery.propose(
            unit, me.conversation, parcel, POINT, None, me.application.clock.now(), note=point
        )
        await unit.commit()
    return proposed


async def agrees(me: Customer, request: DeliveryRequest) -> None:
    async with me.application.database() as unit:
        now = me.application.clock.now()
        try:
            await change_delivery.confirm(unit, me.conversation, request.id, now)
        finally:
            await unit.commit()


@pytest.fixture
async def me(application: Application, shop: Shop) -> Customer:
    return await customer(application, shop)


async def test_a_file_is_taken_whole_and_what_is_missing_in_the_next_is_closed(
    application: Application, shop: Shop
) -> None:
    assert await load(application, shop, BAKER, LOCKER) == ImportedPoints(2, 0)
    async with application.database() as unit:
        baker, locker = await unit.points.open(shop.merchant.id)
    assert (baker.place, baker.capacity, sorted(baker.hours)) == ((48.857, 2.381), 1, [0, 1])
    assert (locker.label, locker.capacity, locker.hours) == (
        "Consigne, 2 rue B, 75011 Paris",
        None,
        {},
    )
    assert await load(application, shop, LOCKER) == ImportedPoints(1, 1)
    assert await stored(application, shop) == ["l1"]
    assert await load(application, shop, BAKER, LOCKER) == ImportedPoints(2, 0), "open again"
    assert await stored(application, shop) == ["b1", "l1"]


async def test_every_bad_row_is_named_and_nothing_is_half_done(
    application: Application, shop: Shop
) -> None:
    await load(application, shop, LOCKER)
    bad = (BAKER, "b2;;3 rue C;91;2;few;;", "b1;Twin;4 rue D;;;;9-12;", "b3;Shop;5 rue E;48.8;;;;")
    with pytest.raises(Invalid) as raised:
        await load(application, shop, *bad)
    assert [f"{where}: {said}" for where, said in raised.value.problems] == [
        "line 3: name: is missing",
        "line 3: latitude: must be a number from -90 to 90",
        "line 3: capacity: 'few' must be a number of parcels",
        "line 4: hours.mon: '9-12' must look like 08:00-12:00",
        "line 5: longitude: must be a number from -180 to 180",
    ]
    with pytest.raises(Invalid, match="'b1' is given twice"):
        await load(application, shop, BAKER, BAKER)
    with pytest.raises(Invalid, match="would close them all"):
        await load(application, shop)
    with pytest.raises(Invalid, match="adress: is not a column; did you mean address"):
        await application.services.import_points.of_file(
            shop.merchant.id, b"id,name,adress\na,b,c\n", "test"
        )
    assert await stored(application, shop) == ["l1"]


async def test_a_full_point_is_not_offered_until_the_parcel_is_gone(
    me: Customer, application: Application, shop: Shop
) -> None:
    await load(application, shop, BAKER, LOCKER)
    first, second, third = [await me.expects() for _ in range(3)]
    assert await offered(me, first) == ["b1", "l1"], "the nearest first"
    two = [await asks(me, parcel, "Boulangerie") for parcel in (first, second)]
    assert {request.note for request in two} == {"Boulangerie, 1 rue A, 75011 Paris"}
    await agrees(me, two[0])
    assert await offered(me, third) == ["l1"]
    with pytest.raises(Refused, match="refused_point_gone"):
        await agrees(me, two[1])
    with pytest.raises(Refused, match="refused_point_gone"):
        await asks(me, third, "b1")
    async with application.database() as unit:
        parcel = await unit.shipments.locked(first.merchant_id, first.id)
        parcel.status = Status.delivered
        await unit.commit()
    assert await offered(me, third) == ["b1", "l1"]


async def test_who_is_sent_on_to_another_point_leaves_the_first(
    me: Customer, application: Application, shop: Shop
) -> None:
    await load(application, shop, BAKER, LOCKER)
    first, second = [await me.expects() for _ in range(2)]
    await agrees(me, await asks(me, first, "b1"))
    await agrees(me, await asks(me, first, "l1"))
    assert await offered(me, second) == ["b1", "l1"]


async def test_the_nearest_of_many_are_looked_at_and_any_can_be_chosen(
    me: Customer, application: Application, shop: Shop
) -> None:
    away = [f"p{n};Shop {n};{n} rue Z, 69002 Lyon;45.{n:03d};4.84;;;" for n in range(300)]
    assert await load(application, shop, *away, BAKER, "x;Nowhere;3 rue Q;;;;;") == ImportedPoints(
        302, 0
    )
    parcel = await me.expects(address={"postal_code": "75011"})
    assert await offered(me, parcel) == ["b1"]
    async with application.database() as unit:
        now, lyon = application.clock.now(), (45.299, 4.84)
        near = await change_delivery.pickup_points(unit, parcel, lyon, now)
        home = await change_delivery.pickup_points(unit, parcel, None, now)
    assert [point.id for point in near[:3]] == ["p299", "p298", "p297"]
    assert near[0].km == 0
    assert "b1" in [point.id for point in home], "the postcode's come before the others"
    assert (await asks(me, parcel, "p0")).note == "Shop 0, 0 rue Z, 69002 Lyon"


@pytest.fixture
async def api(application: Application, shop: Shop) -> AsyncIterator[Api]:
    async with TestClient(TestServer(make_app(application))) as client:
        document = await (await client.get("/api/v1/openapi.json")).json()
        yield Api(client, document, shop.told["api_key"])


async def test_the_api_replaces_and_lists_them(
    api: Api, application: Application, shop: Shop, tmp_path: Path
) -> None:
    point: dict[str, Any] = {"id": "a", "name": "Tabac", "address": "1 rue A", "capacity": 3}
    hours = {"mon": "09:00-12:00"}
    body = {"points": [point, {**point, "id": "b", "hours": hours, "latitude": 1, "longitude": 2}]}
    answer = await api.ask("PUT", "/pickup-points", json=body)
    assert (answer.status, answer.body) == (200, {"points": 2, "closed": 0})
    shown = (await api.ask("GET", "/pickup-points")).body["points"]
    assert [(one["id"], one["hours"], one["taken"]) for one in shown] == [
        ("a", {}, 0), ("b", hours, 0),
    ]  # fmt: skip
    wrong = await api.ask("PUT", "/pickup-points", json={"points": [{**point, "name": ""}, 7]})
    assert (wrong.status, set(wrong.wrong)) == (422, {"points[0].name", "points[1]"})
    other = await seed_shop(application, tmp_path)
    assert await stored(application, other) == []
    assert await load(application, other, BAKER) == ImportedPoints(1, 0)
    assert await stored(application, shop) == ["a", "b"]
