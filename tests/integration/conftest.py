"""A served console for whoever tests it, and the one who works there."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.merchant import User
from bot.wiring import Application
from tests.conftest import Shop
from tests.desk import Desk, serve


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
