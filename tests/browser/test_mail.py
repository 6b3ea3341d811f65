"""Mail in a real browser: the phone's mailbox, a button in a mail, and the page behind its foot."""

import pytest
from playwright.async_api import expect

from sandbox.email.wire import address_of
from tests.browser.conftest import PHONE
from tests.browser.live import Handset, Pages, overflow
from tests.stack import Phone, Shopkeeper

pytestmark = [pytest.mark.browser, pytest.mark.engine, pytest.mark.slow]


async def expects(keeper: Shopkeeper, owner: Phone, name: str, language: str) -> str:
    """A parcel for somebody of whom the merchant knows the mailbox alone; its reference."""
    address = address_of(owner.number)
    recipient = {"name": name, "phone": None, "email": address, "language": language}
    return await keeper.ship(None, recipient=recipient)


async def test_a_mail_is_answered_by_its_button_and_by_words(
    pages: Pages, keeper: Shopkeeper
) -> None:
    vera = await pages.person("Vera", "email")
    reference = await expects(keeper, vera, "Vera Amin", "en")
    page = await pages.phones()
    await keeper.goes_out(reference)
    phone = Handset(page, "Vera")
    await phone.hears("Karim", "Linen lamp")
    await phone.tap("Leave at the door")
    await phone.hears("door")
    await phone.tap("Yes, please")
    await phone.heard_in_order(["I've asked Swift Parcels", "Swift Parcels has confirmed"])
    [request] = (await keeper.see(reference))["requests"]
    assert (request["kind"], request["state"]) == ("contactless", "accepted")
    await phone.write("thank you!")
    await phone.hears("welcome")


async def test_the_page_behind_a_mails_foot(pages: Pages, keeper: Shopkeeper) -> None:
    odile = await pages.person("Odile", "email")
    reference = await expects(keeper, odile, "Odile Roy", "fr")
    page = await pages.phones()
    await keeper.goes_out(reference)
    phone = Handset(page, "Odile")
    await phone.hears("Linen lamp")
    link = await phone.screen.locator(".footer a").last.get_attribute("href")
    assert link
    wishes = await pages.open(link, PHONE, is_mobile=True)
    await expect(wishes.get_by_role("heading", level=1)).to_have_text("Vos messages")
    assert await overflow(wishes) <= 0
    await wishes.get_by_label("Par mail").uncheck()
    await wishes.get_by_role("button", name="Enregistrer").click()
    await expect(wishes.get_by_role("status")).to_have_text("C'est enregistré.")
    await expect(wishes.get_by_label("Par mail")).not_to_be_checked()
    await keeper.happens(reference, "delivered")
    await phone.write("où est mon colis ?")
    # An answer is no notice: who asks is answered. The delivery itself was not told.
    await phone.hears("livré")
    texts = await phone.screen.locator(".message.theirs .text").all_inner_texts()
    assert len(texts) == 2
