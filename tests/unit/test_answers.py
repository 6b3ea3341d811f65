"""Yes, no, back and forget it, in every served language."""

import pytest

from bot.domain.answers import gives_up, goes_back, says_no, says_yes


@pytest.mark.parametrize(
    "text",
    ["yes", "Yes please!", "yeah go on", "ok", "Sure, go ahead", "sounds good", "👍", "oui merci",
     "d'accord", "ça marche", "sí", "vale, gracias", "claro", "ja", "Ja gerne", "passt", "sim",
     "pode ser", "va bene", "certo", "haan ji", "theek hai", "हां", "ठीक है", "k", "yesss"],
)  # fmt: skip
def test_a_yes(text: str) -> None:
    assert says_yes(text)


@pytest.mark.parametrize(
    "text",
    ["no", "yes but friday", "oui mais vendredi", "ja aber später", "sí pero el jueves", "yes?",
     "yesterday", "nein", "", "i said ok yesterday", "sim mas sexta", "haan lekin kal", "किताब"],
)  # fmt: skip
def test_no_yes(text: str) -> None:
    assert not says_yes(text)


@pytest.mark.parametrize(
    "text", ["no", "nope", "non merci", "nein danke", "no gracias", "não", "nahi", "नहीं", "👎"]
)
def test_a_no(text: str) -> None:
    assert says_no(text)


@pytest.mark.parametrize("text", ["notting hill", "nothing", "november", "yes", "north door"])
def test_not_a_no(text: str) -> None:
    assert not says_no(text)


@pytest.mark.parametrize(
    "text",
    ["forget it", "never mind", "no forget it thanks", "laisse tomber", "oubliez", "olvídalo",
     "déjalo", "vergiss es", "schon gut", "deixa pra lá", "lascia perdere", "rehne do", "रहने दो",
     "cancel", "Annuler.", "leave it"],
)  # fmt: skip
def test_giving_up(text: str) -> None:
    assert gives_up(text)


@pytest.mark.parametrize(
    "text",
    ["cancel the parcel", "leave it with the neighbour", "annulez la livraison", "don't forget me",
     "leave it in the shed", "lass es beim Nachbarn"],
)  # fmt: skip
def test_not_giving_up(text: str) -> None:
    assert not gives_up(text)


@pytest.mark.parametrize(
    "text", ["back", "go back please", "retour", "zurück", "atrás", "voltar", "indietro", "वापस"]
)
def test_back(text: str) -> None:
    assert goes_back(text)


@pytest.mark.parametrize("text", ["i'll be back at 5", "the back door", "retour colis", "back up"])
def test_not_back(text: str) -> None:
    assert not goes_back(text)
