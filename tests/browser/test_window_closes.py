"""WhatsApp's window closes overnight: the whole stack, a phone, and an agent the next morning."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from tests.browser.live import PATIENCE, Handset, Pages
from tests.stack import Shopkeeper, Stack, until

pytestmark = [pytest.mark.browser, pytest.mark.engine, pytest.mark.slow]


async def test_after_a_night_an_agent_reaches_the_phone_by_a_template_and_then_freely(
    pages: Pages, keeper: Shopkeeper
) -> None:
    customer = await pages.person("Solveig", "whatsapp")
    recipient = {"name": "Solveig", "phone": customer.number, "language": "en", "country": "GB"}
    comes = await keeper.now() + timedelta(hours=54)
    window = {"from": comes.isoformat(), "to": (comes + timedelta(hours=2)).isoformat()}
    await keeper.ship(customer.number, recipient=recipient, window=window)
    console, phone = await pages.console(), Handset(await pages.phones(), "Solveig")
    await phone.write("can i speak to a human please")
    await phone.hears("I've called a colleague")
    await console.locator("#rows-waiting li").filter(has_text="Solveig").get_by_role("link").click()
    await expect(console.locator(".window.quiet")).to_contain_text("Free words by WhatsApp")
    await console.context.close()

    await keeper.advance("PT25H")
    console = await pages.console()
    await console.locator(".queue li").filter(has_text="Solveig").first.get_by_role("link").click()
    await console.get_by_role("button", name="Take over").click()
    await expect(console.get_by_role("button", name="Send", exact=True)).to_be_visible()
    await expect(console.locator(".window.closed")).to_contain_text("WhatsApp")
    before = await phone.answers.count()
    await console.locator("#text").fill("I am looking into it now.")
    await console.keyboard.press("Enter")
    # Free words wait, and the thread says so; the worker, not this test, has tried them.
    await until(lambda: "parked" in _statuses(keeper.stack, customer.number))
    assert await phone.answers.count() == before
    await console.locator("#say").select_option(label="It is running late")
    await console.get_by_role("button", name="Send template").click()
    await phone.hears("Linen lamp", "/t/")
    await expect(phone.choices()).to_have_count(2)
    mine = console.locator("#log li.agent").filter(has_text="is running late")
    await expect(mine.locator(".by")).to_have_text("Ana Duarte")
    await expect(mine.locator(".tick")).to_have_class(re.compile(r"\b(read|delivered)\b"))

    await phone.write("thank you, when?")
    await phone.hears("I am looking into it now.")
    await expect(console.locator(".window.closed")).to_have_count(0, timeout=PATIENCE)
    await console.locator("#text").fill("Tomorrow morning.")
    await console.keyboard.press("Enter")
    await phone.hears("Tomorrow morning.")
    await console.get_by_role("button", name="Hand back").click()
    await expect(console.locator("#head")).to_contain_text("The bot answers")


def _statuses(stack: Stack, number: str) -> set[str]:
    rows = stack.rows(
        "SELECT messages.status FROM messages JOIN conversations ON conversations.id ="
        " messages.conversation_id JOIN contacts ON contacts.id = conversations.contact_id"
        " WHERE contacts.phone = %s AND author = 'agent'",
        number,
    )
    return {str(row["status"]) for row in rows}
