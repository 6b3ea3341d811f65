"""What is meant for the courier, and what only sounds like it."""

import pytest

from bot.domain.details import find_detail
from bot.domain.for_courier import (
    dont_ring,
    for_me_only,
    for_the_courier,
    is_astray,
    is_coming,
    message_to_courier,
    names_somebody,
    tells_phone,
)
from bot.domain.request import RequestKind


@pytest.mark.parametrize(
    "text",
    [
        "pls dont leave w neighbours, not with the neighbours",
        "don't leave it outside",
        "nicht beim nachbarn abgeben bitte",
        "nur an mich",
        "surtout pas chez le voisin",
        "laissez le moi en main propre",
        "no lo dejen con el vecino",
        "solo a mí",
        "non lasciatelo ai vicini",
        "não deixe com o vizinho",
        "padosi ko mat dena",
    ],
)
def test_what_rules_others_out_is_a_word_for_the_courier(text: str) -> None:
    assert for_me_only(text)
    assert find_detail(RequestKind.access_note, text, asked=False) == text


@pytest.mark.parametrize(
    "text",
    [
        "if i'm not in leave it with the neighbour",
        "si je suis pas là chez le voisin",
        "wenn ich nicht da bin beim nachbarn",
        "si no estoy con el vecino",
        "leave it with my neighbour, not in the garage",
        "why not the neighbour",
    ],
)
def test_a_neighbour_who_is_wished_for_is_not_ruled_out(text: str) -> None:
    assert not for_me_only(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("at the door and please don't ring the bell", "don't ring the bell"),
        ("vous sonnez pas svp", "sonnez pas"),
        ("bitte nicht klingeln", "nicht klingeln"),
        ("y no llamen al timbre", "no llamen al timbre"),
        ("ring twice", None),
        ("sonnez fort", None),
    ],
)
def test_a_bell_that_is_not_wanted_is_heard(text: str, words: str | None) -> None:
    assert dont_ring(text) == words


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("06 12 34 56 78", True), ("+44 7700 900123", True), ("le code de l immeuble 45B78", True),
        ("gate code 4471#", True), ("12", False), ("2", False), ("612 345 678", True), ("123456789012", False), ("SW1234567", False),
        ("where is 4471", False),
    ],
)  # fmt: skip
def test_what_only_a_courier_can_use_is_told_from_answers(text: str, meant: bool) -> None:
    assert for_the_courier(text) is meant


@pytest.mark.parametrize(
    "text",
    ["running 10 mins late, can he wait", "je descends dans 2 min", "dites lui de m attendre",
     "bin gleich da, 5 minuten", "er soll bitte nicht wegfahren", "ya bajo", "que me espere",
     "i'm on my way", "sto arrivando", "5 min me aa raha hu"],
)  # fmt: skip
def test_who_is_on_the_way_to_the_door(text: str) -> None:
    assert is_coming(text)
    assert find_detail(RequestKind.access_note, text, asked=False) == text


@pytest.mark.parametrize(
    "text",
    ["i cant wait", "when is it coming", "i've been waiting all day", "warte seit stunden",
     "how long do i have to wait", "j'attends depuis ce matin", "can i wait until monday",
     "attendez jai changé d'avis"],
)  # fmt: skip
def test_who_waits_for_the_parcel_is_not_on_the_way(text: str) -> None:
    assert not is_coming(text)


def test_a_telephone_number_is_told_from_other_numbers() -> None:
    assert tells_phone("ok tell the driver to ring my mobile 07700 900123")
    assert tells_phone("appelez le +33 6 12 34 56 78")
    assert not tells_phone("where is SW0123456789")
    assert not tells_phone("5 High St, Leeds LS1 4AB")


@pytest.mark.parametrize(
    "text",
    ["is the driver at the wrong house? i can see him", "he's outside the wrong building",
     "le livreur est à la mauvaise adresse", "il s'est trompé de maison",
     "fahrer steht vor dem falschen haus", "el repartidor está en la casa equivocada"],
)  # fmt: skip
def test_a_courier_at_the_wrong_door(text: str) -> None:
    assert is_astray(text)
    assert find_detail(RequestKind.access_note, text, asked=False) == text


@pytest.mark.parametrize(
    "text",
    [
        "i gave the wrong address",
        "wrong number sorry its 12",
        "mauvaise adresse",
        "falsche adresse",
    ],
)
def test_a_wrong_address_is_the_customers(text: str) -> None:
    assert not is_astray(text)


@pytest.mark.parametrize(
    "text",
    [
        "il s'appelle M. Da Silva",
        "he's called Dave",
        "her name is Pat",
        "er heißt Krause",
        "se llama Luis",
    ],
)
def test_somebody_is_named_for_the_courier(text: str) -> None:
    assert names_somebody(text)
    assert for_the_courier(text)


@pytest.mark.parametrize(
    "text",
    [
        "my name is Bob",
        "je m'appelle Paul",
        "me llamo Ana",
        "whats his name",
        "como se llama el repartidor",
        "il s'appelle comment",
        "what is he called?",
    ],
)
def test_nobody_else_is_named(text: str) -> None:
    assert not names_somebody(text)


def test_what_the_courier_had_better_do() -> None:
    assert message_to_courier("and he better ring this time") == "ring this time"
