"""What people say in several messages, take back, or say in the wrong place."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.conversations.test_changes import holder, made
from tests.conversations.test_delivery import last_request
from tests.stack import Phone, Shopkeeper, Stack

Phones = Callable[..., Phone]
PARIS = ZoneInfo("Europe/Paris")


async def moved_to(shop: Shopkeeper, reference: str) -> tuple[int, int]:
    """In how many days a parcel comes after all, and at which hour."""
    request = await last_request(shop, reference, "accepted")
    start = datetime.fromisoformat(request["window"]["from"]).astimezone(PARIS)
    today = (await shop.now()).astimezone(PARIS).date()
    return (start.date() - today).days, start.hour


@pytest.mark.parametrize(
    ("language", "said", "yes"),
    [
        ("en", ["can you come another day?", "the day after tomorrow", "in the evening"], "yes"),
        ("de", ["morgen geht nicht", "lieber übermorgen", "abends"], "ja"),
    ],
)
async def test_a_day_and_its_hours_come_in_two_messages(
    shop: Shopkeeper, phone: Phones, language: str, said: list[str], yes: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    for words in said:
        await me.say(words)
    await me.say(yes, replies=2)
    assert await moved_to(shop, reference) == (2, 18)


@pytest.mark.parametrize(
    ("language", "said", "yes", "kind", "note"),
    [
        ("de", ["neue adresse", "Hauptstr. 12", "München"], "ja",
         "change_address", "Hauptstr. 12, München"),
        ("fr", ["vous pouvez le laisser à la gardienne ?", "Mme Ferreira"], "oui",
         "neighbour", "à la gardienne, Mme Ferreira"),
    ],
)  # fmt: skip
async def test_a_detail_comes_in_two_messages(
    shop: Shopkeeper, phone: Phones, language: str, said: list[str], yes: str, kind: str, note: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    for words in said:
        await me.say(words)
    await me.say(yes, replies=2)
    await last_request(shop, reference, "accepted")
    assert await made(shop, reference) == [(kind, note)]


async def test_a_point_is_chosen_by_its_place_or_its_name(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("sms")
    await shop.ship(me.number, "fr")
    shown = await me.say("je voudrais le recevoir en point relais")
    assert shown.partition("2) ")[2].partition(",")[0] in await me.say("le deuxième")
    await me.say("retour")
    assert "Consigne" in await me.say("celui de Gaîté")


async def test_a_no_after_the_yes_is_not_said_to_undo_anything(
    shop: Shopkeeper, phone: Phones
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, "fr")
    await me.say("laissez-le chez ma voisine Mme Petit")
    await me.say("oui", replies=2)
    assert "Rien n'a été annulé" in await me.say("en fait non, annulez ça")
    assert (await last_request(shop, reference, "accepted"))["kind"] == "neighbour"


async def test_a_no_with_another_day_begins_another_change(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, "fr")
    await me.say("livrez demain soir")
    await me.say("oui", replies=2)
    await me.say("non finalement après-demain")
    await me.say("le soir")
    await me.say("oui", replies=2)
    assert await moved_to(shop, reference) == (2, 18)


async def test_anger_does_not_end_what_is_being_arranged(
    shop: Shopkeeper, phone: Phones, stack: Stack
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number)
    await me.say("can you come another day?")
    await me.say("this is ridiculous 😡😡", replies=2)
    assert holder(stack, me.number) == "bot"
    await me.say("the day after tomorrow in the evening then")
    await me.say("yes", replies=2)
    assert await moved_to(shop, reference) == (2, 18)


async def test_who_only_vents_is_served_while_a_person_is_called(
    shop: Shopkeeper, phone: Phones, stack: Stack
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, "fr")
    await me.say("c'est nul, vous êtes nuls")
    assert holder(stack, me.number) == "waiting"
    await me.say("livrez après-demain le soir")
    await me.say("oui", replies=2)
    assert await moved_to(shop, reference) == (2, 18)
    assert holder(stack, me.number) == "waiting"


async def test_a_time_that_nobody_asked_for_is_a_wish(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, "fr")
    await me.say("où est mon colis ?")
    await me.say("après-demain le soir")
    await me.say("oui", replies=2)
    assert await moved_to(shop, reference) == (2, 18)


async def test_whenever_is_the_first_of_what_was_offered(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, "de")
    await me.say("ich bin morgen nicht da")
    await me.say("übermorgen")
    await me.say("egal wann")
    await me.say("ja", replies=2)
    assert await moved_to(shop, reference) == (2, 8)


async def test_the_same_for_the_other_one_is_agreed_to_with_a_yes(
    shop: Shopkeeper, phone: Phones
) -> None:
    me = phone("sms")
    toaster = await shop.ship(me.number, item="Toaster")
    kettle = await shop.ship(me.number, item="Kettle")
    await me.say("move the toaster to the day after tomorrow in the evening")
    await me.say("yes", replies=2)
    assert await moved_to(shop, toaster) == (2, 18)
    assert "Kettle" in await me.say("and the other one too")
    await me.say("yes", replies=2)
    assert await moved_to(shop, kettle) == (2, 18)


async def test_nobody_at_home_is_no_complaint_about_a_courier(
    shop: Shopkeeper, phone: Phones, stack: Stack
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, "es")
    await shop.goes_out(reference)
    await me.next()
    await me.say("no hay nadie en casa ahora")
    assert holder(stack, me.number) == "bot"


async def test_a_parcel_named_in_a_no_is_the_answer_and_the_time_is_kept(
    shop: Shopkeeper, phone: Phones
) -> None:
    me = phone("sms")
    blender = await shop.ship(me.number, item="Blender")
    rug = await shop.ship(me.number, item="Rug")
    await me.say("i need to move my delivery")
    await me.say("the day after tomorrow in the evening")
    await me.say("no the blender i mean")
    await me.say("yes", replies=2)
    assert await moved_to(shop, blender) == (2, 18)
    assert await made(shop, rug) == []
