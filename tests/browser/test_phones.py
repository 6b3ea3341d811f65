"""The sandbox's phones in a real browser, with everything behind them."""

import re

import aiohttp
import pytest
from playwright.async_api import expect

from tests.browser.conftest import PHONE
from tests.browser.live import Handset, Pages, overflow
from tests.stack import Shopkeeper

pytestmark = [pytest.mark.browser, pytest.mark.engine, pytest.mark.slow]

ASKED, CONFIRMED = "I've asked Swift Parcels", "Swift Parcels has confirmed"


async def test_emma_moves_her_parcel_by_tapping(pages: Pages, keeper: Shopkeeper) -> None:
    page = await pages.phones()
    await page.get_by_role("button", name="New day").click()
    lamp = page.get_by_role("listitem").filter(has_text="Linen lamp")
    await lamp.get_by_role("button", name="next, Label printed").click()
    await lamp.get_by_role("button", name="next, On its way").click()
    await expect(lamp).to_contain_text("On its way")
    emma = Handset(page, "Emma")
    await emma.write("where is my parcel")
    await emma.hears("Linen lamp", "on its way", "/t/")
    assert await emma.choices().all_inner_texts() == [
        "Another time",
        "More options",
        "Talk to a person",
    ]
    await emma.tap("Another time")
    await emma.hears("When would suit you")
    slot = await emma.choices().first.inner_text()
    await emma.tap(slot)
    await expect(emma.mine.last).to_contain_text(slot)
    await emma.hears("€2.90")
    await emma.tap("Yes, please")
    await emma.heard_in_order([ASKED, CONFIRMED])
    await expect(emma.screen.locator(".typing")).to_have_count(0)
    for own in await emma.mine.locator(".ticks").all():
        await expect(own).to_have_attribute("aria-label", re.compile("delivered|read"))
    # Only what was asked last can still be answered.
    await expect(emma.screen.locator(".options button:enabled")).to_have_count(2)
    reference = await _reference(keeper, "Linen lamp")
    [request] = (await keeper.see(reference))["requests"]
    assert (request["kind"], request["state"]) == ("reschedule", "accepted")


async def _reference(keeper: Shopkeeper, item: str) -> str:
    async with keeper.http.get(f"{keeper.stack.sandbox}/demo") as response:
        parcels = (await response.json())["parcels"]
    return next(parcel["reference"] for parcel in parcels if parcel["item"] == item)


async def test_on_sms_choices_are_numbers(pages: Pages, keeper: Shopkeeper) -> None:
    jeanne = await pages.person("Jeanne", "sms", country="FR")
    reference = await keeper.ship(jeanne.number, "fr", item="Lampe")
    phone = Handset(await pages.phones(), "Jeanne")
    await phone.write("je voudrais changer le jour de livraison")
    await phone.hears("1 ", "2 ", "3 ", "Lampe")
    await expect(phone.screen.locator(".options")).to_have_count(0)
    await phone.write("2")
    await phone.hears("2,90", "1 Oui, merci")
    await phone.write("1")
    await phone.heard_in_order(["j'ai demandé à Swift Parcels", "Swift Parcels confirme"])
    await expect(phone.mine.last).to_contain_text("Delivered")
    [request] = (await keeper.see(reference))["requests"]
    assert request["state"] == "accepted"


async def test_a_narrow_screen_shows_one_phone_at_a_time(pages: Pages, keeper: Shopkeeper) -> None:
    page = await pages.phones(PHONE, is_mobile=True, has_touch=True)
    await page.get_by_role("button", name="Add a phone").tap()
    number = keeper.new_number()
    await page.get_by_label("Name").fill("Noor")
    await page.get_by_label("Number").fill(number)
    await page.get_by_role("button", name="Add", exact=True).tap()
    await keeper.ship(number)
    noor = Handset(page, "Noor")
    await expect(noor.screen).to_be_visible()
    await expect(page.get_by_role("region", name="Emma's phone")).to_be_hidden()
    await noor.write("where is my parcel")
    await noor.hears("on its way")
    await noor.tap("Another time")
    await noor.hears("When would suit you")
    assert await overflow(page) == 0
    send = await noor.screen.get_by_role("button", name="Send").bounding_box()
    assert send is not None
    assert send["y"] + send["height"] <= PHONE["height"]
    await page.get_by_role("button", name="Emma").tap()
    await expect(noor.screen).to_be_hidden()


async def test_telegram_is_opened_by_the_link_in_a_text_message(
    pages: Pages, keeper: Shopkeeper
) -> None:
    ines = await pages.person("Ines", "telegram", "sms")
    reference = await keeper.ship(ines.number, item="Stoneware vase")
    page = await pages.phones()
    phone = Handset(page, "Ines")
    await expect(phone.screen).to_contain_text("A bot cannot write first")
    link = (await keeper.see(reference))["telegram_link"]
    await _text_of_the_shop(keeper, ines.number, f"Your vase is on its way. Chat with us: {link}")
    await phone.hears("Chat with us")
    await phone.screen.get_by_role("link", name=re.compile("t.me")).click()
    await expect(phone.screen.get_by_role("tab", name="Telegram")).to_have_attribute(
        "aria-selected", "true"
    )
    await phone.hears("Maison Lune")
    await phone.tap("Where is it?")
    await phone.hears("Stoneware vase")
    await phone.tap("Another time")
    await phone.hears("When would suit you")
    assert len(await phone.choices().all()) == 3


async def _text_of_the_shop(keeper: Shopkeeper, to: str, text: str) -> None:
    """A text message that the shop itself sends, as its order confirmation might."""
    sms = keeper.stack.demo["sms"]
    url = f"{keeper.stack.sandbox}/twilio/2010-04-01/Accounts/{sms['account_sid']}/Messages.json"
    headers = {"Authorization": aiohttp.encode_basic_auth(sms["account_sid"], sms["auth_token"])}
    body = {"To": to, "From": sms["number"], "Body": text}
    async with keeper.http.post(url, data=body, headers=headers) as response:
        assert response.status == 201, await response.text()
