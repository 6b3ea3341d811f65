"""What customers mean besides the wishes that the reader knows: who signs, a driver gone astray."""

import pytest

from tests.conversations.conftest import PhoneShop
from tests.conversations.test_changes import holder, made
from tests.conversations.test_delivery import last_request
from tests.conversations.test_second_thoughts import moved_to
from tests.stack import Shopkeeper, Stack


@pytest.mark.parametrize(
    ("language", "asked", "who", "yes"),
    [
        ("en", "can someone else sign for it", "my brother Dave", "yes"),
        ("de", "kann jemand anderes unterschreiben", "meine mutter ist da", "ja"),
        ("es", "puede recogerlo mi marido?", "se llama Luis", "sí"),
    ],
)
async def test_who_else_takes_it_in_is_told_to_the_courier(
    shop: Shopkeeper,
    phone: PhoneShop,
    stack: Stack,
    language: str,
    asked: str,
    who: str,
    yes: str,
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(asked)
    await me.say(who)
    await me.say(yes, replies=2)
    await last_request(shop, reference, "accepted")
    [(kind, note)] = await made(shop, reference)
    assert kind == "access_note"
    assert asked in note
    assert who.rsplit(maxsplit=1)[-1] in note
    assert holder(stack, me.number) == "bot"


@pytest.mark.parametrize(
    ("language", "words", "more", "yes"),
    [
        ("en", "is the driver at the wrong house? i can see him next door", "i'm at 21", "yes"),
        ("fr", "le livreur est à la mauvaise adresse", "moi je suis au 8", "oui"),
        ("de", "fahrer steht vor dem falschen haus", "klingel ist Yilmaz", "ja"),
    ],
)
async def test_a_courier_at_the_wrong_door_is_told(
    shop: Shopkeeper, phone: PhoneShop, language: str, words: str, more: str, yes: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await shop.goes_out(reference)
    await me.next()
    assert words in await me.say(words)
    await me.say(more)
    await me.say(yes, replies=2)
    await last_request(shop, reference, "accepted")
    [(kind, note)] = await made(shop, reference)
    assert kind == "access_note"
    assert note.startswith(words)
    assert more.rsplit(maxsplit=1)[-1] in note


@pytest.mark.parametrize(
    ("language", "words"), [("en", "when are my parcels coming"), ("de", "wo sind meine pakete")]
)
async def test_where_all_parcels_are_is_told_at_once(
    shop: Shopkeeper, phone: PhoneShop, language: str, words: str
) -> None:
    me = phone("sms")
    for item in ("Kettle", "Toaster"):
        await shop.ship(me.number, language, item=item)
    told = await me.say(words)
    assert "Kettle: " in told
    assert "Toaster: " in told


@pytest.mark.parametrize(
    ("language", "wish", "also", "yes"),
    [
        ("en", "move the kettle to the day after tomorrow evening", "also the toaster", "yes"),
        ("de", "den kettle bitte übermorgen abend", "und den toaster auch", "ja"),
    ],
)
async def test_the_same_for_another_parcel_before_the_yes(
    shop: Shopkeeper, phone: PhoneShop, language: str, wish: str, also: str, yes: str
) -> None:
    me = phone("sms")
    kettle, toaster = [
        await shop.ship(me.number, language, item=item) for item in ("Kettle", "Toaster")
    ]
    await me.say(wish)
    await me.say(also, replies=2)
    assert "Toaster" in await me.say(yes, replies=2)
    await me.say(yes, replies=2)
    for reference in (kettle, toaster):
        assert await moved_to(shop, reference) == (2, 18)


@pytest.mark.parametrize(
    ("language", "wish", "yes", "instead", "when"),
    [
        ("de", "bitte übermorgen früh liefern", "ja", "halt, doch lieber abends", (2, 18)),
        ("en", "can it come tomorrow evening", "yes", "actually the day after tomorrow", (2, 18)),
    ],
)
async def test_what_was_agreed_is_corrected_in_one_part(
    shop: Shopkeeper,
    phone: PhoneShop,
    language: str,
    wish: str,
    yes: str,
    instead: str,
    when: tuple[int, int],
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(wish)
    await me.say(yes, replies=2)
    await me.say(instead)
    await me.say(yes, replies=2)
    assert await moved_to(shop, reference) == when


@pytest.mark.parametrize(
    ("language", "wish", "yes", "name"),
    [
        ("fr", "laissez chez le gardien", "oui", "il s'appelle M. Da Silva"),
        ("en", "leave it with the concierge", "yes", "he's called Dave"),
    ],
)
async def test_a_name_that_comes_late_is_told_to_the_courier(
    shop: Shopkeeper, phone: PhoneShop, language: str, wish: str, yes: str, name: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(wish)
    await me.say(yes, replies=2)
    await me.say(name)
    await me.say(yes, replies=2)
    await last_request(shop, reference, "accepted")
    assert (await made(shop, reference))[-1] == ("access_note", name)


@pytest.mark.parametrize(
    ("language", "words", "again"),
    [
        ("es", "mentira no vino nadie", "estaba en casa"),
        ("fr", "personne n'est venu", "j'étais à la maison toute la matinée"),
    ],
)
async def test_who_was_in_is_not_kept_as_having_been_out(
    shop: Shopkeeper, phone: PhoneShop, stack: Stack, language: str, words: str, again: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await shop.happens(reference, "attempt_failed")
    await me.next()
    await me.say(words)
    await me.say(again)
    rows = stack.rows(
        "SELECT a.customer FROM attempts a JOIN shipments s ON s.id = a.shipment_id"
        " WHERE s.reference = %s",
        reference,
    )
    assert [row["customer"] for row in rows] == ["was_in"]


@pytest.mark.parametrize(
    ("language", "words", "helps"),
    [("en", "can i get an invoice", "colleague"), ("fr", "je veux un remboursement", "conseiller")],
)
async def test_what_is_the_shops_business_is_said_to_be(
    shop: Shopkeeper, phone: PhoneShop, language: str, words: str, helps: str
) -> None:
    me = phone("sms")
    await shop.ship(me.number, language)
    answer = await me.say(words)
    assert "Maison Lune" in answer
    assert helps in answer


@pytest.mark.parametrize(
    ("language", "words", "sister", "id_card"),
    [
        ("en", "where do i collect it", "can my sister get it", "ID"),
        ("fr", "où est-ce que je récupère mon colis", "ma soeur peut le récupérer ?", "identité"),
    ],
)
async def test_a_parcel_that_waits_is_asked_for(
    shop: Shopkeeper, phone: PhoneShop, language: str, words: str, sister: str, id_card: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await shop.happens(reference, "ready_for_pickup")
    await me.next()
    assert "2)" not in await me.say(words)
    assert id_card in await me.say(sister)
    assert await made(shop, reference) == []


@pytest.mark.parametrize(
    ("language", "human", "story", "where", "wish", "yes"),
    [
        ("en", "i wanna speak to someone", "it is about the lamp", "when is my parcel coming",
         "move it to the day after tomorrow in the evening", "yes"),
        ("de", "ich will mit einem menschen sprechen", "es geht um die lampe", "wo ist mein paket",
         "bitte übermorgen abend liefern", "ja"),
    ],
)  # fmt: skip
async def test_who_waits_for_a_person_is_helped_with_what_the_bot_can_do(
    shop: Shopkeeper,
    phone: PhoneShop,
    stack: Stack,
    language: str,
    human: str,
    story: str,
    where: str,
    wish: str,
    yes: str,
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(human)
    await me.write(text=story)
    await me.quiet(3)
    assert "Linen lamp" in await me.say(where)
    await me.say(wish)
    await me.say(yes, replies=2)
    assert await moved_to(shop, reference) == (2, 18)
    assert holder(stack, me.number) == "waiting"


@pytest.mark.parametrize(
    ("language", "ask", "yes", "again"),
    [
        ("en", "where is parcel {}?", "yes please", "didn't get any code"),
        ("fr", "où est le colis {} ?", "oui merci", "renvoyez le code"),
    ],
)
async def test_a_code_that_did_not_come_is_sent_again(
    shop: Shopkeeper,
    phone: PhoneShop,
    stack: Stack,
    language: str,
    ask: str,
    yes: str,
    again: str,
) -> None:
    owner, stranger = phone("sms"), phone("sms")
    number = f"SW{owner.number[-9:]}9"
    await shop.ship(owner.number, language, tracking_number=number)
    await stranger.say(ask.format(number))
    await stranger.say(yes)
    # A minute has to pass between two codes; then a yes sends it.
    await stranger.say(again)
    await shop.advance("PT2M")
    await stranger.say(again)
    await owner.next(2)
    rows = stack.rows(
        "SELECT count(*) AS codes FROM access_codes a JOIN shipments s ON s.id = a.shipment_id"
        " WHERE s.tracking_number = %s",
        number,
    )
    assert rows == [{"codes": 2}]
