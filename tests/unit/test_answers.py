"""Yes, no, back and forget it, in every served language."""

import pytest

from bot.domain.answers import gives_up, goes_back, named_place, says_no, says_yes, takes_any


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


@pytest.mark.parametrize(
    ("text", "place"),
    [("the second one", 1), ("ok the first", 0), ("option 2", 1), ("#2", 1), ("le premier", 0),
     ("la 2", 1), ("le dernier svp", 2), ("numéro 3", 2), ("el primero", 0), ("la segunda por favor", 1),
     ("der dritte bitte", 2), ("a primeira", 0), ("il secondo", 1), ("pehla wala", 0), ("दूसरा", 1)],
)  # fmt: skip
def test_a_place_in_a_list(text: str, place: int) -> None:
    assert named_place(text, 3) == place


@pytest.mark.parametrize(
    "text",
    ["the 3rd", "le 2", "am 2.", "el 2", "a las 2", "2 pm", "second floor", "first thing tomorrow",
     "option 4", "la 2 por la tarde", "no", "yes", "the one", ""],
)  # fmt: skip
def test_no_place_in_a_list(text: str) -> None:
    assert named_place(text, 3) is None


def test_a_place_beyond_the_list_is_none() -> None:
    assert named_place("the third one", 2) is None


@pytest.mark.parametrize(
    "text",
    ["whenever", "whichever is nearest", "ok the closest then", "any", "egal wann", "die nächste",
     "le plus proche", "n'importe quand", "me da igual", "el más cercano", "tanto faz", "koi bhi"],
)  # fmt: skip
def test_any_will_do(text: str) -> None:
    assert takes_any(text)


@pytest.mark.parametrize(
    "text", ["anytime tomorrow", "n'importe quand vendredi", "nächste Woche", "yes", "no", "in any case"]
)  # fmt: skip
def test_not_any_will_do(text: str) -> None:
    assert not takes_any(text)
