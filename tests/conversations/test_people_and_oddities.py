"""Handing over to people, and what people send that is not talk."""

import os
import signal
from collections.abc import Callable

import pytest

from tests.stack import Phone, Shopkeeper, Stack

Phones = Callable[..., Phone]


def holder(stack: Stack, phone: str) -> str:
    [row] = stack.rows(
        "SELECT v.holder FROM conversations v JOIN contacts c ON c.id = v.contact_id"
        " WHERE c.phone = %s",
        phone,
    )
    return row["holder"]


@pytest.mark.parametrize(
    ("words", "language"),
    [("let me speak to a human please", "en"), ("je veux parler a quelqu'un", "fr")],
)
async def test_a_person_is_asked_for_and_the_bot_falls_silent(
    shop: Shopkeeper, phone: Phones, stack: Stack, words: str, language: str
) -> None:
    me = phone("sms")
    await shop.ship(me.number, language)
    await me.say(words)
    assert holder(stack, me.number) == "waiting"
    await me.write(text="hello??")
    await me.quiet(3)


@pytest.mark.parametrize("media", ["voice", "sticker", "image"])
async def test_what_cannot_be_read_is_answered_honestly(
    shop: Shopkeeper, phone: Phones, media: str
) -> None:
    me = phone("whatsapp")
    await shop.ship(me.number)
    assert await me.say(media=media)


async def test_a_location_is_answered(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("whatsapp")
    await shop.ship(me.number)
    assert await me.say(location=[48.85, 2.35])


@pytest.mark.parametrize("text", ["🙂", "a" * 4000, "where is my parcel? " * 190, "/restart"])
async def test_strange_texts_are_answered(shop: Shopkeeper, phone: Phones, text: str) -> None:
    me = phone("whatsapp")
    await shop.ship(me.number)
    assert await me.say(text)


async def test_telegram_knows_its_customer_by_the_signed_link(
    shop: Shopkeeper, phone: Phones, stack: Stack
) -> None:
    number = shop.new_number()
    reference = await shop.ship(number)
    link = (await shop.see(reference))["telegram_link"]
    me = phone("telegram", number)
    token = link.split("start=")[1]
    await me.say(f"/start {token}")
    assert "lamp" in (await me.say("where is my parcel")).lower()
    await me.tap((await me.options())[0])
    assert len(await me.options()) == 3


async def test_an_engine_killed_in_mid_conversation_is_admitted_and_nothing_is_lost(
    shop: Shopkeeper, phone: Phones, stack: Stack
) -> None:
    me = phone("sms")
    await shop.ship(me.number)
    await me.say("hello")
    os.kill(stack.pid_of("rasa run"), signal.SIGKILL)
    honest = await me.say("where is my parcel")
    assert "lamp" not in honest.lower()
    [answer] = await me.next(wait=90)
    assert "lamp" in answer["text"].lower()
    await me.quiet(3)


async def test_the_providers_saw_no_request_that_breaks_their_contract(
    shop: Shopkeeper, stack: Stack
) -> None:
    async with shop.http.get(f"{stack.sandbox}/violations") as response:
        assert not (await response.json())["violations"]
