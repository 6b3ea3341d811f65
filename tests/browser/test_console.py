"""The agents' console in a real browser."""

import re

import pytest
from playwright.async_api import expect

from bot.domain.conversation import Author
from bot.domain.shipment import Status
from tests.browser.conftest import PHONE, Screens
from tests.desk import Customer, Desk

pytestmark = pytest.mark.browser

EVIL = '<img src=x onerror="window.owned=true"><script>window.owned=true</script>'


@pytest.fixture
async def marie(desk: Desk) -> Customer:
    customer = await desk.customer("Marie Petit", "+33612345678", "whatsapp", "fr")
    await desk.parcel(
        customer,
        "Walnut side table",
        [
            (Status.created, 40, {}),
            (Status.out_for_delivery, 4, {"courier_name": "Karim"}),
            (Status.attempt_failed, 1, {"description": "Nobody at home"}),
        ],
    )
    await desk.says(customer, "Il n’y avait personne chez vous ?", ago=12)
    return customer


async def said_by_agents(desk: Desk, customer: Customer) -> list[str]:
    async with desk.application.database() as unit:
        messages = await unit.messages.thread(desk.merchant_id, customer.conversation.id)
    return [m.text for m in messages if m.author is Author.agent]


async def test_a_wrong_password_is_told_and_the_right_one_opens(screens: Screens) -> None:
    page = await screens.open("/")
    await page.get_by_label("E-mail").fill(screens.desk.shop.email)
    await page.get_by_label("Password").fill("wrong")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    await page.get_by_label("Password").fill(screens.desk.shop.password)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Pick a conversation")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/console/login")


async def test_somebody_who_waits_appears_without_reloading(
    screens: Screens, desk: Desk, marie: Customer
) -> None:
    page = await screens.sign_in()
    await expect(page.locator("#live")).to_have_text("Live")
    await expect(page.locator("#rows-waiting li")).to_have_count(0)
    await page.evaluate("window.sameDocument = true")
    await desk.asks_for_a_person(marie, "dispute_attempt")
    row = page.locator("#rows-waiting li")
    await expect(row).to_contain_text("Marie Petit")
    await expect(row).to_contain_text("says nobody came")
    await expect(page).to_have_title(re.compile(r"^\(1\) "))
    assert await page.evaluate("window.sameDocument")


_ELSEWHERE = """
window.told = [];
class Told {
  static permission = "granted";
  constructor(title, options) { window.told.push(`${title}: ${options.body}`); }
}
Object.defineProperty(window, "Notification", { value: Told });
Object.defineProperty(document, "hidden", { get: () => window.away === true });
"""


async def test_news_are_told_by_the_browser_while_one_looks_elsewhere(
    screens: Screens, desk: Desk
) -> None:
    page = await screens.sign_in()
    await page.add_init_script(_ELSEWHERE)
    await page.goto("/console")
    await expect(page.locator("#live")).to_have_text("Live")
    near, far = [await desk.customer(f"{one} Reed", f"+44770090011{place}")
                 for place, one in enumerate(("Nia", "Tom"))]  # fmt: skip
    await desk.says(near, "while one looks")
    await desk.asks_for_a_person(near)
    await expect(page.locator("#rows-waiting")).to_contain_text("while one looks")
    await page.wait_for_timeout(1500)  # for what is told after the row is there
    assert await page.evaluate("window.told") == []
    await page.evaluate("window.away = true")
    await desk.says(far, "is anybody there?")
    await desk.asks_for_a_person(far)
    await expect(page.locator("#rows-waiting")).to_contain_text("is anybody there?")
    await expect(page.locator("#rows-waiting li")).to_have_count(2)
    told: list[str] = []
    for _ in range(50):
        told = await page.evaluate("window.told")
        if told:
            break
        await page.wait_for_timeout(100)
    assert len(told) == 1
    assert told[0].startswith("Tom Reed")
    assert told[0].endswith(": is anybody there?")


async def test_take_over_reply_hand_back(screens: Screens, desk: Desk, marie: Customer) -> None:
    await desk.asks_for_a_person(marie)
    page = await screens.sign_in()
    await page.get_by_role("link", name=re.compile("Marie Petit")).click()
    await expect(page.get_by_role("button", name="Send")).to_have_count(0)
    await page.get_by_role("button", name="Take over").click()
    await expect(page.locator("#head")).to_contain_text("You answer, the bot is silent")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("Bonjour Marie,")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("je regarde.")
    await page.keyboard.press("Enter")
    await expect(page.locator("#log li.agent")).to_contain_text("je regarde.")
    await expect(page.locator("#text")).to_have_value("")
    assert await said_by_agents(desk, marie) == ["Bonjour Marie,\nje regarde."]
    await page.keyboard.type("Une autre")
    await page.keyboard.press("Enter")
    await expect(page.locator("#log li.agent")).to_have_count(2)
    await desk.says(marie, "Merci !")
    await expect(page.locator("#log li.customer").last).to_contain_text("Merci !")
    await page.get_by_role("button", name="Hand back").click()
    await expect(page.locator("#head")).to_contain_text("The bot answers")
    await expect(page.get_by_role("button", name="Send")).to_have_count(0)


