"""Customers at their phones, an agent at the console and a tracking page, all at once."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.live import PATIENCE, Handset, Pages, overflow
from tests.stack import Phone, Shopkeeper

pytestmark = [pytest.mark.browser, pytest.mark.engine, pytest.mark.slow]


@pytest.mark.parametrize(
    ("name", "language", "channel", "words", "comes", "again", "answer"),
    [
        (
            "Robin", "en", "whatsapp", "can i speak to a human please",
            "I've called a colleague", "where is my parcel", "on its way",
        ),
        (
            "Margaux", "fr", "sms", "je voudrais parler à un conseiller svp",
            "J'ai appelé un conseiller", "où est mon colis", "en route",
        ),
    ],
)  # fmt: skip
async def test_a_person_takes_over_and_hands_back(
    pages: Pages, keeper: Shopkeeper, name: str, language: str, channel: str,
    words: str, comes: str, again: str, answer: str,
) -> None:  # fmt: skip
    customer = await pages.person(name, channel, country="GB" if language == "en" else "FR")
    await keeper.ship(customer.number, language, recipient=_recipient(name, customer, language))
    console, phone = await pages.console(), Handset(await pages.phones(), name)
    await console.evaluate("window.sameDocument = true")
    await phone.write(words)
    await phone.hears(comes)
    waiting = console.locator("#rows-waiting li").filter(has_text=name)
    await expect(waiting).to_have_count(1, timeout=PATIENCE)
    await expect(waiting).to_contain_text(language.upper())
    assert await console.evaluate("window.sameDocument")

    await waiting.get_by_role("link").click()
    await expect(console.locator("#log")).to_contain_text(words)
    await console.get_by_role("button", name="Take over").click()
    await phone.hears("Ana")
    await expect(console.get_by_role("button", name="Send")).to_be_visible()
    reply = f"Ana here, {name}. I see it."
    await console.locator("#text").fill(reply)
    await console.keyboard.press("Enter")
    await phone.hears(reply)
    arrived = console.locator("#log li.agent").filter(has_text="I see it")
    await expect(arrived.locator(".tick")).to_have_class(re.compile(r"\b(read|delivered)\b"))

    before = await phone.answers.count()
    await phone.write(again)
    await expect(console.locator("#log li.customer").last).to_contain_text(again)
    await customer.next(before)
    await customer.quiet(3)
    assert await phone.answers.count() == before

    await console.get_by_role("button", name="Hand back").click()
    await expect(console.locator("#head")).to_contain_text("The bot answers")
    await phone.write(again)
    await phone.hears(answer)
    await _whole(console)


def _recipient(name: str, customer: Phone, language: str) -> dict[str, object]:
    return {"name": name, "phone": customer.number, "language": language, "country": "FR"}


async def _whole(console: Page) -> None:
    """Nothing is left unworded in the conversation, and nothing sticks out."""
    await expect(console.locator("#log .text.pending")).to_have_count(0)
    await expect(console.locator("#log li.failed")).to_have_count(0)
    assert await overflow(console) == 0


@pytest.mark.parametrize(("name", "size"), [("Wren", DESKTOP), ("Lark", PHONE)])
async def test_the_tracking_page_leads_back_to_the_phone(
    pages: Pages, keeper: Shopkeeper, name: str, size: dict[str, int]
) -> None:
    customer = await pages.person(name, "sms")
    reference = await keeper.ship(customer.number, recipient=_recipient(name, customer, "en"))
    await keeper.goes_out(reference)
    page = await pages.phones(size)
    if size == PHONE:
        await page.get_by_role("button", name=name).click()
    phone = Handset(page, name)
    await phone.hears("Karim", "/t/")
    async with page.context.expect_page() as opened:
        await phone.screen.get_by_role("link").filter(has_text="/t/").click()
    tracking = await opened.value
    await expect(tracking.get_by_role("heading", level=1)).to_have_text("Out for delivery")
    await expect(tracking.locator(".window")).to_contain_text(re.compile(r"\d\d:\d\d–\d\d:\d\d"))
    await expect(tracking.locator(".timeline li")).to_have_count(2)
    await expect(tracking.locator("[aria-current=step]")).to_have_text("Out for delivery")
    assert await overflow(tracking) == 0

    await tracking.get_by_role("link", name="SMS").click()
    await tracking.get_by_role("link", name="Move my delivery").click()
    await expect(tracking).to_have_url(f"{pages.stack.sandbox}/")
    back = Handset(tracking, name)
    ready = back.screen.get_by_label("Message", exact=True)
    await expect(ready).to_have_value("I would like to move my delivery")
    await expect(ready).to_be_focused()
    await expect(back.screen.get_by_role("tab", name="SMS")).to_have_attribute(
        "aria-selected", "true"
    )
    await tracking.keyboard.press("Enter")
    await back.hears("When would suit you")
    await phone.hears("When would suit you")
