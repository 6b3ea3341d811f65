"""Rough words are recognised, in every language, and ordinary ones are not."""

import pytest

from bot.domain.rough import is_abuse


@pytest.mark.parametrize(
    "text",
    ["you fucking idiots", "bande de cons", "ihr Arschlöcher", "sois unos gilipollas", "que porra é essa",
     "siete degli stronzi", "saale chutiye", "PUTAIN mais c'est pas vrai"],
)  # fmt: skip
def test_rough(text: str) -> None:
    assert is_abuse(text)


@pytest.mark.parametrize(
    "text",
    ["this is unacceptable, where is my parcel", "je suis très déçu", "con mi vecino",
     "das ist eine Frechheit", "constat", "classic shipment", "sono molto deluso", "cosas"],
)  # fmt: skip
def test_angry_is_not_rough(text: str) -> None:
    assert not is_abuse(text)
