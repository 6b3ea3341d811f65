"""The pictures in docs/images, taken from the real pages: `PICTURES=docs/images` writes them.

The other looks (dark, other widths) are left in the test's own folder (`--basetemp`).
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.domain.clock import FixedClock
from tests.browser.conftest import DESKTOP, PHONE, Screens
from tests.browser.day import ordinary_afternoon
from tests.desk import Desk

pytestmark = pytest.mark.browser

IN_DOCS = {"console", "console-phone", "tracking", "tracking-phone"}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 24, 13, 42, tzinfo=UTC))


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pictures(screens: Screens, desk: Desk, tmp_path: Path, scheme: str) -> None:
    kept = Path(os.environ.get("PICTURES") or tmp_path)
    mark = "" if scheme == "light" else "-dark"
    async with desk.application.database() as unit:
        merchant = await unit.merchants.get(desk.merchant_id)
        merchant.name = "Maison Lune"
        await unit.commit()
    customer, shipment = await ordinary_afternoon(desk)
    link = f"/t/{desk.application.links.token('track', shipment.id)}"

    async def picture(page: Page, name: str, **more: bool) -> None:
        folder = kept if name + mark in IN_DOCS else tmp_path
        file = folder / f"{name}{mark}.png"
        await page.screenshot(path=file, **more)
        assert 5_000 < file.stat().st_size < 250_000

    looks = {"color_scheme": scheme}
    page = await screens.sign_in(DESKTOP, **looks)
    await page.goto(customer.page)
    await expect(page.locator("#live")).to_have_text("Live")
    await expect(page.locator("#rows-waiting li")).to_have_count(3)
    await picture(page, "console")
    await page.set_viewport_size({"width": 1000, "height": 700})
    await page.goto(customer.page + "#facts")
    await picture(page, "console-drawer")
    await picture(await screens.open("/console/login", PHONE, **looks), "login")
    phone = await screens.sign_in(PHONE, is_mobile=True, has_touch=True, **looks)
    await picture(phone, "console-phone-queue")
    await phone.goto(customer.page)
    await expect(phone.locator("#log li.customer").last).to_contain_text("after six")
    await picture(phone, "console-phone")
    await phone.goto(customer.page + "#facts")
    await picture(phone, "console-phone-facts")
    await picture(await screens.open(link, DESKTOP, **looks), "tracking")
    tracked = await screens.open(link, PHONE, is_mobile=True, **looks)
    await picture(tracked, "tracking-phone", full_page=True)
