"""The console's words: the same in every language that agents work in."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.web.console import wording
from bot.web.words import read_words

TABLE = read_words(*wording.FILES)
TEMPLATES = Path("bot/web/templates/console")


def leaves(table: dict[str, Any], path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in table.items():
        here = f"{path}.{name}" if path else str(name)
        found |= leaves(value, here) if isinstance(value, dict) else {here: value}
    return found


@pytest.mark.parametrize("language", ["fr", "es", "de"])
def test_every_phrase_is_there_with_the_same_places(language: str) -> None:
    english, other = leaves(TABLE["en"]), leaves(TABLE[language])
    assert set(english) == set(other)
    for key, phrase in english.items():
        assert isinstance(other[key], str), key
        places = re.compile(r"{\w+}")
        assert set(places.findall(phrase)) == set(places.findall(other[key])), key


def test_every_phrase_that_a_template_names_is_there() -> None:
    known = leaves(TABLE["en"])
    for file in TEMPLATES.glob("*.html"):
        named = set(re.findall(r"""words\(['"]([a-z_]+\.[a-z_]+)['"][,)]""", file.read_text()))
        missing = named - set(known)
        assert not missing, (file.name, missing)


def test_each_request_speaks_its_agents_language() -> None:
    wording.speak("fr-FR")
    assert wording.WORDS("act.send") == TABLE["fr"]["act"]["send"]
    wording.speak("xx")
    assert wording.WORDS("act.send") == TABLE["en"]["act"]["send"]
