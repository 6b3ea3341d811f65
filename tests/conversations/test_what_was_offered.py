"""What people say of what they were offered: others, another one after all, the same for both."""

from collections.abc import Callable

import pytest

from tests.conversations.test_changes import made
from tests.conversations.test_delivery import last_request
from tests.conversations.test_second_thoughts import moved_to
from tests.stack import Phone, Shopkeeper

Phones = Callable[..., Phone]


@pytest.mark.parametrize(
    ("language", "said", "yes"),
    [
        ("en", ["can you come another day?", "what are the other times", "no wait, the first one"], "yes"),
        ("de", ["ich möchte einen anderen termin", "gibt es noch andere zeiten?", "die erste"], "ja"),
        ("es", ["quiero cambiar la fecha", "otro día?", "la primera"], "sí"),
    ],
)  # fmt: skip
async def test_other_times_than_those_that_were_shown(
    shop: Shopkeeper, phone: Phones, language: str, said: list[str], yes: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    shown = await me.say(said[0])
    others = await me.say(said[1])
    times = {line[2:] for line in shown.splitlines()[1:]}
    assert times
    assert not times & {line[2:] for line in others.splitlines()[1:]}
    await me.say(said[2])
    await me.say(yes, replies=2)
    # The first three were tomorrow's: the next one is the morning after.
    assert await moved_to(shop, reference) == (2, 8)


@pytest.mark.parametrize(
    ("language", "first", "instead", "yes"),
    [
        ("en", "the second one", "no wait, the last one", "yes"),
        ("fr", "le deuxième", "non attendez, le dernier", "oui"),
    ],
)
async def test_another_of_the_times_after_all(
    shop: Shopkeeper, phone: Phones, language: str, first: str, instead: str, yes: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say({"en": "i need another time", "fr": "je voudrais un autre créneau"}[language])
    await me.say(first)
    await me.say(instead)
    await me.say(yes, replies=2)
    assert await moved_to(shop, reference) == (1, 18)


@pytest.mark.parametrize(
    ("language", "wish", "no", "yes"),
    [
        ("en", "can I have it tomorrow evening", "not tomorrow sorry", "yes"),
        ("de", "bitte morgen abend liefern", "morgen doch nicht", "ja"),
    ],
)
async def test_a_day_that_is_ruled_out_at_the_summary(
    shop: Shopkeeper, phone: Phones, language: str, wish: str, no: str, yes: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(wish)
    await me.say(no)
    await me.say("1")
    await me.say(yes, replies=2)
    assert await moved_to(shop, reference) == (2, 18)


@pytest.mark.parametrize(
    ("language", "wish", "more", "closes"),
    [
        ("en", "can i pick it up somewhere", "any other ones?", "what time does it close"),
        ("fr", "je veux le recevoir en point relais", "il y en a d'autres ?", "ça ferme à quelle heure ?"),
    ],
)  # fmt: skip
async def test_a_point_says_when_it_is_open(
    shop: Shopkeeper, phone: Phones, language: str, wish: str, more: str, closes: str
) -> None:
    me = phone("sms")
    await shop.ship(me.number, language)
    shown = await me.say(wish)
    name = shown.partition("1) ")[2].partition(",")[0]
    await me.say(more)
    await me.say("1")
    answer = await me.say(closes)
    assert name in answer
    assert "07:00-20:00" in answer


@pytest.mark.parametrize(
    ("language", "wish", "yes"),
    [
        ("en", "move both to the day after tomorrow in the evening please", "yes"),
        ("de", "beide pakete bitte übermorgen abend", "ja"),
    ],
)
async def test_both_parcels_one_after_the_other(
    shop: Shopkeeper, phone: Phones, language: str, wish: str, yes: str
) -> None:
    me = phone("sms")
    lamp = await shop.ship(me.number, language, item="Toaster")
    mug = await shop.ship(me.number, language, item="Kettle")
    await me.say(wish)
    second = await me.say(yes, replies=2)
    assert ("Toaster" in second) or ("Kettle" in second)
    await me.say(yes, replies=2)
    for reference in (lamp, mug):
        assert await moved_to(shop, reference) == (2, 18)


@pytest.mark.parametrize(
    ("language", "wish", "name", "yes"),
    [
        ("de", "beide pakete bitte zum nachbarn, herr schmidt im erdgeschoss", "schmidt", "ja"),
        ("fr", "laissez les deux chez ma voisine Mme Petit", "Petit", "oui"),
    ],
)
async def test_both_parcels_go_to_the_same_neighbour(
    shop: Shopkeeper, phone: Phones, language: str, wish: str, name: str, yes: str
) -> None:
    me = phone("sms")
    both = [await shop.ship(me.number, language, item=item) for item in ("Toaster", "Kettle")]
    await me.say(wish)
    await me.say(yes, replies=2)
    await me.say(yes, replies=2)
    for reference in both:
        await last_request(shop, reference, "accepted")
        [(kind, note)] = await made(shop, reference)
        assert kind == "neighbour"
        assert name in note


@pytest.mark.parametrize(
    ("language", "said", "yes", "note"),
    [
        ("de", ["lieferung an nachbarn", "frau müller", "wohnung 3"], "ja", "frau müller, wohnung 3"),
        ("es", ["déjalo con la vecina", "Carmen", "casa 5"], "sí", "Carmen, casa 5"),
    ],
)  # fmt: skip
async def test_a_neighbour_is_told_of_in_two_messages(
    shop: Shopkeeper, phone: Phones, language: str, said: list[str], yes: str, note: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    for words in said:
        await me.say(words)
    await me.say(yes, replies=2)
    await last_request(shop, reference, "accepted")
    assert await made(shop, reference) == [("neighbour", note)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "hola q tal, mañana no estoy en casa"),
        ("en", "hi there hope you are well, i'm not at home tomorrow"),
    ],
)
async def test_a_wish_beneath_a_greeting(
    shop: Shopkeeper, phone: Phones, language: str, words: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(words)
    await me.say("1")
    await me.say({"en": "yes", "es": "sí"}[language], replies=2)
    assert (await moved_to(shop, reference))[0] == 2


@pytest.mark.parametrize(("language", "no"), [("en", "no the kettle"), ("de", "nein, der Kettle")])
async def test_a_no_that_names_the_parcel_is_told_of_that_one(
    shop: Shopkeeper, phone: Phones, language: str, no: str
) -> None:
    me = phone("sms")
    for item in ("Toaster", "Kettle"):
        await shop.ship(me.number, language, item=item)
    await me.say({"en": "where is my stuff", "de": "wo bleibt das zeug"}[language])
    assert "Kettle" in await me.say(no)
