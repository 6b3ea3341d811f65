"""What people rule out, put right and take back, in their own words."""

import pytest

from tests.conversations.conftest import PhoneShop
from tests.conversations.test_changes import made
from tests.conversations.test_delivery import last_request
from tests.stack import Shopkeeper


@pytest.mark.parametrize(
    ("language", "wish", "but", "yes"),
    [
        ("en", "cancel the mug", "not the lamp", "yes"),
        ("de", "den mug stornieren", "nicht die lamp", "ja"),
    ],
)
async def test_the_parcel_that_is_ruled_out_is_left_alone(
    shop: Shopkeeper, phone: PhoneShop, language: str, wish: str, but: str, yes: str
) -> None:
    me = phone("sms")
    lamp = await shop.ship(me.number, language, item="Linen lamp")
    mug = await shop.ship(me.number, language, item="Ceramic mug")
    assert "Ceramic mug" in await me.say(wish)
    assert "Ceramic mug" in await me.say(but)
    await me.say(yes, replies=2)
    await last_request(shop, mug, "accepted")
    assert await made(shop, lamp) == []
    assert await made(shop, mug) == [("cancel", "")]


@pytest.mark.parametrize(
    ("language", "wish", "address", "right", "yes", "note"),
    [
        ("en", "send it to another address", "1 Canada Square London E14 5AB",
         "no the postcode is E14 5AA", "yes", "1 Canada Square London E14 5AA"),
        ("es", "quiero cambiar la direccion", "calle Mayor 12, 3ºB, 28013 Madrid",
         "no, el 3ºA", "sí", "calle Mayor 12, 3ºA, 28013 Madrid"),
    ],
)  # fmt: skip
async def test_one_part_of_an_address_is_put_right(
    shop: Shopkeeper,
    phone: PhoneShop,
    language: str,
    wish: str,
    address: str,
    right: str,
    yes: str,
    note: str,
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(wish)
    await me.say(address)
    await me.say(right)
    await me.say(yes, replies=2)
    await last_request(shop, reference, "accepted")
    assert await made(shop, reference) == [("change_address", note)]


@pytest.mark.parametrize(
    ("language", "words", "yes"),
    [
        ("en", "pls dont leave it with the neighbours, they steal", "yes"),
        ("de", "nicht beim nachbarn abgeben bitte", "ja"),
        ("fr", "surtout pas chez le voisin", "oui"),
    ],
)
async def test_not_with_the_neighbours_is_told_to_the_courier(
    shop: Shopkeeper, phone: PhoneShop, language: str, words: str, yes: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    assert words in await me.say(words)
    await me.say(yes, replies=2)
    await last_request(shop, reference, "accepted")
    assert await made(shop, reference) == [("access_note", words)]


@pytest.mark.parametrize(
    ("language", "wish", "more", "yes", "note"),
    [
        ("en", "just leave it at the door please", "and dont ring, baby sleeping", "yes", "dont ring"),
        ("fr", "posez le devant la porte", "vous sonnez pas svp bébé dort", "oui", "sonnez pas"),
    ],
)  # fmt: skip
async def test_no_bell_is_rung_where_somebody_sleeps(
    shop: Shopkeeper, phone: PhoneShop, language: str, wish: str, more: str, yes: str, note: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    first = await me.say(wish)
    assert await me.say(more) != first
    await me.say(yes, replies=2)
    await last_request(shop, reference, "accepted")
    assert await made(shop, reference) == [("contactless", note)]


@pytest.mark.parametrize(
    ("language", "wish", "yes", "mind", "again"),
    [
        ("en", "cancel my parcel", "yes", "wait ive changed my mind", "leave it with my neighbour Bob"),
        ("fr", "annulez la livraison", "oui", "euh attendez jai changé d avis", "chez ma voisine Mme Roy"),
    ],
)  # fmt: skip
async def test_a_change_of_mind_undoes_nothing_in_secret(
    shop: Shopkeeper, phone: PhoneShop, language: str, wish: str, yes: str, mind: str, again: str
) -> None:
    """What was agreed stands and is said to stand; what is cancelled cannot be changed besides."""
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(wish)
    await me.say(yes, replies=2)
    assert "START" not in await me.say(mind)
    await me.say(again)
    await last_request(shop, reference, "accepted")
    assert await made(shop, reference) == [("cancel", "")]


@pytest.mark.parametrize(
    ("language", "words"), [("es", "no estaré"), ("en", "no one will be home")]
)
async def test_who_is_out_is_offered_other_times(
    shop: Shopkeeper, phone: PhoneShop, language: str, words: str
) -> None:
    me = phone("sms")
    await shop.ship(me.number, language)
    answer = await me.say(words)
    assert "\n3 " in answer
    assert ":00" in answer
