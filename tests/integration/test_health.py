"""What an operator's machines ask the gateway."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

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


async def test_metrics_are_for_those_who_know_the_token_when_there_is_one(
    application: Application,
) -> None:
    token = "m3trics-tok3n-0123456789"
    settings = application.settings.model_copy(update={"metrics_token": SecretStr(token)})
    async with TestClient(TestServer(make_app(replace(application, settings=settings)))) as client:
        for given in ({}, {"Authorization": "Bearer guess"}, {"Authorization": token}):
            refused = await client.get("/metrics", headers=given)
            assert (refused.status, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
            assert "doorstep_" not in await refused.text()
        right = await client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
        assert right.status == 200
        assert (await client.get("/healthz")).status == 200
