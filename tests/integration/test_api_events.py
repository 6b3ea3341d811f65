"""The API over HTTP, on a real database: events, and the flows that follow from them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.domain.clock import FixedClock
from bot.domain.flow import Flow
from bot.domain.ids import new_id
from bot.storage import tables
from bot.web.app import make_app
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.api_client import Api, Json, event, shipment

WINDOW = {"from": "2026-11-23T13:00:00Z", "to": "2026-11-23T15:00:00Z"}


@pytest.fixture
async def client(application: Application) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(make_app(application))) as client:
        yield client


@pytest.fixture
async def api(client: TestClient, shop: Shop) -> Api:
    document = await (await client.get("/api/v1/openapi.json")).json()
    api = Api(client, document, shop.told["api_key"])
    assert (await api.put("ML-1", shipment(window=None))).status == 201
    return api


async def runs(application: Application, shop: Shop) -> list[str]:
    """The names of the flows that have been started, in order."""
    async with application.database() as unit:
        found = await unit.session.execute(
            select(tables.flows.c.name)
            .join(tables.flow_runs, tables.flow_runs.c.flow_id == tables.flows.c.id)
            .where(tables.flow_runs.c.merchant_id == shop.merchant.id)
            .order_by(tables.flow_runs.c.id)
        )
        return [name for (name,) in found]


async def add_flow(application: Application, shop: Shop, status: str, repeat: str) -> None:
    async with application.database() as unit:
        document = {
            "trigger": {"status": status},
            "repeat": repeat,
            "steps": [{"send": {"say": status}}],
        }
        unit.add(
            Flow(
                new_id(), shop.merchant.id, f"on_{status}", 1, document, True,
                application.clock.now(),
            )
        )  # fmt: skip
        await unit.commit()


async def test_an_event_sets_the_status_the_window_and_the_courier(api: Api) -> None:
    told = await api.post(
        "ML-1",
        event(
            "e1",
            "out_for_delivery",
            "08:00:00",
            window=WINDOW,
            code="OFD",
            description="On the van",
            courier={"name": "Karim", "phone": "06 39 98 43 21"},
        ),
    )
    assert told.status == 201
    assert (told.body["stored"], told.body["repeated"], told.body["warnings"]) == (["e1"], [], [])
    now = told.body["shipment"]
    assert (now["status"], now["status_at"]) == ("out_for_delivery", "2026-11-23T08:00:00Z")
    assert now["window"] == WINDOW
    assert now["courier"] == {"name": "Karim", "phone": "+33639984321"}
    (kept,) = (await api.get("/ML-1/events")).body["events"]
    assert (kept["id"], kept["code"], kept["description"]) == ("e1", "OFD", "On the van")


async def test_an_event_told_again_is_stored_once_and_told_once(
    api: Api, application: Application, shop: Shop
) -> None:
    once = event("e1", "out_for_delivery", "08:00:00", window=WINDOW)
    await api.post("ML-1", once)
    again = await api.post("ML-1", once)
    assert again.status == 200
    assert (again.body["stored"], again.body["repeated"]) == ([], ["e1"])
    assert again.body["warnings"] == []
    assert (await runs(application, shop)).count("out_for_delivery") == 1


async def test_the_same_event_at_once_is_stored_once_and_told_once(
    api: Api, application: Application, shop: Shop
) -> None:
    once = event("e1", "delivered", "08:00:00")
    answers = await asyncio.gather(*(api.post("ML-1", once) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 200, 201]
    assert len((await api.get("/ML-1/events")).body["events"]) == 1
    assert (await runs(application, shop)).count("delivered") == 1


async def test_different_events_at_once_all_count(api: Api) -> None:
    words = ["in_transit", "out_for_delivery", "delayed", "delivered"]
    await asyncio.gather(
        *(api.post("ML-1", event(f"e{n}", word, f"0{n}:00:00")) for n, word in enumerate(words))
    )
    shown = (await api.get("/ML-1")).body
    assert shown["status"] == "delivered"
    assert [each["status"] for each in shown["events"]] == words


async def test_another_event_under_a_known_id_is_pointed_out(api: Api) -> None:
    await api.post("ML-1", event("e1", "in_transit", "07:00:00"))
    told = await api.post("ML-1", event("e1", "delivered", "08:00:00"))
    (warning,) = told.body["warnings"]
    assert warning["field"] == "id"
    assert "says something else" in warning["detail"]
    assert told.body["shipment"]["status"] == "in_transit"


async def test_a_late_older_event_is_kept_and_does_not_announce_the_past(
    api: Api, application: Application, shop: Shop
) -> None:
    await api.post("ML-1", event("e2", "delivered", "08:20:00"))
    late = await api.post("ML-1", event("e1", "out_for_delivery", "07:00:00", window=WINDOW))
    assert late.status == 201
    assert late.body["shipment"]["status"] == "delivered"
    assert [e["id"] for e in (await api.get("/ML-1/events")).body["events"]] == ["e1", "e2"]
    assert "out_for_delivery" not in await runs(application, shop)


async def test_of_several_events_at_once_only_the_last_is_announced(
    api: Api, application: Application, shop: Shop
) -> None:
    told = await api.post(
        "ML-1",
        {
            "events": [
                event("e3", "delivered", "08:20:00"),
                event("e1", "in_transit", "06:00:00"),
                event("e2", "out_for_delivery", "07:00:00", window=WINDOW),
            ]
        },
    )
    assert told.body["stored"] == ["e3", "e1", "e2"]
    assert told.body["shipment"]["status"] == "delivered"
    started = await runs(application, shop)
    assert "delivered" in started
    assert "out_for_delivery" not in started


async def test_each_failed_attempt_is_told_but_not_each_scan(
    api: Api, application: Application, shop: Shop
) -> None:
    await add_flow(application, shop, "attempt_failed", "each")
    await add_flow(application, shop, "in_transit", "each")
    await api.post("ML-1", event("s1", "in_transit", "01:00:00"))
    await api.post("ML-1", event("s2", "in_transit", "02:00:00"))
    await api.post("ML-1", event("a1", "attempt_failed", "03:00:00"))
    await api.post("ML-1", event("a2", "attempt_failed", "08:00:00"))
    await api.post("ML-1", event("a2", "attempt_failed", "08:00:00"))
    started = await runs(application, shop)
    assert started.count("on_attempt_failed") == 2
    assert started.count("on_in_transit") == 1


async def test_a_refined_window_or_a_courier_is_not_the_status_again(
    api: Api, application: Application, shop: Shop
) -> None:
    later = {"from": "2026-11-23T14:00:00Z", "to": "2026-11-23T15:00:00Z"}
    await api.post("ML-1", event("e1", "out_for_delivery", "08:00:00", window=WINDOW))
    told = await api.post("ML-1", event("e2", "out_for_delivery", "09:00:00", window=later))
    assert told.body["shipment"]["window"] == later
    await api.post("ML-1", event("e3", "out_for_delivery", "09:30:00", courier={"name": "Karim"}))
    assert (await runs(application, shop)).count("out_for_delivery") == 1
    await api.post("ML-1", event("e4", "delayed", "10:00:00"))
    await api.post("ML-1", event("e5", "out_for_delivery", "11:00:00", window=later))
    assert (await runs(application, shop)).count("out_for_delivery") == 2


async def test_a_status_told_out_of_order_is_reached_once(
    api: Api, application: Application, shop: Shop
) -> None:
    await api.post("ML-1", event("e2", "out_for_delivery", "09:00:00", window=WINDOW))
    await api.post("ML-1", event("e1", "out_for_delivery", "08:00:00"))
    await api.post("ML-1", event("e3", "out_for_delivery", "09:30:00"))
    assert (await runs(application, shop)).count("out_for_delivery") == 1


async def test_an_event_says_how_the_parcel_changes_hands(api: Api) -> None:
    told = event("e", "ready_for_pickup", "08:25:00", handover="locker")
    assert (await api.post("ML-1", told)).status == 201
    assert (await api.get("/ML-1")).body["handover"] == "locker"
    wrong = await api.post("ML-1", event("f", "delivered", "08:30:00", handover="zeppelin"))
    assert "handover" in wrong.wrong


async def test_how_near_the_courier_is_starts_a_flow_once(
    api: Api, application: Application, shop: Shop
) -> None:
    near: tuple[Json, ...] = (
        {}, {"minutes_away": 40}, {"minutes_away": 9}, {"minutes_away": 2, "stops_away": 0},
    )  # fmt: skip
    for place, (id_, more) in enumerate(zip("abcd", near, strict=True)):
        told = event(id_, "out_for_delivery", f"08:2{place}:00", **more)
        assert (await api.post("ML-1", told)).status == 201
    assert await runs(application, shop) == ["out_for_delivery", "nearly_there"]
    wrong = await api.post("ML-1", event("e", "out_for_delivery", "08:25:00", minutes_away=-1))
    assert "minutes_away" in wrong.wrong


async def test_the_estimate_says_whose_it_is(api: Api) -> None:
    assert (await api.get("/ML-1")).body["estimate"] is None
    await api.post("ML-1", event("a", "out_for_delivery", "08:00:00", window=WINDOW))
    assert (await api.get("/ML-1")).body["estimate"] == {**WINDOW, "by": "carrier"}
    later = {"from": "2026-11-23T16:00:00Z", "to": "2026-11-23T18:00:00Z"}
    await api.put("ML-1", shipment(window=later))
    assert (await api.get("/ML-1")).body["estimate"] == {**later, "by": "merchant"}


async def test_a_new_shipment_starts_the_flows_that_wait_for_one(
    api: Api, application: Application, shop: Shop
) -> None:
    await add_flow(application, shop, "created", "once")
    await api.put("ML-2", shipment())
    await api.put("ML-2", shipment(item="two curtains"))
    assert (await runs(application, shop)).count("on_created") == 1


async def test_old_news_is_kept_but_not_announced(
    api: Api, application: Application, shop: Shop, clock: FixedClock
) -> None:
    clock.instant += timedelta(days=5)
    told = await api.post("ML-1", event("e1", "delivered", "08:00:00"))
    assert told.body["shipment"]["status"] == "delivered"
    assert "not announced" in told.body["warnings"][0]["detail"]
    assert await runs(application, shop) == []


async def test_a_status_that_nobody_knows_is_kept_as_unknown(api: Api) -> None:
    await api.post("ML-1", event("e1", "in_transit", "07:00:00"))
    told = await api.post("ML-1", {"events": [event("e2", "at_hub", "08:00:00")]})
    assert told.status == 201
    (warning,) = told.body["warnings"]
    assert warning["field"] == "events[0].status"
    assert "out_for_delivery" in warning["detail"]
    assert told.body["shipment"]["status"] == "in_transit"
    kept = (await api.get("/ML-1/events")).body["events"][1]
    assert (kept["status"], kept["code"]) == ("unknown", "at_hub")


async def test_an_event_for_an_unknown_shipment_is_not_found(api: Api) -> None:
    refused = await api.post("ML-404", event("e1", "delivered", "08:00:00"))
    assert refused.status == 404
    assert "ML-404" in refused.body["detail"]


@pytest.mark.parametrize(
    ("change", "field", "detail"),
    [
        ({"id": None}, "id", "is missing"),
        ({"id": " "}, "id", "is missing"),
        ({"at": None}, "at", "is missing"),
        ({"at": "yesterday"}, "at", "must be a date and time like"),
        ({"at": "2026-11-23T08:00:00"}, "at", "needs an offset"),
        ({"at": 1700000000}, "at", "must be a date and time like"),
        ({"at": "1970-01-01T00:00:00Z"}, "at", "2000"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at", "2000"),
        ({"at": "2026-11-29T08:00:00Z"}, "at", "future"),
        ({"window": {"from": WINDOW["to"], "to": WINDOW["from"]}}, "window", "end after it starts"),
        ({"courier": "Karim"}, "courier", "must be an object"),
        ({"statsu": "x"}, "statsu", "did you mean status?"),
    ],
)
async def test_an_event_that_cannot_be_used_is_explained(
    api: Api, change: Json, field: str, detail: str
) -> None:
    refused = await api.post("ML-1", event("e1", "delivered", "08:00:00") | change)
    assert refused.status == 422
    assert detail in refused.wrong[field]
    assert (await api.get("/ML-1/events")).body["events"] == []


async def test_of_several_events_with_one_wrong_none_is_stored(api: Api) -> None:
    good, bad = event("e1", "in_transit", "07:00:00"), event("e2", "delivered", "25:00:00")
    refused = await api.post("ML-1", {"events": [good, bad]})
    assert list(refused.wrong) == ["events[1].at"]
    assert (await api.get("/ML-1/events")).body["events"] == []


@pytest.mark.parametrize("order", [[4, 3, 2, 1, 0], [2, 0, 4, 2, 1, 3], [1, 1, 0, 4, 3, 2, 0]])
async def test_events_out_of_order_and_repeated_give_the_same_standing(
    api: Api, order: list[int]
) -> None:
    history = [
        event("e0", "in_transit", "04:00:00"),
        event("e1", "out_for_delivery", "05:00:00", window=WINDOW),
        event("e2", "attempt_failed", "06:00:00"),
        event("e3", "out_for_delivery", "07:00:00", courier={"name": "Ines"}),
        event("e4", "mystery", "08:00:00"),
    ]
    for place in order:
        await api.post("ML-1", history[place])
    shown = (await api.get("/ML-1")).body
    assert (shown["status"], shown["window"]) == ("out_for_delivery", None)
    assert shown["courier"] == {"name": "Ines", "phone": None}
    assert [each["id"] for each in shown["events"]] == ["e0", "e1", "e2", "e3", "e4"]
