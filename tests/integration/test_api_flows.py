"""Flows through the API: drafted, checked by line, published, rolled back, stopped."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.domain.merchant import AuditEntry
from bot.storage import tables
from bot.web.app import make_app
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.api_client import Api, event, shipment

FIRST = "trigger: {status: delivered}\nsteps:\n  - send: {say: flow_delivered}\n"
SECOND = FIRST + "  - wait: 1d\n  - ask_nps: {}\n"
WRONG = "trigger: {status: delivered}\nsteps:\n  - wait: soon\n  - send:\n      say: nonsense\n"


@pytest.fixture
async def client(application: Application) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(make_app(application))) as client:
        yield client


@pytest.fixture
async def api(client: TestClient, shop: Shop) -> Api:
    document = await (await client.get("/api/v1/openapi.json")).json()
    return Api(client, document, shop.told["api_key"])


async def version(api: Api, query: str = "") -> tuple[int, bool]:
    shown = await api.ask("GET", f"/flows/mine{query}")
    assert shown.status == 200
    return shown.body["version"], shown.body["active"]


async def test_a_flow_is_drafted_published_and_rolled_back(
    application: Application, shop: Shop, api: Api
) -> None:
    assert (await api.ask("GET", "/flows/mine")).status == 404
    drafted = await api.ask("PUT", "/flows/mine", json={"yaml": FIRST})
    assert (drafted.status, drafted.body["version"], drafted.body["active"]) == (200, 1, False)
    await api.ask("PUT", "/flows/mine", json={"yaml": SECOND})
    assert await version(api) == (1, False), "a draft is written over"
    assert (await api.ask("POST", "/flows/mine/publish", json={})).body["active"] is True
    await api.ask("PUT", "/flows/mine", json={"yaml": FIRST})
    assert await version(api) == (1, True), "the next draft does not touch what is active"
    assert (await api.ask("POST", "/flows/mine/publish", json={})).body["version"] == 2
    assert (await api.ask("POST", "/flows/mine/roll-back", json={})).body["version"] == 1
    assert await version(api) == (1, True)
    assert await version(api, "?version=2") == (2, False)
    assert (await api.ask("GET", "/flows/mine?version=9")).status == 404
    stopped = await api.ask("POST", "/flows/mine/stop")
    assert (stopped.status, stopped.body["active"]) == (200, False)
    async with application.database() as unit:
        of = tables.audit.c.subject == "flow:mine", tables.audit.c.merchant_id == shop.merchant.id
        entries = await unit.session.scalars(select(AuditEntry).where(*of))
        done = [(entry.actor, entry.action) for entry in entries]
    assert done.count(("api", "flow_published")) == 2
    assert ("api", "flow_stopped") in done


async def test_runs_are_moved_to_the_active_version(api: Api) -> None:
    assert (await api.ask("POST", "/flows/mine/move-runs", json={})).status == 404
    await api.ask("PUT", "/flows/mine", json={"yaml": FIRST})
    await api.ask("POST", "/flows/mine/publish", json={})
    moved = await api.ask("POST", "/flows/mine/move-runs", json={})
    assert (moved.status, moved.body) == (200, {"version": 1, "runs": 0, "left": {}})


async def test_each_run_says_where_it_stands_and_why(
    application: Application, shop: Shop, api: Api
) -> None:
    assert (await api.ask("GET", "/flows/mine/runs")).status == 404
    steps = "  - wait: {until: '08:00'}\n  - send: {say: flow_delivered}\n"
    await api.ask("PUT", "/flows/mine", json={"yaml": FIRST.partition("  -")[0] + steps})
    await api.ask("POST", "/flows/mine/publish", json={})
    for reference in ("ML-1", "ML-2"):
        await api.put(reference, shipment(tracking_number=reference))
        await api.post(reference, {"events": [event("e", "delivered", "08:00:00")]})
    first = await api.ask("GET", "/flows/mine/runs?limit=1")
    assert [(run["reference"], run["stands"]) for run in first.body["runs"]] == [("ML-2", "begun")]
    second = await api.ask("GET", f"/flows/mine/runs?before={first.body['next']}")
    (run,) = second.body["runs"]
    assert (run["reference"], run["version"], second.body["next"]) == ("ML-1", 1, None)
    advance, merchant = application.services.advance_flow, shop.merchant.id
    await advance(merchant, UUID(run["id"]), 0)
    (_, waiting) = (await api.ask("GET", "/flows/mine/runs")).body["runs"]
    assert (waiting["step"], waiting["stands"]) == (2, "waiting until 2026-11-24 08:00")
    await advance(merchant, UUID(run["id"]), 1)
    assert len((await api.ask("GET", "/flows/mine/runs")).body["runs"]) == 1
    every = (await api.ask("GET", "/flows/mine/runs?all=true")).body["runs"]
    assert [bool(one["finished_at"]) for one in every] == [False, True]


async def test_what_is_wrong_is_named_by_line(api: Api) -> None:
    for method, path in (("POST", "/flows/check"), ("PUT", "/flows/mine")):
        wrong = await api.ask(method, path, json={"yaml": WRONG})
        assert wrong.status == 422
        assert list(wrong.wrong) == ["line 3, steps[0].wait"]
    assert (await api.ask("GET", "/flows/mine")).status == 404
    right = await api.ask("POST", "/flows/check", json={"yaml": SECOND})
    assert (right.status, right.body) == (200, {"steps": 3})


@pytest.mark.parametrize("body", [{}, {"yaml": ""}, {"yaml": FIRST, "more": 1}])
async def test_a_body_that_is_no_flow_is_refused(api: Api, body: dict[str, Any]) -> None:
    assert (await api.ask("PUT", "/flows/mine", json=body)).status == 422


async def test_a_name_that_cannot_be_one_is_refused(api: Api) -> None:
    assert (await api.ask("PUT", "/flows/Mine!", json={"yaml": FIRST})).status == 422


async def test_every_flow_is_listed_with_its_runs(api: Api) -> None:
    listed = await api.ask("GET", "/flows")
    names = {flow["name"]: flow for flow in listed.body["flows"]}
    assert names["delivered"]["active"] is True
    assert names["announced"]["active"] is False
    assert names["delivered"]["runs"] == {}
