"""Scores out of plain words."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.survey import (
    BANDS,
    BEST,
    category,
    mentions_number,
    read_answer,
    read_band,
    read_score,
    scores_of,
)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("9", 9), (" 9. ", 9), ("9/10", 9), ("a 9", 9), ("10 out of 10", 10), ("I'd say 8", 8),
        ("0", 0), ("neuf", 9), ("je mets sept", 7), ("Un bon 8 !", 8), ("je dirais 9 sur 10", 9),
        ("three", 3), ("10!!!", 10), ("10/10 👍", 10), ("sorry I meant 4", 4), ("dix", 10),
    ],
)  # fmt: skip
def test_scores(text: str, score: int) -> None:
    assert read_score(text) == score


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("le doy un nueve", 9), ("diez", 10), ("ocho de diez", 8), ("ich gebe eine Acht", 8),
        ("zehn", 10), ("8 von 10", 8), ("dou nove", 9), ("dez!", 10), ("do un 8", 8), ("sei", 6),
        ("dieci", 10), ("नौ", 9), ("९", 9), ("दस", 10), ("do", 2), ("das", 10), ("aath dunga", 8),
    ],
)  # fmt: skip
def test_scores_in_the_other_languages(text: str, score: int) -> None:
    assert read_score(text) == score


@pytest.mark.parametrize("text", ["das, was ich wollte", "sei bravo", "do it", "um, not sure"])
def test_a_word_that_is_a_number_elsewhere_is_none_within_a_sentence(text: str) -> None:
    assert read_answer(text) is None


@pytest.mark.parametrize(
    ("text", "band"),
    [("0-6", "0-6"), ("9 – 10", "9-10"), ("7-8!", "7-8"), ("3-4", None), ("7", None)],
)
def test_a_part_of_the_scale(text: str, band: str | None) -> None:
    assert read_band(text) == band


def test_the_parts_are_the_whole_scale_and_each_is_of_one_category() -> None:
    assert [score for band in BANDS for score in scores_of(band)] == list(range(BEST + 1))
    assert all(len({category(score) for score in scores_of(band)}) == 1 for band in BANDS)


@pytest.mark.parametrize(
    "text",
    ["", "11", "-1", "9.5", "8 or 9", "not 10", "2 parcels missing", "4 days late", "100",
     "where is my parcel", "great", "2026-11-23", "8pm", "n°9 rue de la Paix"],
)  # fmt: skip
def test_what_is_no_score(text: str) -> None:
    assert read_score(text) is None
    assert read_answer(text) is None


@pytest.mark.parametrize(
    ("text", "score", "comment"),
    [
        ("8 because it was late", 8, "because it was late"),
        ("9, super service", 9, "super service"),
        ("7/10 car le livreur était en retard", 7, "car le livreur était en retard"),
        ("10!!! Parfait", 10, "Parfait"),
        ("3\nnobody rang", 3, "nobody rang"),
    ],
)
def test_a_reason_given_at_once_is_kept(text: str, score: int, comment: str) -> None:
    answer = read_answer(text)
    assert answer is not None
    assert (answer.score, answer.comment) == (score, comment)
    assert read_score(text) is None


@settings(deadline=None)  # a busy machine is not a slow reader
@given(st.integers(0, 10))
def test_every_score_is_read_and_has_a_category(score: int) -> None:
    assert read_score(str(score)) == score
    assert category(score) in {"promoter", "passive", "detractor"}


@settings(deadline=None)  # a busy machine is not a slow reader
@given(st.text(max_size=60))
def test_a_score_is_always_from_0_to_10(text: str) -> None:
    answer = read_answer(text)
    assert answer is None or 0 <= answer.score <= 10


def test_categories() -> None:
    assert [category(score) for score in (0, 6, 7, 8, 9, 10)] == [
        "detractor", "detractor", "passive", "passive", "promoter", "promoter",
    ]  # fmt: skip


def test_a_number_that_is_no_score_is_noticed() -> None:
    assert mentions_number("11")
    assert mentions_number("8 or 9")
    assert not mentions_number("great")


def test_a_long_message_is_read_quickly() -> None:
    before = perf_counter()
    for text in ("a " * 2000, "i " * 2000 + "9 x", "!" * 4000, "9 " + "- " * 2000):
        read_answer(text)
    assert perf_counter() - before < 1


@pytest.mark.parametrize(
    ("text", "score"), [("7 i guess", 7), ("i'd say 8 i think", 8), ("un 6 je dirais", 6)]
)
def test_a_score_that_is_only_a_guess(text: str, score: int) -> None:
    assert read_score(text) == score
