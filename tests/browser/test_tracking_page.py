"""The tracking page in a real browser."""

import pytest
from playwright.async_api import expect

from bot.domain.shipment import Status
from bot.web.tracking.view import WORDS
from tests.browser.conftest import PHONE, Screens
from tests.desk import Desk

pytestmark = pytest.mark.browser
NARROW = {"width": 375, "height": 667}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def test_the_page_fits_a_phone_and_leads_into_the_chat(screens: Screens, desk: Desk) -> None:
    marie = await desk.customer("Marie Petit", "+33612345678", "sms", "fr")
    window = {"window_start": desk.today(5), "window_end": desk.today(7)}
    shipment = await desk.parcel(
        marie, "Lampe", [(Status.created, 9, {}), (Status.out_for_delivery, 1, window)]
    )
    path = f"/t/{desk.application.links.token('track', shipment.id)}"
    page = await screens.open(path, PHONE, is_mobile=True)
    await expect(page.get_by_role("heading", level=1)).to_have_text("En cours de livraison")
    await expect(page.locator("[aria-current=step]")).to_have_text("En livraison")
    move = page.get_by_role("link", name="Déplacer ma livraison")
    assert (await move.get_attribute("href") or "").startswith("sms:+33")
    await page.get_by_role("link", name="WhatsApp").click()
    assert (await move.get_attribute("href") or "").startswith("https://wa.me/33")
    assert await page.evaluate(TOO_WIDE) == 0


@pytest.mark.parametrize("language", WORDS)
async def test_the_longest_button_fits_a_phone(screens: Screens, desk: Desk, language: str) -> None:
    marie = await desk.customer("Marie Petit", "+33612345678", "sms", language)
    shipment = await desk.parcel(marie, "Lampe", [(Status.created, 9, {})])
    path = f"/t/{desk.application.links.token('track', shipment.id)}"
    page = await screens.open(path, NARROW)
    more = WORDS[language]("request.neighbour")
    await expect(page.get_by_role("link", name=more)).to_be_visible()
    assert await page.evaluate(TOO_WIDE) == 0
