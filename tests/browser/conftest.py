"""A real Chromium, and a desk with a day's work on it."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.wiring import Application
from tests.browser.live import (  # fixtures, for every module here
    DESKTOP,
    PHONE,
    keeper,
    pages,
    stack,
)
from tests.conftest import Shop
from tests.desk import Desk, serve

__all__ = ["DESKTOP", "PHONE", "keeper", "pages", "stack"]


@pytest.fixture
async def desk(application: Application, shop: Shop) -> AsyncIterator[Desk]:
    async with serve(application, shop) as served:
        yield served


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail("browser tests need Chromium: apt-get install chromium, or set CHROMIUM")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        await browser.close()


class Screens:
    """Opens pages and keeps what goes wrong in them."""

    def __init__(self, chromium: Browser, desk: Desk) -> None:
        self.chromium = chromium
        self.desk = desk
        self.troubles: list[str] = []
        self.contexts: list[BrowserContext] = []

    async def open(self, path: str, size: dict[str, int] = DESKTOP, **more: object) -> Page:
        context = await self.chromium.new_context(
            viewport=size,  # pyright: ignore[reportArgumentType]
            base_url=self.desk.url("/"),
            **more,  # pyright: ignore[reportArgumentType]
        )
        self.contexts.append(context)
        context.set_default_timeout(8000)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._listen)
        await page.goto(path)
        return page

    async def sign_in(self, size: dict[str, int] = DESKTOP, **more: object) -> Page:
        page = await self.open("/console/login", size, **more)
        await page.get_by_label("E-mail").fill(self.desk.shop.email)
        await page.get_by_label("Password").fill(self.desk.shop.password)
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url("**/console")
        return page

    def _listen(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind == "error" and "status of 4" not in text:
            self.troubles.append(text)


@pytest.fixture
async def screens(chromium: Browser, desk: Desk) -> AsyncIterator[Screens]:
    """Pages of one test; a script error or a violated security policy fails it."""
    made = Screens(chromium, desk)
    yield made
    for context in made.contexts:
        await context.close()
    assert made.troubles == []
