"""What a comment is about, by the words in it. All languages at once: people mix them."""

import re

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


def topics_of(comment: str) -> list[str]:
    """The topics of a comment, in the order of `TOPICS`; "other" alone if none is recognised.

    Praise and blame are not told apart: the score does that. No comment has no topic.
    """
    if not comment.strip():
        return []
    words = plain(comment)
    return [topic for topic, about in _ABOUT.items() if about.search(words)] or [OTHER]
