"""A day on the desk: a customer at a phone, two agents in two browsers, and everything else running."""

import os
import re
import signal
import urllib.request

import pytest
from playwright.async_api import Page, expect

from bot.services.seed_demo import EMAIL
from tests.browser.live import PATIENCE, Handset, Pages
from tests.stack import Shopkeeper, until

pytestmark = [pytest.mark.browser, pytest.mark.engine, pytest.mark.slow]

BEA = "bea@maison-lune.example"


async def a_colleague(pages: Pages) -> Page:
    """Bea's console; she has the password that Ana has."""
    pages.stack.rows(
        "INSERT INTO users (id, merchant_id, email, name, role, password, created_at)"
        " SELECT gen_random_uuid(), merchant_id, %s, 'Bea Okafor', 'agent', password, created_at"
        " FROM users WHERE email = %s ON CONFLICT DO NOTHING RETURNING id",
        BEA,
        EMAIL,
    )
    return await pages.console(email=BEA)


def _answers(gateway: str) -> bool:
    """Whether the gateway is there again."""
    try:
        with urllib.request.urlopen(f"{gateway}/healthz", timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


async def write(console: Page, text: str) -> None:
    await console.locator("#text").fill(text)
    await console.locator("#text").press("Enter")


async def test_a_conversation_goes_through_two_pairs_of_hands(  # noqa: PLR0915  a day is long
    pages: Pages, keeper: Shopkeeper
) -> None:
    name = "Philippa"
    customer = await pages.person(name, "whatsapp")
    recipient = {"name": name, "phone": customer.number, "language": "en", "country": "FR"}
    reference = await keeper.ship(customer.number, recipient=recipient)
    ana, bea = await pages.console(), await a_colleague(pages)
    phone = Handset(await pages.phones(), name)
    await phone.write("can i speak to a human please")
    await phone.hears("I've called a colleague")

    # Both see it; one takes it, and the other can only note something.
    for page in (ana, bea):
        row = page.locator("#rows-waiting li").filter(has_text=name)
        await row.get_by_role("link").click(timeout=PATIENCE)
        await expect(page.locator(".case")).to_contain_text("wants to talk to a person")
    await ana.get_by_role("button", name="Take over").click()
    await phone.hears("Ana")
    await expect(ana.get_by_role("button", name="Send")).to_be_visible()
    await expect(bea.locator(".holder")).to_contain_text("Ana Duarte answers")
    await expect(bea.get_by_role("button", name="Send")).to_have_count(0)
    await write(bea, "@ana I know this customer")
    await expect(ana.locator("#log .calls-you")).to_contain_text("I know this customer")

    # What is taken back in time never reaches the customer.
    before = await phone.answers.count()
    await write(ana, "Wrong window, sorry")
    await ana.locator("#log").get_by_role("button", name="Undo").click()
    await expect(ana.locator("#text")).to_have_value("Wrong window, sorry")
    await write(ana, "Ana here. My colleague Bea goes on.")
    await phone.hears("Bea goes on")
    assert await phone.answers.count() == before + 1

    # Passed on with a word.
    await ana.locator("#menu-more summary").click()
    await ana.get_by_label("Pass to").select_option(index=1)
    await ana.get_by_label("A word to them").fill("wants it tomorrow")
    await ana.get_by_role("button", name="Pass on").click()
    await expect(bea.locator(".holder")).to_contain_text("You answer")
    await expect(bea.locator("#log")).to_contain_text("wants it tomorrow")

    # Put aside until the parcel moves: off the desk, and back when the customer writes.
    await bea.locator("#menu-more summary").click()
    await bea.locator("#until").select_option("parcel_moves")
    await bea.get_by_role("button", name="Put aside").click()
    await expect(bea.locator("#rows-mine li")).to_have_count(0)
    await phone.write("any news?")
    await expect(bea.locator("#rows-mine li")).to_have_count(1, timeout=PATIENCE)
    await expect(bea.locator("#log")).to_contain_text("the customer has written")

    # The gateway dies in the middle: nothing is lost, and the page comes back by itself.
    await bea.locator("#text").fill("half a sent")
    os.kill(pages.stack.pid_of("-m bot gateway"), signal.SIGKILL)
    await until(lambda: _answers(pages.stack.gateway), wait=60)
    await expect(bea.locator("#live")).to_have_text("Live", timeout=60_000)
    await expect(bea.locator("#text")).to_have_value("half a sent")
    await bea.reload()
    await expect(bea.locator("#text")).to_have_value("half a sent")
    await phone.write("hello?")
    await expect(bea.locator("#log li.customer").last).to_contain_text("hello?", timeout=60_000)
    await write(bea, "It comes tomorrow morning.")
    await phone.hears("It comes tomorrow morning.")
    pages.troubles.clear()  # what a browser says of a server that was gone

    # Settled by a macro; the bot goes on.
    await bea.locator("#menu-macros summary").click()
    await bea.get_by_role("button", name="Refund and close").click()
    await expect(bea.locator(".holder")).to_contain_text("The bot answers")
    await phone.hears("delivery assistant")
    told = await phone.answers.locator(".text").all_inner_texts()
    assert any("refund" in text.lower() for text in told[-2:]), told[-3:]
    await phone.write("where is my parcel")
    await phone.hears("on its way")
    cases = pages.stack.rows(
        "SELECT cases.settled, cases.first_response_at IS NOT NULL AS answered FROM cases"
        " JOIN conversations ON conversations.id = cases.conversation_id"
        " JOIN shipments ON shipments.contact_id = conversations.contact_id"
        " WHERE shipments.reference = %s",
        reference,
    )
    assert cases == [{"settled": "The refund is on its way.", "answered": True}]


async def test_lateness_is_told_before_it_comes(pages: Pages, keeper: Shopkeeper) -> None:
    name = "Tamsin"
    customer = await pages.person(name, "sms")
    recipient = {"name": name, "phone": customer.number, "language": "en", "country": "FR"}
    await keeper.ship(customer.number, recipient=recipient)
    console, phone = await pages.console(), Handset(await pages.phones(), name)
    await phone.write("get me a real person")
    row = console.locator("#rows-waiting li").filter(has_text=name)
    await expect(row).to_have_count(1, timeout=PATIENCE)
    await keeper.advance("PT50M")
    await expect(row).to_have_class(re.compile(r"\bsoon\b"), timeout=60_000)
    await row.get_by_role("link").click()
    await expect(console.locator(".clock.soon")).to_contain_text("first answer due in")
    await keeper.advance("PT15M")
    await expect(console.locator("#log")).to_contain_text("Late; it is high now", timeout=60_000)
    await expect(console.locator(".view-late .count")).to_be_visible()
