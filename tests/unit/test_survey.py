"""Scores out of plain words."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.survey import category, mentions_number, read_answer, read_score


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
