"""The pages about people in a real browser: the second step, colleagues, a customer's data."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect
from pyotp.totp import TOTP

from bot.domain.clock import FixedClock
from bot.domain.merchant import Role
from tests.browser.conftest import DESKTOP, PHONE, Screens
from tests.browser.day import ordinary_afternoon
from tests.browser.live import overflow
from tests.desk import Desk
from tests.integration.browser import PASSWORD, make_user

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES")
"""A folder for pictures of these pages, for whoever wants to look at them."""


async def keep(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


async def sign_in(screens: Screens, email: str, size: dict[str, int] = DESKTOP) -> Page:
    page = await screens.open("/console/login", size)
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).not_to_have_url(re.compile("/console/login$"))
    return page


async def check(page: Page, name: str) -> None:
    """Nothing wider than the window, nothing serious for those who hear or type."""
    await keep(page, name)
    assert await overflow(page) == 0, name
    found = (await Axe().run(page)).response["violations"]
    serious = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert serious == [], (name, [(one["id"], one["nodes"][0]["html"]) for one in serious])


async def test_a_second_step_from_setting_up_to_signing_in(
    screens: Screens, desk: Desk, clock: FixedClock
) -> None:
    user = await make_user(desk, Role.agent)
    page = await sign_in(screens, user.email)
    await page.get_by_role("link", name="Bea Okafor").click()
    await page.get_by_role("button", name="Set up").click()
    await expect(page.get_by_role("img", name="QR code")).to_be_visible()
    secret = await page.locator("code.secret").inner_text()
    await check(page, "two-factor-set-up")
    phone = TOTP(secret)
    await page.get_by_label("Code", exact=True).fill(phone.at(clock.now()))
    await page.keyboard.press("Enter")
    await expect(page.locator(".codes li")).to_have_count(10)
    await check(page, "two-factor-codes")
    code = await page.locator(".codes code").first.inner_text()
    other = await sign_in(screens, user.email, PHONE)
    await other.wait_for_url("**/console/login/code")
    await other.get_by_label("Code", exact=True).fill("123456")
    await other.keyboard.press("Enter")
    await expect(other.get_by_role("alert")).to_contain_text("not right")
    await check(other, "two-factor-login-phone")
    clock.instant += timedelta(seconds=30)
    await other.get_by_label("Code", exact=True).fill(phone.at(clock.now()))
    await other.keyboard.press("Enter")
    await other.wait_for_url(re.compile("/console$"))
    third = await sign_in(screens, user.email)
    await third.get_by_label("Code", exact=True).fill(code)
    await third.keyboard.press("Enter")
    await third.wait_for_url(re.compile("/console$"))


async def test_a_colleague_is_invited_joins_and_is_shut_out(screens: Screens, desk: Desk) -> None:
    admin = await make_user(desk, Role.admin, "Ada Admin")
    page = await sign_in(screens, admin.email)
    await page.goto("/console/people")
    await page.get_by_label("E-mail").fill("zoe@maison-lune.example")
    await page.get_by_label("Role", exact=True).select_option("supervisor")
    await page.get_by_role("button", name="Make a link").click()
    link = await page.locator("code.secret").inner_text()
    await check(page, "people-invited")
    new = await screens.open(link[link.index("/console") :], PHONE)
    await new.get_by_label("Your name").fill("Zoé Blanc")
    await new.get_by_label("New password").fill("a phrase that Zoé knows")
    await check(new, "people-join-phone")
    await new.keyboard.press("Enter")
    await new.wait_for_url(re.compile("/console$"))
    await page.reload()
    await page.goto("/console/people")
    await page.get_by_role("button", name="Shut out Zoé Blanc").click()
    await expect(page.get_by_role("row", name="Zoé Blanc")).to_contain_text("Shut out")
    await new.goto("/console")
    await expect(new).to_have_url(re.compile("/console/login$"))


async def test_a_person_is_given_out_and_erased(screens: Screens, desk: Desk) -> None:
    customer, _ = await ordinary_afternoon(desk)
    lead = await make_user(desk, Role.supervisor, "Lea Lead")
    page = await sign_in(screens, lead.email)
    await page.goto(f"/console/person/{customer.contact.id}")
    await check(page, "person")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download as JSON").click()
    assert (await download.value).suggested_filename.startswith("person-")
    await page.get_by_label("To confirm").fill(customer.contact.id.hex[-6:])
    if await page.get_by_label("Erase all the same").count():
        await page.get_by_label("Erase all the same").check()
    await page.get_by_role("button", name="Erase for good").click()
    await expect(page.get_by_role("row", name=re.compile("Erased.*Lea Lead"))).to_be_visible()
    await expect(page.get_by_role("button", name="Erase for good")).to_have_count(0)
    await check(page, "person-erased")
    await page.get_by_role("link", name="Conversation", exact=True).click()
    await keep(page, "conversation-erased")
    await expect(page.locator("#log")).to_contain_text("[erased]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_nothing_serious_on_any_of_them(
    screens: Screens, desk: Desk, size: dict[str, int], scheme: str
) -> None:
    customer, _ = await ordinary_afternoon(desk)
    owner = await make_user(desk, Role.owner, "Olga Owner")
    await make_user(desk, Role.admin, "Ada Admin")
    page = await screens.open("/console/login", size, color_scheme=scheme)
    await page.get_by_label("E-mail").fill(owner.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile("/console$"))
    for name, path in (
        ("account", "/console/account"),
        ("people", "/console/people"),
        ("person", f"/console/person/{customer.contact.id}"),
    ):
        await page.goto(path)
        await check(page, f"{name}-{size['width']}-{scheme}")
