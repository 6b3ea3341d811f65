"""The place in a list, any, all, or others than those that were offered."""

import pytest

from bot.domain.choosing import (
    asks_other_days,
    asks_others,
    chosen_instead,
    means_all,
    means_both,
    named_place,
    takes_any,
)


@pytest.mark.parametrize(
    ("text", "place"),
    [("the second one", 1), ("the 1st one", 0), ("ok the first", 0), ("option 2", 1), ("#2", 1), ("le premier", 0),
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
    ["whenever", "whats the earliest", "whichever is nearest", "ok the closest then", "any", "egal wann", "die nächste",
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
     "gibt es noch was anderes", "outros horários?", "altri orari?", "koi aur time hai", "no me va ninguna", "none works for me",
     "passt mir leider keine", "aucun ne me convient", "rien ne va"],
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


@pytest.mark.parametrize(
    "text",
    ["both to friday please", "les deux svp", "los dos al vecino", "beide pakete", "tutti e due", "ambos",
     "all of them", "move all my parcels", "dono bhej do"],
)  # fmt: skip
def test_all_there_are(text: str) -> None:
    assert means_both(text)


@pytest.mark.parametrize(
    "text", ["i'm home all day", "all good", "the lamp", "tout de suite", "alles gut"]
)
def test_not_all_there_are(text: str) -> None:
    assert not means_both(text)


@pytest.mark.parametrize("text", ["when else", "quand sinon ?", "cuándo si no", "wann sonst"])
def test_other_times_are_asked_for_in_two_words(text: str) -> None:
    assert asks_others(text)


@pytest.mark.parametrize("text", ["closest to me please", "le plus proche de chez moi"])
def test_the_nearest_is_the_first(text: str) -> None:
    assert takes_any(text)


@pytest.mark.parametrize(
    "text",
    ["when are my parcels coming", "all of them", "où sont mes colis", "wo sind meine pakete"],
)
def test_all_parcels_are_asked_about(text: str) -> None:
    assert means_all(text)
    assert not means_all("where is my parcel")


def test_which_one_is_nearest_is_the_first() -> None:
    assert takes_any("welche ist am nächsten")
