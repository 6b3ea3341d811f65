"""Every kind of change through the phones: what is stored, not only what is said."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.conversations.test_delivery import last_request
from tests.stack import Phone, Shopkeeper, Stack

Phones = Callable[..., Phone]
PARIS = ZoneInfo("Europe/Paris")


async def made(shop: Shopkeeper, reference: str) -> list[tuple[str, str]]:
    """The kinds and notes of the requests that were really made, in order."""
    requests = (await shop.see(reference))["requests"]
    return [(r["kind"], r["note"]) for r in requests if r["state"] in {"requested", "accepted"}]


def holder(stack: Stack, phone: str) -> str:
    [row] = stack.rows(
        "SELECT v.holder FROM conversations v JOIN contacts c ON c.id = v.contact_id"
        " WHERE c.phone = %s",
        phone,
    )
    return row["holder"]


@pytest.mark.parametrize(
    ("language", "words", "yes", "kind", "note"),
    [
        ("en", "leave it with my neighbour Mrs Patel at no. 12", "yes", "neighbour", "Mrs Patel at no. 12"),
        ("fr", "laissez-le chez ma voisine Mme Dupont au 2e étage", "oui", "neighbour", "Mme Dupont"),
        ("en", "please leave the parcel in the shed behind the house", "ok", "safe_place", "shed"),
        ("fr", "vous pouvez déposer le colis sous l'abri de jardin ?", "d'accord", "safe_place", "abri de jardin"),
        ("en", "the gate code is 4407#", "yes please", "access_note", "4407#"),
        ("fr", "le code du portail c'est 12B45", "oui merci", "access_note", "12B45"),
        ("en", "please deliver it to a different address: 12 Rue des Lilas, 75011 Paris", "yes", "change_address", "12 Rue des Lilas, 75011 Paris"),
        ("fr", "je voudrais changer l'adresse : 5 avenue Foch 75016 Paris", "oui", "change_address", "5 avenue Foch 75016 Paris"),
        ("es", "déjalo con mi vecina la señora Ruiz del segundo", "sí", "neighbour", "Ruiz"),
        ("de", "bitte beim Nachbarn Herrn Krause abgeben", "ja", "neighbour", "Krause"),
        ("es", "puedes dejar el paquete en el garaje", "vale", "safe_place", "garaje"),
        ("de", "legen Sie das Paket bitte in die Garage", "ja gern", "safe_place", "Garage"),
        ("es", "el código del portal es 4407#", "sí por favor", "access_note", "4407#"),
        ("de", "der Türcode ist 4407#", "ja bitte", "access_note", "4407#"),
        ("es", "quiero cambiar la dirección: calle Mayor 5, 28013 Madrid", "sí", "change_address", "calle Mayor 5, 28013 Madrid"),
        ("de", "bitte an eine andere Adresse liefern: Ulmenweg 4, 80331 München", "ja", "change_address", "Ulmenweg 4, 80331 München"),
    ],
)  # fmt: skip
async def test_a_detail_in_the_first_message_is_not_asked_for(
    shop: Shopkeeper, phone: Phones, language: str, words: str, yes: str, kind: str, note: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    summary = await me.say(words)
    assert note in summary
    await me.say(yes, replies=2)
    request = await last_request(shop, reference, "accepted")
    assert request["kind"] == kind
    assert note in request["note"]


@pytest.mark.parametrize(
    ("language", "words", "detail", "yes", "kind"),
    [
        ("en", "can a neighbour take my parcel?", "Mrs Patel at number 12", "yes", "neighbour"),
        ("fr", "un voisin peut prendre mon colis ?", "Mme Dupont au 3e", "oui", "neighbour"),
        ("en", "can you leave it in a safe place", "in the blue box by the door", "ok", "safe_place"),
        ("fr", "je veux changer l'adresse de livraison", "5 avenue Foch 75016 Paris", "oui", "change_address"),
        ("en", "i'd like to leave instructions for the courier", "ring twice, second floor", "yes", "access_note"),
        ("es", "¿lo puede recoger un vecino?", "la señora Ruiz del 2º B", "sí", "neighbour"),
        ("de", "kann ein Nachbar das Paket annehmen?", "Frau Krause im 3. Stock", "ja", "neighbour"),
        ("es", "quiero cambiar la dirección de entrega", "calle Mayor 5, 28013 Madrid", "sí", "change_address"),
        ("de", "ich möchte die Lieferadresse ändern", "Ulmenweg 4, 80331 München", "ja", "change_address"),
    ],
)  # fmt: skip
async def test_a_detail_that_is_missing_is_asked_for(
    shop: Shopkeeper, phone: Phones, language: str, words: str, detail: str, yes: str, kind: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(words)
    assert await made(shop, reference) == []
    assert detail in await me.say(detail)
    await me.say(yes, replies=2)
    request = await last_request(shop, reference, "accepted")
    assert (request["kind"], request["note"]) == (kind, detail)


@pytest.mark.parametrize(
    ("language", "words", "yes"),
    [
        ("en", "i want to cancel the delivery", "yes"),
        ("fr", "je veux annuler ma commande", "oui"),
        ("es", "quiero cancelar la entrega", "sí"),
        ("de", "ich möchte die Lieferung stornieren", "ja"),
    ],
)
async def test_cancelling_says_what_it_means_first(
    shop: Shopkeeper, phone: Phones, language: str, words: str, yes: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    assert "Maison Lune" in await me.say(words)
    assert await made(shop, reference) == []
    await me.say(yes, replies=2)
    assert (await last_request(shop, reference, "accepted"))["kind"] == "cancel"


@pytest.mark.parametrize(
    ("language", "words", "again"),
    [
        ("en", "please cancel the delivery", "cancel my parcel please"),
        ("fr", "annulez la livraison svp", "je veux annuler mon colis"),
        ("es", "cancelad la entrega por favor", "quiero cancelar mi paquete"),
        ("de", "bitte die Lieferung stornieren", "ich will mein Paket stornieren"),
    ],
)
async def test_a_refusal_is_put_differently_the_second_time(
    shop: Shopkeeper, phone: Phones, language: str, words: str, again: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await shop.goes_out(reference)
    await me.next()
    first, second = await me.say(words), await me.say(again)
    assert first != second
    assert await made(shop, reference) == []


@pytest.mark.parametrize(
    ("language", "words", "yes"),
    [
        ("en", "can i pick it up at a pickup point instead", "yes"),
        ("fr", "livrez-le plutôt en point relais", "oui"),
        ("es", "mejor en un punto de recogida", "sí"),
        ("de", "lieber an eine Abholstelle bitte", "ja"),
    ],
)
async def test_the_nearest_open_pick_up_point_is_chosen_by_number(
    shop: Shopkeeper, phone: Phones, language: str, words: str, yes: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    assert "Voltaire" in await me.say(words)
    await me.say("1")
    await me.say(yes, replies=2)
    request = await last_request(shop, reference, "accepted")
    assert request["kind"] == "pickup_point"
    assert request["note"] == "Tabac Voltaire, 96 boulevard Voltaire, 75011 Paris"


@pytest.mark.parametrize(
    ("language", "number", "yes"),
    [("en", "GB", "yes"), ("fr", "FR", "oui"), ("es", "FR", "sí"), ("de", "FR", "ja")],
)
async def test_a_shared_place_becomes_the_address(
    shop: Shopkeeper, phone: Phones, language: str, number: str, yes: str
) -> None:
    me = phone("whatsapp", shop.new_number(number))
    reference = await shop.ship(me.number, language)
    await me.say(location=[48.8606, 2.3376])
    await me.tap((await me.options())[0])
    await me.say(yes, replies=2)
    request = await last_request(shop, reference, "accepted")
    assert request["kind"] == "change_address"
    assert "48.8606,2.3376" in request["note"]


@pytest.mark.parametrize(
    ("language", "first", "then", "yes", "note"),
    [
        ("en", "can you deliver it tomorrow evening", "actually leave it with my neighbour Mr Jones", "yes", "Mr Jones"),
        ("fr", "pouvez-vous livrer demain soir", "finalement laissez-le chez ma voisine Mme Petit", "oui", "Mme Petit"),
        ("es", "¿podéis traerlo mañana por la tarde?", "mejor dejadlo con mi vecina la señora Ruiz", "sí", "Ruiz"),
        ("de", "können Sie morgen Abend liefern", "lieber beim Nachbarn Herrn Krause abgeben", "ja", "Krause"),
    ],
)  # fmt: skip
async def test_a_change_of_mind_switches_the_form_and_keeps_the_parcel(
    shop: Shopkeeper, phone: Phones, language: str, first: str, then: str, yes: str, note: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(first)
    assert note in await me.say(then)
    await me.say(yes, replies=2)
    assert (await last_request(shop, reference, "accepted"))["kind"] == "neighbour"
    states = {r["kind"]: r["state"] for r in (await shop.see(reference))["requests"]}
    assert states["reschedule"] == "expired"


@pytest.mark.parametrize(
    ("language", "words", "correction", "yes"),
    [
        ("en", "can you deliver it tomorrow evening", "no, the day after instead", "yes"),
        ("fr", "pouvez-vous livrer demain soir ?", "non, après-demain", "oui"),
        ("es", "¿podéis traerlo mañana por la noche?", "no, pasado mañana", "sí"),
        ("de", "können Sie morgen Abend liefern?", "nein, übermorgen", "ja"),
    ],
)
async def test_a_correction_of_the_day_keeps_the_hours(
    shop: Shopkeeper, phone: Phones, language: str, words: str, correction: str, yes: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(words)
    await me.say(correction)
    await me.say(yes, replies=2)
    request = await last_request(shop, reference, "accepted")
    start = datetime.fromisoformat(request["window"]["from"]).astimezone(PARIS)
    today = (await shop.now()).astimezone(PARIS).date()
    assert ((start.date() - today).days, start.hour) == (2, 18)


@pytest.mark.parametrize(
    ("language", "words", "detail", "price", "back", "yes"),
    [
        ("en", "can a neighbour take it?", "Mrs Patel, no. 12", "how much is it?", "back", "yes"),
        ("fr", "un voisin peut le prendre ?", "Mme Petit au 4", "ça coûte combien ?", "retour", "oui"),
        ("es", "¿lo puede coger un vecino?", "la señora Ruiz del 4", "¿cuánto cuesta?", "atrás", "sí"),
        ("de", "kann ein Nachbar das annehmen?", "Frau Klein, Nr. 4", "was kostet das?", "zurück", "ja"),
    ],
)  # fmt: skip
async def test_questions_return_to_the_form_and_back_goes_one_step(
    shop: Shopkeeper, phone: Phones, language: str, words: str, detail: str, price: str, back: str,
    yes: str,
) -> None:  # fmt: skip
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(words)
    await me.say("Nobody Knows 7")
    await me.say(price, replies=2)
    assert "Nobody" not in await me.say(back)
    assert detail in await me.say(detail)
    await me.say(yes, replies=2)
    await last_request(shop, reference, "accepted")
    assert await made(shop, reference) == [("neighbour", detail)]


@pytest.mark.parametrize(
    ("language", "words", "yes", "note"),
    [
        ("en", "leave it with my neighbour Mrs Patel at no. 12, the gate code is 4407#", "yes", "Mrs Patel"),
        ("fr", "laissez le colis chez mon voisin M. Martin, le code du portail est 4407#", "oui", "Martin"),
        ("es", "déjalo con mi vecino el señor Ruiz, el código del portal es 4407#", "sí", "Ruiz"),
        ("de", "bitte beim Nachbarn Herrn Krause abgeben, der Türcode ist 4407#", "ja", "Krause"),
    ],
)  # fmt: skip
async def test_a_change_and_a_note_are_one_summary_and_one_yes(
    shop: Shopkeeper, phone: Phones, language: str, words: str, yes: str, note: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    summary = await me.say(words)
    assert note in summary
    assert "4407#" in summary
    await me.say(yes, replies=2)
    await last_request(shop, reference, "accepted")
    [(kind, first), (also, second)] = await made(shop, reference)
    assert (kind, also) == ("neighbour", "access_note")
    assert note in first
    assert "4407#" in second


@pytest.mark.parametrize(
    ("language", "words", "yes"),
    [
        ("en", "where is my parcel and can you deliver it tomorrow evening?", "yes"),
        ("fr", "où est mon colis ? et pouvez-vous le livrer demain soir ?", "oui"),
        ("es", "¿dónde está mi paquete? ¿y podéis traerlo mañana por la noche?", "sí"),
        ("de", "wo ist mein Paket? und können Sie es morgen Abend liefern?", "ja"),
    ],
)
async def test_a_question_and_a_change_are_both_served(
    shop: Shopkeeper, phone: Phones, language: str, words: str, yes: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    answers = await me.say(words, replies=2)
    assert "/t/" in answers
    assert "2" in answers
    await me.say(yes, replies=2)
    assert (await last_request(shop, reference, "accepted"))["kind"] == "reschedule"


async def test_two_changes_one_after_the_other(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number)
    await me.say("please deliver it tomorrow evening and leave it in the shed")
    first = await me.say("yes", replies=2)
    assert "shed" in first
    await me.say("yes", replies=2)
    await last_request(shop, reference, "accepted")
    kinds = [kind for kind, _ in await made(shop, reference)]
    assert sorted(kinds) == ["reschedule", "safe_place"]


@pytest.mark.parametrize(
    ("language", "noise", "yes"),
    [
        ("en", ("zxcv qwrt plmk", "asdf jklö hjkl", "qqq www rrr zzz"), "yes"),
        ("fr", ("zxcv qwrt plmk", "bvcx nmlk wxzq", "qqq www rrr zzz"), "oui"),
        ("es", ("zxcv qwrt plmk", "bvcx nmlk wxzq", "qqq www rrr zzz"), "sí"),
        ("de", ("zxcv qwrt plmk", "bvcx nmlk wxzq", "qqq www rrr zzz"), "ja"),
    ],
)
async def test_misunderstandings_offer_choices_and_then_a_person(
    shop: Shopkeeper, phone: Phones, stack: Stack, language: str, noise: tuple[str, ...], yes: str
) -> None:
    me = phone("sms")
    await shop.ship(me.number, language)
    said = [await me.say(words) for words in noise]
    assert len(set(said)) == 3
    assert "1" in said[1]
    await me.say(yes)
    assert holder(stack, me.number) == "waiting"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "you fucking idiots"),
        ("fr", "bande de cons, vous êtes nuls"),
        ("es", "sois unos inútiles de mierda"),
        ("de", "ihr verdammten idioten"),
    ],
)
async def test_abuse_is_met_with_one_kind_line(
    shop: Shopkeeper, phone: Phones, stack: Stack, language: str, words: str
) -> None:
    me = phone("sms")
    await shop.ship(me.number, language)
    assert len(await me.say(words)) < 160
    assert holder(stack, me.number) == "bot"


@pytest.mark.parametrize(
    ("language", "words", "answer"),
    [
        ("en", "it says delivered but i never received my parcel", "no its not there"),
        ("fr", "marqué livré mais je n'ai jamais reçu mon colis", "non il n'y est pas"),
        ("es", "pone entregado pero no he recibido mi paquete", "no, no está"),
        (
            "de",
            "als zugestellt markiert, aber ich habe mein Paket nie bekommen",
            "nein da ist es nicht",
        ),
    ],
)
async def test_not_received_asks_the_recorded_place_once(
    shop: Shopkeeper, phone: Phones, stack: Stack, language: str, words: str, answer: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await shop.happens(reference, "delivered", description="Left with the neighbour at 12")
    await me.next(wait=30)
    assert "neighbour at 12" in await me.say(words)
    assert holder(stack, me.number) == "bot"
    await me.say(answer)
    assert holder(stack, me.number) == "waiting"


@pytest.mark.parametrize(
    ("language", "asked", "words"),
    [
        ("en", "where is my parcel", "ok"),
        ("fr", "où est mon colis", "oui"),
        ("es", "dónde está mi paquete", "vale"),
        ("de", "wo ist mein paket", "ok"),
    ],
)
async def test_a_yes_after_a_statement_agrees_to_nothing(
    shop: Shopkeeper, phone: Phones, stack: Stack, language: str, asked: str, words: str
) -> None:
    me = phone("sms")
    reference = await shop.ship(me.number, language)
    await me.say(asked)
    await me.say(words)
    assert await made(shop, reference) == []
    assert holder(stack, me.number) == "bot"


@pytest.mark.parametrize(
    ("language", "words", "other", "yes"),
    [
        ("en", "move the lamp to tomorrow evening", "no, the other one", "yes"),
        ("fr", "décalez la lampe à demain soir", "non, l'autre", "oui"),
        ("es", "cambiad la lámpara a mañana por la noche", "no, el otro", "sí"),
        ("de", "die Lampe bitte morgen Abend", "nein, das andere", "ja"),
    ],
)
async def test_the_other_one_inside_a_form(
    shop: Shopkeeper, phone: Phones, language: str, words: str, other: str, yes: str
) -> None:
    me = phone("whatsapp")
    items = {
        "en": ("Linen lamp", "Blue mug"),
        "fr": ("Lampe en lin", "Tasse bleue"),
        "es": ("Lámpara de lino", "Taza azul"),
        "de": ("Leinenlampe", "Blaue Tasse"),
    }[language]
    lamp, mug = [await shop.ship(me.number, language, item=item) for item in items]
    assert items[0] in await me.say(words)
    assert items[1] in await me.say(other)
    await me.say(yes, replies=2)
    await last_request(shop, mug, "accepted")
    assert await made(shop, lamp) == []


async def test_and_the_other_one_outside_a_form(shop: Shopkeeper, phone: Phones) -> None:
    me = phone("whatsapp")
    for item in ("Linen lamp", "Blue mug"):
        await shop.ship(me.number, item=item)
    assert "lamp" in (await me.say("where is my parcel with the lamp?")).lower()
    assert "mug" in (await me.say("and the other one?")).lower()
