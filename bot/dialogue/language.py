"""Which language a customer writes in, judged by the conversation rather than by one line."""

import math
import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

from bot.dialogue.language_words import WORDS
from bot.services.ports import Heard

_DETECTED = ("en", "fr", "es", "de", "pt", "it", "hi")
# What lingua chooses from: among few languages it is right on short messages.
ROMANISED = "hi-Latn"
"""Hindi in Latin letters, which no detector knows; told by its words alone."""

FEWEST_WORDS = 3
"""Shorter texts ("ok", "merci", "9") say nothing about the language."""
FULL_STRENGTH = 5
"""Words from which a text says all that it can."""
KEPT = 0.6
"""How much of what was heard before still counts at the next message."""
MARGIN = 1.2
"""By how much another language must be likelier than the present one (natural logarithm)."""
AT_MOST = 4.0
"""No single message says more than this for or against a language."""

_PER_WORD, _PER_SHARED_WORD, _PER_ROMANISED = 1.0, 0.35, 2.0
_ROMANISED_TO_BEGIN_WITH = -2.5
_TOKEN = re.compile(r"[a-z]+")
_DEVANAGARI = re.compile("[\u0900-\u097f]")
_LETTER = re.compile(r"[^\W\d_]")


class LinguaLanguages:
    """Lingua's opinion and telling words, added up over the last messages of a conversation."""

    def listen(self, text: str, prior: str, evidence: Mapping[str, float]) -> Heard:
        """The language of a conversation after one more message; see `Languages.listen`."""
        strength = _strength(text)
        if not strength:
            return Heard(prior, dict(evidence))
        weights = self.weigh(text)
        mean = sum(weights.values()) / len(weights)
        heard = {
            language: round(KEPT * evidence.get(language, 0.0)
            + strength * max(-AT_MOST, min(AT_MOST, weight - mean)), 3)
            for language, weight in weights.items()
        }  # fmt: skip
        best = max(heard, key=lambda language: heard[language])
        now = heard.get(prior, 0.0)
        return Heard(best if heard[best] - now > MARGIN else prior, heard)

    def weigh(self, text: str) -> dict[str, float]:
        """How likely each language is for a text, as logarithms that need not add up to one."""
        values = self._detector.compute_language_confidence_values(text)
        weights = {
            value.language.iso_code_639_1.name.lower(): math.log(value.value + 0.01)
            for value in values
        }
        weights[ROMANISED] = _ROMANISED_TO_BEGIN_WITH
        for token in _TOKEN.findall(_plain(text)):
            known = [language for language, words in WORDS.items() if token in words]
            alone = _PER_ROMANISED if known == [ROMANISED] else _PER_WORD
            for language in known:
                weights[language] += alone if len(known) == 1 else _PER_SHARED_WORD
        return weights

    @cached_property
    def _detector(self) -> LanguageDetector:
        languages = [
            Language.from_iso_code_639_1(IsoCode639_1.from_str(code)) for code in _DETECTED
        ]
        return LanguageDetectorBuilder.from_languages(*languages).build()


def _strength(text: str) -> float:
    """How much a text can say about its language, by its number of words: 0 to 1."""
    words = [word for word in text.split() if _LETTER.search(word)]
    if any(_DEVANAGARI.search(word) for word in words):
        # The script alone tells it.
        return 1.0
    return 0.0 if len(words) < FEWEST_WORDS else min(1.0, len(words) / FULL_STRENGTH)


def _plain(text: str) -> str:
    """Lower case and no accents, apostrophes as spaces: "qu'est" is "qu est"."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
