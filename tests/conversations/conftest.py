"""Conversations through the phones, with the really trained model."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.stack import Phone, Shopkeeper, Stack, running_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("doorstep")) as stack:
        yield stack


@pytest.fixture
async def shop(stack: Stack) -> AsyncIterator[Shopkeeper]:
    async with aiohttp.ClientSession() as http:
        yield Shopkeeper(stack, http)


@pytest.fixture
def phone(shop: Shopkeeper) -> "PhoneShop":
    return PhoneShop(shop)


class PhoneShop:
    """Hands out phones, each with a number of its own unless one is given."""

    def __init__(self, shop: Shopkeeper) -> None:
        self._shop = shop

    def __call__(self, channel: str = "sms", number: str | None = None) -> Phone:
        number = number or self._shop.new_number()
        return Phone(self._shop.stack, self._shop.http, number, channel)
