"""The languages that customers are answered in, and how people name them."""

import re
import unicodedata

SERVED = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "de": "Deutsch",
    "pt": "Português",
    "it": "Italiano",
    "hi": "हिन्दी",
    "hi-Latn": "Hinglish",
}
"""Each by its name in itself; the order is the one they are offered in."""

# What each is called in the others, without accents. The longer name wins: "roman hindi".
_NAMES = {
    "en": "english|anglais|anglaise|ingles|inglesa|englisch|inglese|angrezi|angreji|अंग्रेजी|अंग्रेज़ी|इंग्लिश",
    "fr": "french|francais|francaise|frances|francesa|franzosisch|franzoesisch|francese|fransisi|फ्रेंच",
    "es": "spanish|espagnol|espagnole|espanol|castellano|spanisch|espanhol|spagnolo|स्पेनिश",
    "de": "german|allemand|allemande|aleman|deutsch|alemao|tedesco|jarman|जर्मन",
    "pt": "portuguese|portugais|portugaise|portugues|portugiesisch|portoghese|brasileiro|पुर्तगाली",
    "it": "italian|italien|italienne|italiano|italienisch|italiana|इटालियन|इतालवी",
    "hi": "hindi|हिंदी|हिन्दी|indi",
    "hi-Latn": "hinglish|roman hindi|hindi roman|hindi in english letters|हिंग्लिश",
}
_NAMED = {language: re.compile(rf"(?<!\w)(?:{names})(?!\w)") for language, names in _NAMES.items()}
_REFUSED = re.compile(
    r"(?:\b(?:not|no|dont|don't|cant|can't|without|pas|ne|nicht|kein|keine|non|nao|sin|nahi|nahin)"
    r"|नहीं)[^\w,.;:!?]+(?:\w+[^\w,.;:!?]+){0,3}?$"
)
_ALSO = {"hinglish": "hi-Latn", "hi-latn": "hi-Latn", "hi_latn": "hi-Latn"}


def named_language(text: str) -> str | None:
    """The served language that a message asks for by name or by code; None when it is unclear.

    "I don't speak French, English please" asks for English.
    """
    words = _plain(text)
    code = words.strip(" .!?")
    if code in _ALSO or code.partition("-")[0] in SERVED:
        return _ALSO.get(code) or code.partition("-")[0]
    named = {language for language, names in _NAMED.items() if _asks(names, words)}
    if "hi-Latn" in named:
        named.discard("hi")
        if _NAMED["en"].search(words) and "letters" in words:
            named.discard("en")
    return named.pop() if len(named) == 1 else None


def _asks(names: re.Pattern[str], words: str) -> bool:
    return any(not _REFUSED.search(words[: found.start()]) for found in names.finditer(words))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("\u2019", "'"))
    latin = "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", latin)
