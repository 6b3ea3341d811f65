"""What an operator's machines ask the gateway."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.web.app import make_app
from bot.wiring import Application
from tests.conftest import Shop
from tests.integration.talking import talk_on


@pytest.fixture
async def gateway(application: Application) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(make_app(application))) as client:
        yield client


async def test_healthz_says_ok_while_the_database_answers(gateway: TestClient) -> None:
    answer = await gateway.get("/healthz")
    assert (answer.status, await answer.json()) == (200, {"status": "ok"})


async def test_metrics_tell_of_the_queue_and_of_conversations(
    gateway: TestClient, application: Application, shop: Shop
) -> None:
    talk = await talk_on(application, shop.told["sms"]["account_id"])
    await talk.say("hello")
    text = await (await gateway.get("/metrics")).text()
    assert 'doorstep_jobs{status="todo",task="deliver"}' in text
    assert 'doorstep_conversations{holder="bot"}' in text
    assert "doorstep_oldest_job_seconds" in text
