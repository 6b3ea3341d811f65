"""Who is who, skills, answers in store, files by hand, and a closed window, in a real browser."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.domain.conversation import MessageStatus
from bot.domain.shipment import Status
from bot.domain.templates import Template, TemplateState
from bot.services.inbox import View, ViewName
from bot.storage import tables as t
from sandbox.config import Demo
from sandbox.testing import Sandbox, running
from tests.browser.conftest import DESKTOP, PHONE, Screens
from tests.browser.live import Handset, overflow
from tests.browser.test_account import keep
from tests.desk import Customer, Desk

pytestmark = pytest.mark.browser
EMMA = "+447700900123"
BODY = "Sorry, your parcel ({{1}}) from {{2}} is late. It should come {{3}}. Follow it: {{4}} or answer."


@pytest.fixture
async def emma(desk: Desk) -> Customer:
    customer = await desk.customer("Emma Clarke", EMMA, "whatsapp")
    later = {"window_start": desk.today(3), "window_end": desk.today(5)}
    await desk.parcel(customer, "Linen lamp", [(Status.delayed, 20, later)])
    await desk.says(customer, "When does it come?", ago=12)
    await desk.asks_for_a_person(customer, ago=12)
    return customer


async def taken(page: Page, customer: Customer) -> None:
    await page.goto(customer.page)
    await expect(page.locator("#live")).to_have_text("Live")
    await page.get_by_role("button", name="Take over").click()
    await expect(page.locator("#text")).to_be_focused()


async def test_two_contacts_are_merged_and_the_old_address_leads_on(
    screens: Screens, desk: Desk, emma: Customer
) -> None:
    twin = await desk.customer("Emma Clarke", "+447700900124", "sms")
    await desk.says(twin, "it is me, by SMS", ago=3)
    page, other = await screens.sign_in(), await screens.sign_in()
    await other.goto(twin.page)
    await expect(other.locator("#live")).to_have_text("Live")
    await page.goto(emma.page)
    await page.get_by_role("link", name="Who is who").click()
    await page.get_by_role("radio", name=re.compile("Emma Clarke")).check()
    await page.get_by_label("Why").last.fill("the same order")
    await page.get_by_role("button", name="Make them one").click()
    await expect(page.get_by_role("status")).to_have_text("They are one now.")
    await page.get_by_role("link", name=re.compile("←")).click()
    await expect(page.locator("#log")).to_contain_text("it is me, by SMS")
    await expect(page.locator("#log")).to_contain_text("merged another contact into this one")
    # Whoever had the other one open is led along.
    await other.wait_for_url(f"**{emma.page}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_new_pages_serve_everybody(
    screens: Screens, desk: Desk, emma: Customer, size: dict[str, int], scheme: str
) -> None:
    await desk.customer("Emma Clarke", "+447700900124", "sms")
    page = await screens.sign_in(size, color_scheme=scheme)
    async with desk.application.database() as unit:
        ana = await unit.merchants.user_by_email(desk.shop.email)
    assert ana is not None
    keep_view = desk.application.services.save_views
    await keep_view(ana, "Late, in French", View(ViewName.late, language="fr"), team=True)
    await keep_view(ana, "Disputes by WhatsApp", View(channel="whatsapp"), team=False)
    for name, path in {
        "who": f"{emma.page}/who", "skills": "/console/skills", "replies": "/console/replies",
        "reply": "/console/replies?edit=refund", "reply-new": "/console/replies?new",
        "macros": "/console/macros", "macro": "/console/macros?edit=Refund%20and%20close",
        "views": "/console/views", "kept": "/console?view=all",
    }.items():  # fmt: skip
        await page.goto(path)
        for closed in await page.locator(".pages details").all():
            await closed.evaluate("one => { one.open = true }")
        await keep(page, f"arranging-{name}-{scheme}-{size['width']}")
        assert await overflow(page) == 0, path
        found = (await Axe().run(page)).response["violations"]
        serious = [one for one in found if one["impact"] in {"serious", "critical"}]
        assert serious == [], (path, [(one["id"], one["nodes"][0]["html"]) for one in serious])


async def test_an_answer_in_store_is_written_on_its_page_and_offered(
    screens: Screens, emma: Customer
) -> None:
    page = await screens.sign_in()
    await page.goto("/console/replies?new")
    await page.get_by_label("Shortcut").fill("soon")
    await page.get_by_label("English").fill("It comes soon, {{ customer }}.")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator(".well")).to_contain_text("It comes soon, Marie.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_contain_text("/soon")
    await taken(page, emma)
    await page.locator("#text").press_sequentially("/soo")
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_have_value("It comes soon, Emma.")


async def test_a_view_is_kept_and_opened_by_its_key(
    screens: Screens, desk: Desk, emma: Customer
) -> None:
    await desk.says(await desk.customer("Tom Reed", "+447700900111", "sms"), "hello", ago=1)
    page = await screens.sign_in()
    await page.goto("/console?channel=whatsapp")
    await expect(page.locator("#live")).to_have_text("Live")
    await page.keyboard.press("v")
    await expect(page.locator("#view-name")).to_be_focused()
    await page.keyboard.type("By WhatsApp")
    await page.get_by_label("For the whole team").check()
    await keep(page, "views-keep")
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.locator("#kept-views [aria-current]")).to_have_text(re.compile("By WhatsApp"))
    await page.goto("/console")
    await expect(page.locator("#live")).to_have_text("Live")
    await keep(page, "views-queue")
    await page.keyboard.press("1")
    await page.wait_for_url("**/console?channel=whatsapp")
    await expect(page.locator("#rows-found")).to_contain_text("Emma Clarke")
    await expect(page.locator("#rows-found")).not_to_contain_text("Tom Reed")
    await page.get_by_role("link", name="Arrange views").click()
    await page.get_by_label("Name of “By WhatsApp”").fill("WhatsApp alone")
    await page.get_by_role("button", name="Rename").click()
    await expect(page.get_by_role("link", name="WhatsApp alone")).to_be_visible()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await expect(page.get_by_role("link", name="WhatsApp alone")).to_have_count(0)


async def test_a_macro_is_made_by_buttons_and_used(screens: Screens, emma: Customer) -> None:
    page = await screens.sign_in()
    await page.goto("/console/macros?new")
    await page.get_by_label("Name").fill("Lost again")
    for step in ("Write a note", "Add a tag"):
        await page.get_by_role("button", name=step).click()
    await page.get_by_label("Step 1: Write a note").fill("Lost a second time.")
    await page.get_by_label("Step 2: Add a tag").fill("lost")
    await page.get_by_role("button", name="Move step 2 up").click()
    await page.get_by_role("button", name="Try it out").click()
    await expect(page.get_by_role("region", name="For a made-up customer")).to_contain_text(
        re.compile("Add a tag: lost.*Write a note: Lost a second time", re.DOTALL)
    )
    await page.get_by_label("Name").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("“Lost again” is in force.")
    await taken(page, emma)
    await page.locator("#menu-macros summary").click()
    await page.get_by_role("button", name="Lost again").click()
    await expect(page.locator("#log")).to_contain_text("Lost a second time.")
    await expect(page.get_by_role("button", name="Take off the tag lost")).to_be_visible()


_FILE = """([kind, name]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10)], name, { type: "image/png" }));
  const target = document.getElementById(kind === "paste" ? "text" : "log");
  target.dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


