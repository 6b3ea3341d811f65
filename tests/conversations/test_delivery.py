"""Where is it, move it, leave it at the door: in two languages, on three channels."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.stack import Phone, Shopkeeper, Stack

PARIS = ZoneInfo("Europe/Paris")
Phones = Callable[..., Phone]


async def evening_after(shop: Shopkeeper, days: int) -> str:
    """The start of the demo policy's evening slot, as the API writes instants."""
    day = ((await shop.now()).astimezone(PARIS) + timedelta(days=days)).date()
    return datetime(day.year, day.month, day.day, 18, tzinfo=PARIS).isoformat()


def same_instant(left: str, right: str) -> bool:
    return datetime.fromisoformat(left) == datetime.fromisoformat(right)


async def last_request(shop: Shopkeeper, reference: str, state: str) -> dict[str, Any]:
    """Wait until the parcel's last request has come to a state."""
    requests: list[dict[str, Any]] = []
    for _ in range(100):
        requests = (await shop.see(reference))["requests"]
        if requests and requests[-1]["state"] == state:
            return requests[-1]
        await asyncio.sleep(0.1)
    raise AssertionError(f"no request came to {state}: {requests}")


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("hi where is my parcel??", "en", "on its way"),
        ("bonjour ou est mon colis svp", "fr", "en route"),
    ],
)
async def test_where_is_it(
    shop: Shopkeeper, phone: Phones, words: str, language: str, expected: str
) -> None:
    me = phone("sms")
    await shop.ship(me.number, language)
    answer = await me.say(words)
    assert expected in answer.lower()
    assert "lamp" in answer.lower()


async def test_moving_it_to_tomorrow_evening_by_sms(
    shop: Shopkeeper, phone: Phones, stack: Stack
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number)
    await shop.goes_out(reference)
    await me.next()
    summary = await me.say("I wont be home, can u bring it tomorrow evening instead")
    assert "2.90" in summary
    assert await shop_requests(shop, reference) == ["awaiting_confirmation"]
    await me.say("yes please", replies=2)
    request = await last_request(shop, reference, "accepted")
    assert request["kind"] == "reschedule"
    assert same_instant(request["window"]["from"], await evening_after(shop, 1))
    audited = "SELECT action FROM audit WHERE details ->> 'request' = %s"
    assert stack.rows(audited, request["id"]) == [{"action": "requested:reschedule"}]


async def test_moving_it_by_tapping_in_french_on_whatsapp(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("whatsapp", shop.new_number("FR"))
    reference = await shop.ship(me.number, "fr")
    await me.say("je voudrais décaler ma livraison")
    slots = await me.options()
    assert len(slots) == 3
    summary = await me.tap(slots[0])
    assert "2,90" in summary
    yes = (await me.options())[0]
    await me.tap(yes, replies=2)
    request = await last_request(shop, reference, "accepted")
    assert request["fee"]["amount"] == 290


async def shop_requests(shop: Shopkeeper, reference: str) -> list[str]:
    return [request["state"] for request in (await shop.see(reference))["requests"]]


async def test_a_number_on_sms_chooses_what_stands_beside_it(
    shop: Shopkeeper, phone: Phones
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number)
    offer = await me.say("i need another delivery day")
    assert "2" in offer
    await me.say("2")
    await me.say("1", replies=2)
    await last_request(shop, reference, "accepted")


async def test_saying_no_changes_nothing(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number)
    await me.say("can you deliver it tomorrow evening")
    await me.say("no forget it")
    assert "requested" not in await shop_requests(shop, reference)
    assert "accepted" not in await shop_requests(shop, reference)


async def test_asking_the_price_in_the_middle_and_going_on(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number)
    await me.say("can you deliver it tomorrow evening")
    await me.say("how much does it cost?", replies=2)
    await me.say("ok yes", replies=2)
    await last_request(shop, reference, "accepted")


@pytest.mark.parametrize(
    ("words", "yes", "language"),
    [
        ("pls leave it without contact, i have covid", "yes", "en"),
        ("livraison sans contact svp je suis malade", "oui merci", "fr"),
    ],
)
async def test_contactless(
    shop: Shopkeeper, phone: Phones, words: str, yes: str, language: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(words)
    await me.say(yes, replies=2)
    assert (await last_request(shop, reference, "accepted"))["kind"] == "contactless"


async def test_after_delivery_it_is_refused_with_the_reason(
    shop: Shopkeeper, phone: Phones
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number)
    await shop.happens(reference, "delivered")
    await me.next()
    answer = await me.say("can you bring it tomorrow instead")
    assert "delivered" in answer.lower()
    assert await shop_requests(shop, reference) == []


async def test_two_parcels_on_one_phone_are_told_apart(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("whatsapp")
    await shop.ship(me.number, item="Linen lamp")
    mug = await shop.ship(me.number, item="Blue mug")
    question = await me.say("i want to move my delivery to tomorrow evening")
    assert "which" in question.lower()
    title = next(title for title in await me.options() if "mug" in title.lower())
    await me.tap(title)
    await me.say("yes", replies=2)
    await last_request(shop, mug, "accepted")


async def test_a_stranger_learns_nothing(shop: Shopkeeper, phone: Phones) -> None:
    await shop.ship(shop.new_number())
    answer = await phone("sms").say("where is my parcel")
    assert "lamp" not in answer.lower()


async def test_the_language_follows_the_customer(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("sms")
    await shop.ship(me.number, "en")
    assert "colis" in (await me.say("bonjour, est-ce que mon colis arrive bientôt ?")).lower()
    # Two words never change it: the answer to "merci" is still a French one.
    assert "plaisir" in (await me.say("ok thanks")).lower()
    assert "parcel" in (await me.say("sorry can you tell me where my parcel is now")).lower()
