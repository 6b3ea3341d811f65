"""What a comment is about, by the words in it. All languages at once: people mix them."""

import re
from collections.abc import Mapping
from enum import StrEnum

from bot.domain.answers import plain
from bot.domain.topics_words import WORDS

OTHER = "other"
TOPICS = (*WORDS, OTHER)

_ABOUT = {
    topic: re.compile(
        r"(?<![\w\u0900-\u097f])(?:"
        + "|".join(plain(words) for words in languages.values()).replace("*", r"[\w\u0900-\u097f]*")
        + r")(?![\w\u0900-\u097f])"
    )
    for topic, languages in WORDS.items()
}


class TopicsBy(StrEnum):
    """How a comment's topics were read."""

    vectors = "vectors"
    """By its sentence vector, and by its words besides."""
    words = "words"
    """By its words alone: the engine did not answer."""


_SURE = 0.6
"""From here on a vector's topic is taken; found by cross-validation over the examples."""


def topics_of(comment: str, sure: Mapping[str, float] | None = None) -> list[str]:
    """The topics of a comment, in the order of `TOPICS`; "other" alone if none is recognised.

    Praise and blame are not told apart: the score does that. No comment has no topic.

    Args:
        sure: how surely it is about each topic by its sentence vector, 0 to 1; what its words say
            holds besides, because they are seldom wrong.
    """
    if not comment.strip():
        return []
    words = plain(comment)
    found = [
        topic
        for topic, about in _ABOUT.items()
        if about.search(words) or (sure or {}).get(topic, 0.0) >= _SURE
    ]
    return found or [OTHER]