@pytest.mark.parametrize("way", ["paste", "drop"])
async def test_a_file_is_dropped_or_pasted_and_goes_when_one_says_so(
    screens: Screens, desk: Desk, emma: Customer, way: str
) -> None:
    page = await screens.sign_in()
    await taken(page, emma)
    if way == "drop":
        await page.evaluate(_FILE, ["dragover", "door.png"])
        await expect(page.locator("body")).to_have_class(re.compile("dropping"))
    await page.evaluate(_FILE, [way, "door.png"])
    # What comes meanwhile takes the chosen file away from nobody.
    await desk.says(emma, "and?")
    await expect(page.locator("#log")).to_contain_text("and?")
    await expect(page.locator("body")).not_to_have_class(re.compile("dropping"))
    button = page.get_by_role("button", name="Send file")
    await expect(button).to_be_focused()
    await expect(page.locator("#log .agent")).to_have_count(0)
    await page.keyboard.press("Enter")
    await expect(page.locator("#log .agent img.picture")).to_have_count(1)
    await expect(button).to_be_hidden()


@asynccontextmanager
async def phones(desk: Desk, customer: Customer) -> AsyncIterator[Sandbox]:
    """The stand-in of WhatsApp, to which the shop's account leads, and where one template is known."""
    demo, application = Demo.example(desk.url("").rstrip("/")), desk.application
    async with application.database() as unit:
        account = await unit.accounts.of(desk.merchant_id, "channel", "whatsapp")
    assert account is not None
    whatsapp = replace(
        demo.whatsapp,
        access_token=account.secrets["access_token"],
        phone_number_id=account.options["phone_number_id"],
        templates=[{"name": "parcel_delayed", "language": "en", "body": BODY, "buttons": []}],
    )
    async with running(replace(demo, whatsapp=whatsapp)) as sandbox:
        async with application.database() as unit:
            table = t.provider_accounts
            there = {**account.options, "api_base": f"{sandbox.url}/whatsapp"}
            await unit.session.execute(
                table.update().where(table.c.id == account.id).values(options=there)
            )
            unit.add(
                Template(
                    id=uuid4(), merchant_id=desk.merchant_id, account_id=account.id,
                    name="parcel_delayed", language="en", category="utility", body=BODY,
                    state=TemplateState.approved, changed_at=desk.application.clock.now(),
                )
            )  # fmt: skip
            identity = await unit.people.identity_by_id(desk.merchant_id, customer.identity.id)
            identity.last_inbound_at = desk.application.clock.now() - timedelta(hours=25)
            await unit.commit()
        yield sandbox


async def test_a_closed_window_is_said_and_a_template_reaches_the_phone(
    screens: Screens, chromium: Browser, desk: Desk, emma: Customer
) -> None:
    async with phones(desk, emma) as sandbox:
        page = await screens.sign_in()
        await taken(page, emma)
        await expect(page.locator(".window.closed")).to_contain_text("WhatsApp")
        await keep(page, "arranging-closed-window")
        assert await page.locator("#say option").count() == 1
        await page.get_by_role("button", name="Send template").click()
        await expect(page.locator("#log li.agent .by").last).to_have_text("Ana Duarte")
        # Two: that somebody has taken over waits for the customer, the template does not.
        async with desk.application.database() as unit:
            thread = await unit.messages.thread(desk.merchant_id, emma.conversation.id)
        waiting = [one for one in thread if one.status is MessageStatus.queued]
        for message in waiting:
            await desk.application.services.deliver(desk.merchant_id, message.id)
        handset = await chromium.new_page()
        await handset.goto(f"{sandbox.url}/")
        await Handset(handset, "Emma").hears("your parcel (Linen lamp)", "is late")
        await handset.close()
        await expect(page.locator("#log")).to_contain_text("Sorry, your parcel (Linen lamp)")
