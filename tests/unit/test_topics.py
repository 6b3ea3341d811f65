"""What comments are about: our own sentences one by one, other people's as a measure."""

import json
from pathlib import Path

import pytest

from bot.dialogue.evaluate_topics import evaluate
from bot.domain.topics import OTHER, TOPICS, topics_of

FOLDER = Path(__file__).parents[1] / "understanding"
OWN = [json.loads(line) for line in (FOLDER / "topics.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", OWN, ids=lambda row: f"{row['lang']}: {row['text']}")
def test_our_own_sentences(row: dict[str, object]) -> None:
    assert topics_of(str(row["text"])) == [one for one in TOPICS if one in row["topics"]]  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]


def test_what_other_people_wrote_is_seldom_misread() -> None:
    """Written by others, before there were topics: little is claimed that is not there."""
    read = evaluate((FOLDER / "topics_blind.jsonl").read_text("utf-8").splitlines())
    right, claimed = (
        sum(counted[topic] for topic in TOPICS if topic != OTHER)
        for counted in (read.right, read.claimed)
    )
    assert right / claimed > 0.9
    assert read.exact / read.lines > 0.7


def test_what_a_vector_is_sure_of_is_added_to_what_the_words_say() -> None:
    said = "your guy was rude, and it cost a bomb"
    assert topics_of(said, {"price": 0.9, "late": 0.3}) == ["courier", "price"]
    assert topics_of("hm", {"late": 0.59}) == [OTHER]


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_no_comment_has_no_topic(text: str) -> None:
    assert topics_of(text) == []


@pytest.mark.parametrize("text", ["I am a customer of yours", "boxing day was nice", "tracer"])
def test_part_of_a_word_is_not_the_word(text: str) -> None:
    assert topics_of(text) == [OTHER]


def test_a_miss_is_shown_and_counted() -> None:
    lines = [json.dumps({"text": text, "topics": ["price"]}) for text in ("too dear", "the price")]
    report = evaluate(lines).report()
    assert "too dear: ['other'], not ['price']" in report
    assert report.endswith("accuracy 0.50 (n=2)")
