"""The engine's client: an engine that is not up, or says nothing, is a failure to be retried."""

from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.dialogue.engine import RasaEngine
from bot.domain.errors import Temporary
from bot.services.ports import Turn


async def ask(url: str) -> Turn:
    async with aiohttp.ClientSession() as http:
        return await RasaEngine(http, url, "token").respond(
            sender="c.1", message_id=uuid4(), text="hello", metadata={}, question=None
        )


async def answering(status: int, body: dict[str, Any]) -> TestServer:
    async def message(request: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_post("/webhooks/doorstep/message", message)
    server = TestServer(app)
    await server.start_server()
    return server


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, {"error": "no model is loaded yet"}),
        (500, {}),
        (200, {"messages": []}),
        (200, {"messages": [{"custom": {"say": "greet"}}], "failed_action": True}),
    ],
)
async def test_an_engine_that_is_not_ready_or_fails_is_tried_again(
    status: int, body: dict[str, Any]
) -> None:
    server = await answering(status, body)
    with pytest.raises(Temporary):
        await ask(str(server.make_url("")).rstrip("/"))
    await server.close()


async def test_an_engine_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(Temporary):
        await ask("http://127.0.0.1:1")


async def topics(status: int, body: dict[str, Any]) -> list[dict[str, float]]:
    async def read(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer token"
        assert await request.json() == {"comments": ["so late"]}
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_post("/webhooks/doorstep/topics", read)
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        return await RasaEngine(http, str(server.make_url("")).rstrip("/"), "token").topics(
            ["so late"]
        )


async def test_the_engine_says_what_a_comment_is_about() -> None:
    assert await topics(200, {"topics": [{"late": 0.9}]}) == [{"late": 0.9}]


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, {}), (500, {}), (200, {}), (200, {"topics": []}), (200, {"topics": ["late"]})],
)
async def test_an_engine_that_names_no_topics_has_failed(status: int, body: dict[str, Any]) -> None:
    with pytest.raises(Temporary):
        await topics(status, body)