async def test_a_draft_survives_news_and_reloads(
    screens: Screens, desk: Desk, marie: Customer
) -> None:
    page = await screens.sign_in()
    await page.goto(marie.page)
    await page.get_by_role("button", name="Take over").click()
    await page.locator("#text").fill("half a thought")
    await desk.says(marie, "news in the meantime")
    await expect(page.locator("#log")).to_contain_text("news in the meantime")
    await expect(page.locator("#text")).to_have_value("half a thought")
    await expect(page.locator("#text")).to_be_focused()
    await page.reload()
    await expect(page.locator("#text")).to_have_value("half a thought")


async def test_of_two_agents_the_second_is_told(
    screens: Screens, desk: Desk, marie: Customer
) -> None:
    first, second = await screens.sign_in(), await screens.open("/console/login")
    await desk.colleague("Bea Okafor", f"bea+{desk.merchant_id}@x.example", "a long phrase")
    await second.get_by_label("E-mail").fill(f"bea+{desk.merchant_id}@x.example")
    await second.get_by_label("Password").fill("a long phrase")
    await second.keyboard.press("Enter")
    await second.wait_for_url("**/console")
    await first.goto(marie.page)
    await second.goto(marie.page)
    await first.get_by_role("button", name="Take over").click()
    await expect(second.locator("#head")).to_contain_text("Ana Duarte answers")
    await expect(second.get_by_role("button", name="Take over")).to_have_count(0)
    await expect(second.locator("#composer")).to_contain_text("Ana Duarte is answering here")


async def test_what_a_customer_writes_does_nothing(
    screens: Screens, desk: Desk, marie: Customer
) -> None:
    evil = await desk.customer(EVIL, "+33611112222", "sms")
    page = await screens.sign_in()
    await page.goto(evil.page)
    await expect(page.locator("#live")).to_have_text("Live")
    await desk.says(evil, EVIL)
    await expect(page.locator("#log li.customer .text")).to_have_text(EVIL)
    await expect(page.locator("#rows-recent")).to_contain_text("<script>")
    assert not await page.evaluate("'owned' in window")
    assert await page.locator("img[src=x]").count() == 0


async def test_a_number_is_shown_when_asked_for(
    screens: Screens, desk: Desk, marie: Customer
) -> None:
    page = await screens.sign_in()
    await page.goto(marie.page)
    await expect(page.locator("#phone")).to_have_text("+33 6 1• •• •6 78")
    await page.get_by_role("button", name="Show number").click()
    await expect(page.locator("#phone")).to_have_text("+33 6 12 34 56 78")


async def test_an_ended_session_leads_to_the_login(
    screens: Screens, desk: Desk, marie: Customer
) -> None:
    page = await screens.sign_in()
    await expect(page.locator("#live")).to_have_text("Live")
    async with desk.application.database() as unit:
        user = await unit.merchants.user_by_email(desk.shop.email)
        assert user is not None
        user.session_epoch += 1
        await unit.commit()
    await desk.says(marie, "hello")
    await page.wait_for_url("**/console/login")


async def test_a_phone_shows_one_thing_at_a_time(
    screens: Screens, desk: Desk, marie: Customer
) -> None:
    await desk.asks_for_a_person(marie)
    page = await screens.sign_in(PHONE, has_touch=True, is_mobile=True)
    await page.get_by_role("link", name=re.compile("Marie Petit")).tap()
    await expect(page.locator(".queue")).to_be_hidden()
    await page.get_by_role("button", name="Take over").tap()
    await page.locator("#text").fill("Bonjour")
    await page.get_by_role("button", name="Send").tap()
    await expect(page.locator("#log li.agent")).to_contain_text("Bonjour")
    await expect(page.locator("#facts")).to_be_hidden()
    await page.get_by_role("link", name="Parcel").tap()
    await expect(page.locator("#facts")).to_contain_text("Walnut side table")
    await expect(page.locator("#facts")).to_contain_text("Nobody at home")
    await page.get_by_role("link", name="Close").tap()
    await expect(page.locator("#facts")).to_be_hidden()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wide) == 0
    await page.get_by_role("link", name="All conversations").tap()
    await expect(page.locator("#rows-mine")).to_contain_text("Marie Petit")


async def test_without_scripts_everything_still_works(
    screens: Screens, desk: Desk, marie: Customer
) -> None:
    page = await screens.sign_in(java_script_enabled=False)
    await page.goto(marie.page)
    await page.get_by_role("button", name="Take over").click()
    await page.get_by_label("Write to Marie Petit").fill("Bonjour")
    await page.get_by_role("button", name="Send").click()
    assert await said_by_agents(desk, marie) == ["Bonjour"]
    await page.get_by_role("button", name="Hand back").click()
    await expect(page.locator("#head")).to_contain_text("The bot answers")
