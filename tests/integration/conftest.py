"""A served console for whoever tests it, those who work there, and a customer who is upset."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aiohttp import ClientSession, CookieJar

from bot.domain.merchant import User
from bot.wiring import Application
from tests.conftest import Shop
from tests.desk import Customer, Desk, serve
from tests.integration.working import Agent


@pytest.fixture
async def desk(application: Application, shop: Shop) -> AsyncIterator[Desk]:
    async with serve(application, shop) as served:
        yield served


@pytest.fixture
async def ana(desk: Desk) -> User:
    async with desk.application.database() as unit:
        user = await unit.merchants.user_by_email(desk.shop.email)
    assert user is not None
    return user


@pytest.fixture
async def at_desk(desk: Desk) -> AsyncIterator[Agent]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        agent = Agent(desk, session)
        assert (await agent.login(desk.shop.email, desk.shop.password)).status == 303
        yield agent


@pytest.fixture
async def bea(desk: Desk) -> User:
    return await desk.colleague("Bea Okafor", f"bea-{uuid4().hex}@x.example", "a long phrase")


@pytest.fixture
async def marie(desk: Desk) -> Customer:
    customer = await desk.customer("Inès Petit", "+33612345678", "whatsapp", "fr")
    await desk.says(
        customer, "Personne n'est venu !", ago=9,
        understood={"intent": "dispute_attempt", "confidence": 0.9},
    )  # fmt: skip
    return customer
