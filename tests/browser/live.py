"""The whole stack behind real pages: phones, console and tracking page at once."""

import re
import tomllib
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from bot.services.seed_demo import EMAIL
from tests.stack import Phone, Shopkeeper, Stack, running_stack

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PARIS = ZoneInfo("Europe/Paris")
PATIENCE = 20_000
"""Milliseconds that a page has: an answer goes through every process before it is shown."""


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("doorstep")) as stack:
        yield stack


@pytest.fixture
async def keeper(stack: Stack) -> AsyncIterator[Shopkeeper]:
    """The merchant's side, at ten in the morning or later but never at night."""
    async with aiohttp.ClientSession() as http:
        keeper = Shopkeeper(stack, http)
        now = (await keeper.now()).astimezone(PARIS)
        if not 9 <= now.hour < 16:
            ten = now.replace(hour=10, minute=0) + timedelta(days=now.hour >= 9)
            await keeper.advance(f"PT{int((ten - now).total_seconds())}S")
        yield keeper


class Pages:
    """Opens pages of the stack and keeps what goes wrong in them."""

    def __init__(self, chromium: Browser, keeper: Shopkeeper) -> None:
        self.chromium = chromium
        self.keeper = keeper
        self.stack = keeper.stack
        self.troubles: list[str] = []
        self.contexts: list[BrowserContext] = []

    async def open(self, url: str, size: dict[str, int] | None = None, **more: object) -> Page:
        context = await self.chromium.new_context(
            viewport=size or DESKTOP,  # pyright: ignore[reportArgumentType]
            **more,  # pyright: ignore[reportArgumentType]
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("page", self._watch)
        page = await context.new_page()
        await page.goto(url)
        return page

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on(
            "console",
            lambda said: self.troubles.append(said.text) if said.type == "error" else None,
        )

    async def phones(self, size: dict[str, int] | None = None, **more: object) -> Page:
        page = await self.open(f"{self.stack.sandbox}/", size, **more)
        await expect(page.locator("body")).to_have_attribute("data-live", "yes")
        return page

    async def console(
        self, size: dict[str, int] | None = None, email: str = EMAIL, **more: object
    ) -> Page:
        secrets = tomllib.loads((self.stack.var / "secrets.toml").read_text())
        page = await self.open(f"{self.stack.gateway}/console/login", size, **more)
        await page.get_by_label("E-mail").fill(email)
        await page.get_by_label("Password").fill(secrets["console_password"])
        await page.keyboard.press("Enter")
        await expect(page.locator("#live")).to_have_text("Live")
        return page

    async def person(self, name: str, *channels: str, country: str = "GB") -> Phone:
        """Somebody new, whose phone stands on the page; the first channel is the open one."""
        number = self.keeper.new_number(country)
        body = {"number": number, "name": name, "channels": list(channels)}
        async with self.keeper.http.post(f"{self.stack.sandbox}/phones", json=body) as response:
            assert response.status == 201, await response.text()
        return Phone(self.stack, self.keeper.http, number, channels[0])


@pytest.fixture
async def pages(chromium: Browser, keeper: Shopkeeper) -> AsyncIterator[Pages]:
    """Pages of one test; a script error or a violated security policy fails it."""
    made = Pages(chromium, keeper)
    yield made
    for context in made.contexts:
        await context.close()
    assert made.troubles == []


class Handset:
    """A person's phone on the page, used as a person does: by looking, typing and tapping."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.screen = page.get_by_role("region", name=f"{name}'s phone")
        self.answers = self.screen.locator(".theirs:not(.typing)")
        self.mine = self.screen.locator(".mine")

    async def write(self, text: str) -> None:
        await self.screen.get_by_label("Message", exact=True).fill(text)
        await self.page.keyboard.press("Enter")
        await expect(self.mine.last).to_contain_text(text)

    async def tap(self, title: str | re.Pattern[str]) -> None:
        await self.answers.last.get_by_role("button", name=title).click()

    async def hears(self, *parts: str) -> None:
        """The last bubble says all of this (a part may be in any case)."""
        for part in parts:
            pattern = re.compile(re.escape(part), re.IGNORECASE)
            await expect(self.answers.last).to_contain_text(pattern, timeout=PATIENCE)

    async def heard_in_order(self, parts: Sequence[str]) -> None:
        """The last bubbles, one of these parts in each, in this order."""
        await self.hears(parts[-1])
        told = await self.answers.locator(".text").all_inner_texts()
        assert len(told) >= len(parts)
        for part, text in zip(parts, told[-len(parts) :], strict=True):
            assert part in text, told

    def choices(self) -> Locator:
        return self.answers.last.locator(".options").get_by_role("button")


async def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
