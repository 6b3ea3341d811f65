"""The desk in a real browser: two agents, keys, notes, answers in store, and who may hear it all."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.domain.shipment import Status
from tests.browser.conftest import DESKTOP, PHONE, Screens
from tests.browser.day import ordinary_afternoon
from tests.browser.live import overflow
from tests.desk import Customer, Desk

pytestmark = pytest.mark.browser


@pytest.fixture
async def marie(desk: Desk) -> Customer:
    customer = await desk.customer("Marie Petit", "+33612345678", "sms", "fr")
    await desk.parcel(customer, "Walnut side table", [(Status.in_transit, 20, {})])
    await desk.says(customer, "Il n’y avait personne chez vous ?", ago=12)
    await desk.asks_for_a_person(customer, "dispute_attempt", ago=12)
    return customer


async def bea_signs_in(screens: Screens, size: dict[str, int] = DESKTOP) -> Page:
    email = f"bea-{screens.desk.merchant_id}@shop.example"
    await screens.desk.colleague("Bea Okafor", email, "a long phrase for Bea")
    page = await screens.open("/console/login", size)
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill("a long phrase for Bea")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/console")
    return page


async def at(page: Page, customer: Customer) -> None:
    await page.goto(customer.page)
    await expect(page.locator("#live")).to_have_text("Live")


async def test_two_agents_see_each_other_and_never_both_answer(
    screens: Screens, marie: Customer
) -> None:
    ana, bea = await screens.sign_in(), await bea_signs_in(screens)
    await at(ana, marie)
    await at(bea, marie)
    await expect(ana.locator(".others")).to_contain_text("Bea Okafor is looking at this.")
    await expect(bea.locator(".others")).to_contain_text("Ana Duarte is looking at this.")
    await ana.get_by_role("button", name="Take over").click()
    await expect(bea.locator(".holder")).to_contain_text("Ana Duarte answers")
    await expect(bea.get_by_role("button", name="Take over")).to_have_count(0)
    await expect(bea.get_by_role("button", name="Send")).to_have_count(0)
    await ana.locator("#text").press_sequentially("Bonj")
    await expect(bea.locator(".others .typing")).to_have_text("Ana Duarte is typing…")
    await expect(bea.locator(".others .typing")).to_have_count(0, timeout=15_000)
    await ana.goto("/console")
    await expect(bea.locator(".others")).to_be_empty()


async def test_a_note_calls_a_colleague_and_a_conversation_is_passed_on(
    screens: Screens, marie: Customer
) -> None:
    ana, bea = await screens.sign_in(), await bea_signs_in(screens)
    await at(ana, marie)
    await ana.keyboard.press("t")
    await expect(ana.get_by_role("button", name="Send")).to_be_visible()
    await expect(ana.locator("#text")).to_be_focused()
    await ana.keyboard.press("Escape")
    await ana.keyboard.press("n")
    await expect(ana.get_by_role("button", name="Add note")).to_be_visible()
    await ana.keyboard.type("@bea can you take this one?")
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#log li.comment")).to_contain_text("can you take this one?")
    await expect(bea.locator(".views .view-mentions .count")).to_have_text("1")
    await bea.get_by_role("link", name=re.compile("^Called")).click()
    await bea.locator("#rows-found").get_by_role("link").click()
    await expect(bea.locator("#log .calls-you")).to_be_visible()
    await ana.locator("#menu-more summary").click()
    await ana.get_by_label("Pass to").select_option(index=1)
    await ana.get_by_role("button", name="Pass on").click()
    await expect(bea.locator(".holder")).to_contain_text("You answer")
    await expect(ana.locator(".holder")).to_contain_text("Bea Okafor answers")


async def test_an_answer_in_store_by_its_first_letters(screens: Screens, marie: Customer) -> None:
    page = await screens.sign_in()
    await at(page, marie)
    await page.get_by_role("button", name="Take over").click()
    await expect(page.get_by_role("button", name="Send")).to_be_visible()
    box = page.locator("#text")
    await expect(box).to_be_focused()
    await page.keyboard.type("/he")
    await expect(page.get_by_role("option", name="/hello")).to_have_attribute(
        "aria-selected", "true"
    )
    await page.keyboard.press("Enter")
    await expect(box).to_have_value(re.compile("^Bonjour Marie, ici Ana de "))
    await expect(page.locator("#store")).to_be_hidden()
    await expect(page.locator("#preview")).to_contain_text("paid for")
    await page.keyboard.press("Enter")
    await expect(page.locator("#log li.agent")).to_contain_text("Bonjour Marie")
    await page.locator("#log").get_by_role("button", name="Undo").click()
    await expect(page.locator("#log li.agent")).to_have_count(0)
    await expect(box).to_have_value(re.compile("^Bonjour Marie"))


async def test_a_macro_and_a_tag_and_the_priority(screens: Screens, marie: Customer) -> None:
    page = await screens.sign_in()
    await at(page, marie)
    await page.get_by_role("button", name="Take over").click()
    await expect(page.locator("#text")).to_be_focused()
    await page.locator("#tag").fill("carrier")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Take off the tag carrier")).to_be_visible()
    await page.locator("#priority").select_option("urgent")
    await expect(page.locator("#log")).to_contain_text("made it urgent")
    await page.locator("#menu-macros summary").click()
    await page.get_by_role("button", name="Refund and close").click()
    await expect(page.locator(".holder")).to_contain_text("The bot answers")
    await expect(page.locator("#log")).to_contain_text(
        "handed back to the bot: The refund is on its way."
    )
    await expect(page.locator(f"#row-{marie.conversation.id} .tag")).to_have_count(2)


async def test_put_aside_and_back_when_the_customer_writes(
    screens: Screens, desk: Desk, marie: Customer
) -> None:
    page = await screens.sign_in()
    await at(page, marie)
    await page.get_by_role("button", name="Take over").click()
    await expect(page.locator("#rows-mine li")).to_have_count(1)
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("s")
    await page.locator("#until").select_option("parcel_moves")
    await page.get_by_role("button", name="Put aside").click()
    await expect(page.locator("#rows-mine li")).to_have_count(0)
    await expect(page.locator(".clock.paused")).to_contain_text("the parcel moves")
    await page.get_by_role("link", name=re.compile("^Put aside")).click()
    await expect(page.locator("#rows-found")).to_contain_text("Marie Petit")


async def test_by_keys_alone(screens: Screens, desk: Desk, marie: Customer) -> None:
    await desk.says(await desk.customer("Tom Reed", "+447700900111"), "hello", ago=1)
    page = await screens.sign_in()
    await expect(page.locator("#live")).to_have_text("Live")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Marie Petit")).to_be_visible()
    await page.keyboard.press("t")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await page.keyboard.type("hello")
    await page.keyboard.press("Enter")
    await expect(page.locator("#rows-found li")).to_have_count(1)
    await expect(page.locator("#rows-found")).to_contain_text("Tom Reed")


async def test_a_delivery_is_changed_from_the_page(screens: Screens, marie: Customer) -> None:
    page = await screens.sign_in()
    await at(page, marie)
    await page.get_by_role("button", name="Take over").click()
    await page.get_by_role("link", name="Change delivery").click()
    section = page.get_by_role("region", name="New time")
    await section.get_by_role("button", name=re.compile("Ask the carrier")).click()
    await page.wait_for_url(re.compile("/console/c/[^/]+$"))
    await expect(page.locator("#log")).to_contain_text("asked the carrier for a change: New time")
    await expect(page.locator(".requests .pill.requested")).to_have_text("sent to carrier")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_nothing_serious_for_those_who_hear_or_type(
    screens: Screens, desk: Desk, size: dict[str, int], scheme: str
) -> None:
    customer, _ = await ordinary_afternoon(desk)
    page = await screens.sign_in(size, color_scheme=scheme)
    shipment = (await _facts(desk, customer)).parcels[0].shipment
    axe = Axe()
    for path in (
        "/console", customer.page, "/console/board", "/console/trail", "/console?view=all",
        "/console/attempts", f"{customer.page}/parcels/{shipment.id}/change",
    ):  # fmt: skip
        await page.goto(path)
        assert await overflow(page) == 0, path
        found = (await axe.run(page)).response["violations"]
        serious = [one for one in found if one["impact"] in {"serious", "critical"}]
        assert serious == [], (path, [(one["id"], one["nodes"][0]["html"]) for one in serious])


async def _facts(desk: Desk, customer: Customer):  # noqa: ANN202
    async with desk.application.database() as unit:
        return await unit.inbox.facts(desk.merchant_id, customer.contact.id)
