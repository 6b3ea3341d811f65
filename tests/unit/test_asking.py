"""What is asked beside what the reader tells."""

import pytest

from bot.domain.asking import (
    asks_how_long_kept,
    asks_of_the_thing,
    asks_opening_hours,
    asks_why,
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
