"""The console's words, in the agent's own language."""

from contextvars import ContextVar
from pathlib import Path

from bot.web.words import words_by_language

FILES = tuple(
    Path(__file__).with_name(name)
    for name in (
        "words.yml",
        "words_account.yml",
        "words_desk.yml",
        "words_scores.yml",
        "words_team.yml",
    )
)
_TABLES = words_by_language(*FILES)
LANGUAGES = tuple(_TABLES)
_SPOKEN: ContextVar[str] = ContextVar("spoken", default="en")


def WORDS(key: str, **variables: object) -> str:  # noqa: N802  reads as the table that it is
    """The phrase for a key in the language of whoever asks; see `bot.web.words.Words`."""
    return _TABLES[_SPOKEN.get()](key, **variables)


def speak(language: str) -> None:
    """Say what is asked for from here on in this language, within this request."""
    near = language.partition("-")[0].lower()
    _SPOKEN.set(near if near in _TABLES else "en")


def spoken() -> str:
    """The language that is spoken in this request."""
    return _SPOKEN.get()
