"""What is asked beside what the reader tells."""

import pytest

from bot.domain.asking import (
    asks_for_someone_else,
    asks_how_long_kept,
    asks_of_the_thing,
    asks_opening_hours,
    asks_sooner,
    asks_the_shop,
    asks_why,
    speaks_of_parcel,
)


@pytest.mark.parametrize(
    "text",
    [
        "what time does it close",
        "c'est ouvert jusqu'à quelle heure",
        "¿a qué hora cierra?",
        "wann macht der zu",
    ],
)
def test_asks_when_a_shop_is_open(text: str) -> None:
    assert asks_opening_hours(text)


@pytest.mark.parametrize(
    "text",
    ["how long do they keep it?", "vous le gardez combien de temps", "wie lange liegt das dort",
     "cuánto tiempo lo guardan", "per quanto lo tenete", "quanto tempo guardam", "kab tak rakhenge"],
)  # fmt: skip
def test_until_when_it_is_kept(text: str) -> None:
    assert asks_how_long_kept(text)
    assert not asks_how_long_kept("how long until it arrives")


@pytest.mark.parametrize(
    "text",
    ["is it a big box", "can he carry it upstairs", "do i need id", "combien ça pèse",
     "wie schwer ist es", "cuánto pesa", "quanto pesa"],
)  # fmt: skip
def test_what_nobody_tells_us_of_a_parcel(text: str) -> None:
    assert asks_of_the_thing(text)
    assert not asks_of_the_thing("what are my options")


@pytest.mark.parametrize(
    "text", ["why not", "warum geht das nicht", "pourquoi ?", "¿por qué no?", "perché", "kyun nahi"]
)
def test_a_why(text: str) -> None:
    assert asks_why(text)
    assert not asks_why("where is it")


@pytest.mark.parametrize(
    "text",
    ["can someone else sign for it", "can my brother take it", "est ce que ma mere peut le recuperer",
     "kann jemand anderes unterschreiben", "puede recogerlo mi marido?", "mia madre può ritirarlo?",
     "minha mãe pode receber?"],
)  # fmt: skip
def test_somebody_else_may_take_it_in(text: str) -> None:
    assert asks_for_someone_else(text)


@pytest.mark.parametrize(
    "text",
    ["i want to talk to someone else", "send it to my mums", "leave it with my neighbour",
     "can my wife collect it from a shop", "je peux le récupérer où ?", "jemand soll mir helfen"],
)  # fmt: skip
def test_nobody_else_takes_it_in(text: str) -> None:
    assert not asks_for_someone_else(text)


@pytest.mark.parametrize(
    "text",
    ["can it come sooner?", "plus tôt ?", "geht es früher", "¿no puede ser antes?"],
)
def test_an_earlier_time(text: str) -> None:
    assert asks_sooner(text)
    assert not asks_sooner("not before 4")


@pytest.mark.parametrize(
    "text",
    ["i want my money back", "refund me", "je veux un remboursement", "quiero mi dinero",
     "ich will mein geld zurück", "kann ich eine rechnung bekommen", "vous remboursez quand"],
)  # fmt: skip
def test_what_is_the_shops_business(text: str) -> None:
    assert asks_the_shop(text)
    assert not asks_the_shop("change the address")


@pytest.mark.parametrize("text", ["hola mi paquete?", "hi, my order", "salut mon colis"])
def test_a_parcel_is_spoken_of(text: str) -> None:
    assert speaks_of_parcel(text)
    assert not speaks_of_parcel("hi there")
