"""What the contract tests share: a stand-in provider, and every channel in turn."""

import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.base import Channel
from tests.contract.cases import CASES, FIXTURES, ChannelCase
from tests.contract.provider import Provider


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    stand_in = Provider()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stand_in.handle)
    server = TestServer(app)
    await server.start_server(access_log=None)
    stand_in.url = str(server.make_url("/api")).rstrip("/")
    yield stand_in
    stand_in.over.set()
    await server.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


@pytest.fixture
def nobody() -> str:
    """Give a URL at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture(scope="session", params=CASES, ids=[case.folder for case in CASES])
def case(request: pytest.FixtureRequest) -> ChannelCase:
    return request.param


@pytest.fixture
def channel(case: ChannelCase, session: aiohttp.ClientSession) -> Channel:
    return case.make(session)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `channel_sample` for every fixture file of every channel, and so on."""
    if "channel_sample" in metafunc.fixturenames:
        found = [
            (case, path)
            for case in CASES
            for path in sorted((FIXTURES / case.folder).glob("*.json"))
        ]
        ids = [f"{case.folder}-{path.stem}" for case, path in found]
        metafunc.parametrize("channel_sample", found, ids=ids)
    if "channel_refusal" in metafunc.fixturenames:
        refusals = [(case, refusal) for case in CASES for refusal in case.refusals]
        ids = [f"{case.folder}-{refusal.name}" for case, refusal in refusals]
        metafunc.parametrize("channel_refusal", refusals, ids=ids)
