"""Which language a customer writes in."""

from functools import cached_property

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

SURE = 0.55
"""Confidence from which a text may change the language of a conversation."""
SURE_IF_SHORT, SHORT = 0.7, 4
"""The same for texts of this many words or fewer ("no dont cancel" looks French at 0.67)."""
WORDS = 3
"""Shorter texts ("ok", "merci", "9") never change it."""


class LinguaLanguages:
    """Lingua, restricted to the languages that we can answer in.

    Choosing among few languages is what makes it right on short messages.
    """

    def __init__(self, served: tuple[str, ...] = ("en", "fr")) -> None:
        self._served = served

    def detect(self, text: str, prior: str) -> str:
        """The language of `text`, or `prior` when it is short or not clearly another one's."""
        words = len(text.split())
        if words < WORDS:
            return prior
        best, *_ = self._detector.compute_language_confidence_values(text)
        code = best.language.iso_code_639_1.name.lower()
        sure = SURE_IF_SHORT if words <= SHORT else SURE
        return code if best.value >= sure else prior

    @cached_property
    def _detector(self) -> LanguageDetector:
        languages = [
            Language.from_iso_code_639_1(IsoCode639_1.from_str(code)) for code in self._served
        ]
        return LanguageDetectorBuilder.from_languages(*languages).build()
