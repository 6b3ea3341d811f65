"""Attempts and their evidence in a real browser: found, read, printed, on a narrow phone too."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import expect

from bot.domain.attempt import CustomerSays
from bot.domain.ids import new_id
from bot.domain.shipment import Shipment, Status, TrackingEvent
from bot.services.judge_attempts import claim_attempt, customer_says
from tests.browser.conftest import DESKTOP, PHONE, Screens
from tests.browser.live import overflow
from tests.desk import Desk

pytestmark = pytest.mark.browser


async def claimed(
    desk: Desk, number: int, place: tuple[float, float], said: CustomerSays | None
) -> UUID:
    merchant, now = desk.merchant_id, desk.application.clock.now()
    at = now - timedelta(minutes=40 * number)
    async with desk.application.database() as unit:
        parcel = Shipment(
            new_id(), merchant, f"ML-20{number}", "onfleet", f"9c2a1f0{number}", None, now
        )
        parcel.item = "Walnut side table"
        parcel.address = {"latitude": 48.8566, "longitude": 2.3522}
        unit.add(parcel)
        await unit.flush()
        event = TrackingEvent(
            new_id(), merchant, parcel.id, f"carrier:x:{number}", Status.attempt_failed, at, now
        )
        event.description = "CUSTOMER_UNAVAILABLE · rang twice"
        event.details = {"courier_id": "c-7", "depot": "Lyon Sud", "place": list(place)}
        unit.shipments.add_event(event)
        attempt = await claim_attempt(unit, parcel, event, now)
        if said is not None:
            await customer_says(unit, parcel, said, now)
        await unit.commit()
    return attempt.id


async def test_a_dispute_is_found_read_and_taken_along(
    screens: Screens, desk: Desk, tmp_path: Path
) -> None:
    await claimed(desk, 1, (48.8567, 2.3523), CustomerSays.was_out)
    await claimed(desk, 2, (48.90, 2.40), CustomerSays.was_in)
    await claimed(desk, 3, (48.859, 2.3522), None)
    page = await screens.sign_in(DESKTOP)
    await page.get_by_role("link", name="Attempts").click()
    rows = page.locator("table").first.locator("tbody tr")
    await expect(rows).to_have_count(3)
    # The disputed one comes first, whenever it was.
    await expect(rows.first).to_contain_text("in dispute")
    await expect(page.get_by_role("heading", name="By courier")).to_be_visible()
    await page.screenshot(path=tmp_path / "attempts.png", full_page=True)
    await rows.first.get_by_role("link").click()
    await expect(page.get_by_text("not made", exact=True)).to_be_visible()
    await expect(page.get_by_text("The customer says that somebody was in")).to_be_visible()
    await page.screenshot(path=tmp_path / "attempt.png", full_page=True)
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Evidence as a file").click()
    assert (await waiting.value).suggested_filename.startswith("attempt-9c2a1f02-")
    phone = await screens.sign_in(PHONE, is_mobile=True, has_touch=True)
    for path in ("/console/attempts", page.url):
        await phone.goto(path)
        assert await overflow(phone) == 0, path
    await phone.screenshot(path=tmp_path / "attempt-phone.png", full_page=True)
