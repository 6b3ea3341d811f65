"""Conversations through the phones, with the really trained model."""

import json
import urllib.request
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from sandbox.phones import CHANNELS
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
        if number is None:
            number = self._shop.new_number()
            if channel == "sms":
                self._without_whatsapp(number)
        return Phone(self._shop.stack, self._shop.http, number, channel)

    def _without_whatsapp(self, number: str) -> None:
        """So that what nobody asked for comes by SMS too: the merchant's ladder asks WhatsApp first."""
        channels = [channel for channel in CHANNELS if channel != "whatsapp"]
        body = json.dumps({"number": number, "channels": channels}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(
            f"{self._shop.stack.sandbox}/phones", body, headers, method="POST"
        )
        urllib.request.urlopen(request, timeout=10).close()
