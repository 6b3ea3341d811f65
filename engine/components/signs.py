"""Emoji in words: the encoders know none, and a thumb is an answer."""

from __future__ import annotations

# More says nothing new about what is wanted, and the encoders' time grows with the length.
LONGEST = 600
# To an encoder a thumb up and a thumb down are the same unknown sign. Where a message is nothing
# but signs, these words stand for them; other signs have no meaning.
SIGNS = {
    **dict.fromkeys("👍👌✅🆗💯✔☑", "yes ok"),
    **dict.fromkeys("👎❌🚫✖", "no"),
    **dict.fromkeys("🙏", "thank you"),
    **dict.fromkeys("👋", "hello"),
    **dict.fromkeys("😡🤬😠😤", "I am angry, this is unacceptable"),
    **dict.fromkeys("👏❤😍🥰🤩⭐🌟", "great service, very happy"),
    "🔟": "10",
}


def in_words(text: str) -> str:
    """The text, or words for a message of signs alone; empty when it says nothing at all."""
    text = text[:LONGEST]
    if any(sign.isalnum() for sign in text):
        return text
    return ", ".join(dict.fromkeys(SIGNS[sign] for sign in text if sign in SIGNS))
