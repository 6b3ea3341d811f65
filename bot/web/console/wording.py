"""The console's words; English now."""

from pathlib import Path

from bot.web.words import Words, read_words

WORDS = Words(read_words(Path(__file__).with_name("words.yml"))["en"])
