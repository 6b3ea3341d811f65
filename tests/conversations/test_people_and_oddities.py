"""Handing over to people, and what people send that is not talk."""

import os
import re
import signal
from collections.abc import Callable
from datetime import timedelta

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
    await me.write(text="it is about the lamp")
    await me.quiet(3)
    assert {"en": "colleague", "fr": "conseiller"}[language] in (await me.say("hello??")).lower()
    await me.write(text="hello???")
    await me.quiet(3)


@pytest.mark.parametrize("language", ["en", "fr", "de"])
async def test_what_cannot_be_read_is_answered_honestly(
    shop: Shopkeeper, phone: Phones, stack: Stack, language: str
) -> None:
    me = phone("whatsapp")
    await shop.ship(me.number, language)
    said = [await me.say(media=media) for media in ("voice", "sticker", "image")]
    assert len(set(said)) == 3
    assert holder(stack, me.number) == "bot"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
async def test_a_picture_of_damage_makes_a_case(
    shop: Shopkeeper, phone: Phones, stack: Stack, language: str
) -> None:
    me = phone("whatsapp")
    await shop.ship(me.number, language)
    await me.say(media="image")
    await me.tap((await me.options())[0])
    [row] = stack.rows(
        "SELECT v.holder, v.topic FROM conversations v JOIN contacts c ON c.id = v.contact_id"
        " WHERE c.phone = %s",
        me.number,
    )
    assert (row["holder"], row["topic"]) == ("waiting", "report_damage")


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("my parcel arrived broken. please cancel the delivery of the other one", "en"),
        ("mon colis est arrivé cassé. annulez la livraison de l'autre svp", "fr"),
    ],
)
async def test_a_case_and_a_change_in_one_message_go_to_a_person_together(
    shop: Shopkeeper, phone: Phones, stack: Stack, words: str, language: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(words)
    assert holder(stack, me.number) == "waiting"
    assert (await shop.see(reference))["requests"] == []


@pytest.mark.parametrize(
    ("words", "language"),
    [("i want to talk to a person", "en"), ("ich will mit einem Menschen sprechen", "de")],
)
async def test_out_of_hours_a_person_is_promised_for_a_time(
    shop: Shopkeeper, phone: Phones, stack: Stack, words: str, language: str
) -> None:
    me = phone("sms")
    await shop.ship(me.number, language)
    usual = await me.say(words)
    other = phone("sms")
    await shop.ship(other.number, language)
    ahead = (await shop.now()) + timedelta(days=3)
    day = ahead.strftime("%a").lower()
    opened = f'{{"support_hours": {{"{day}": "09:00-10:00"}}}}'
    stack.rows(
        "UPDATE merchants SET policy = policy || %s::jsonb WHERE name = 'Maison Lune' RETURNING id",
        opened,
    )
    try:
        closed = await other.say(words)
    finally:
        stack.rows("UPDATE merchants SET policy = policy - 'support_hours' RETURNING id")
    assert closed != usual
    assert re.search(r"\b0?9\b", closed), closed
    assert holder(stack, other.number) == "waiting"


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
