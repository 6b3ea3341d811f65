"""What comments are about: by the running engine, and on sentences that the reader never saw."""

from pathlib import Path

import pytest

from bot.dialogue.evaluate_topics import by_vectors, evaluate
from tests.engine.conftest import Engine

HELD_OUT = Path(__file__).parents[1] / "understanding" / "topics_held_out.jsonl"


def test_comments_are_read_in_one_call(engine: Engine) -> None:
    answer = engine.post({"comments": ["no sign of it for a week", "he was lovely"]}, to="topics")
    assert answer.status == 200
    late, courier = answer.body["topics"]
    assert max(late, key=late.__getitem__) == "late"
    assert max(courier, key=courier.__getitem__) == "courier"
    assert all(0 <= sure <= 1 for sure in (*late.values(), *courier.values()))


def test_nobody_has_comments_read_without_the_token(engine: Engine) -> None:
    assert engine.post({"comments": ["late"]}, token="wrong", to="topics").status == 401


@pytest.mark.parametrize("bad", [[], {}, {"comments": []}, {"comments": "x"}, {"comments": [1]}])
def test_what_is_no_list_of_comments_is_refused(engine: Engine, bad: object) -> None:
    answer = engine.post(bad, to="topics")
    assert (answer.status, "comments" in answer.body["error"]) == (400, True)


def test_vectors_find_more_than_words() -> None:
    lines = HELD_OUT.read_text("utf-8").splitlines()
    words, vectors = evaluate(lines), evaluate(lines, by_vectors(lines))
    assert vectors.exact > words.exact
