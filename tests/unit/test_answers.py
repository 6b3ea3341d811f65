"""Yes, no, back and forget it, in every served language."""

import pytest

from bot.domain.answers import (
    asks_other_days,
    asks_others,
    chosen_instead,
    gives_up,
    goes_back,
    named_place,
    says_no,
    says_yes,
    takes_any,
)


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


@pytest.mark.parametrize(
    ("text", "place"),
    [("no wait, the last one", 2), ("non, le deuxième", 1), ("nein, doch die erste", 0),
     ("no, mejor la segunda", 1), ("actually the first one", 0), ("sorry the second", 1),
     ("anzi, il terzo", 2), ("make it the second one", 1)],
)  # fmt: skip
def test_another_of_a_list_after_all(text: str, place: int) -> None:
    assert chosen_instead(text, 3) == place


@pytest.mark.parametrize("text", ["no", "wait", "no, 2pm", "nein, der dritte Stock", "actually no"])
def test_no_other_of_a_list(text: str) -> None:
    assert chosen_instead(text, 3) is None


@pytest.mark.parametrize(
    "text",
    ["what are the other times", "other times?", "anything later?", "do you have anything else",
     "none of these work", "d'autres créneaux ?", "y'a pas autre chose", "otras horas?", "andere Zeiten?",
     "gibt es noch was anderes", "outros horários?", "altri orari?", "koi aur time hai"],
)  # fmt: skip
def test_asks_for_other_times(text: str) -> None:
    assert asks_others(text)
    assert not asks_other_days(text)


@pytest.mark.parametrize(
    "text",
    ["any other day?", "un autre jour svp", "hay otro día?", "anderer tag bitte", "aur koi din?",
     "que día tienes otro día", "outro dia", "un altro giorno"],
)  # fmt: skip
def test_asks_for_another_day(text: str) -> None:
    assert asks_other_days(text)
    assert asks_others(text)


@pytest.mark.parametrize(
    "text",
    ["my other parcel", "the other one", "l'autre colis", "les deux autres colis", "der andere", "el otro",
     "leave it with another neighbour", "más tarde", "later please", "thursday or friday", "yes", "no"],
)  # fmt: skip
def test_does_not_ask_for_others(text: str) -> None:
    assert not asks_others(text)
