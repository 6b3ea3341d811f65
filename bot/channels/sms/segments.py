"""How many SMS a text costs, and the spelling that costs fewer (3GPP TS 23.038).

"pêche" is not "peche", so letters keep their accents while a text stays within two segments. Above
that a single "í" would make a Spanish sentence with a link cost four, so the accents that GSM-7
lacks are left out, as people there have always done in an SMS.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM7 = _BASIC | _EXTENDED
_DEAR = 3
TEXT_LIMIT = 1600
"""Characters of one text: Twilio's error 21617 above it."""
_PLAIN = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "…": "...", "•": "-", "·": "-", "→": "->",
    "\t": " ", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2002": " ", "\u2003": " ",
    "œ": "oe", "Œ": "OE", "°": "o", "º": "o", "ª": "a", "×": "x", "÷": "/",
    "½": "1/2", "¼": "1/4", "¾": "3/4", "™": "TM", "©": "(c)", "®": "(R)",
    "₹": "Rs ", "\u200b": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
})  # fmt: skip


class Encoding(StrEnum):
    """How a text travels; one character outside GSM-7 turns all of it to UCS-2."""

    gsm7 = "GSM-7"
    ucs2 = "UCS-2"


@dataclass(frozen=True)
class Segments:
    """How many messages a text is cut into and paid for."""

    count: int
    encoding: Encoding


def segments(text: str) -> Segments:
    """Count the segments of a text: 160 (153 a part) septets, or 70 (67) UTF-16 units."""
    if _GSM7.issuperset(text):
        return Segments(_pack([1 + (c in _EXTENDED) for c in text], 160, 153), Encoding.gsm7)
    return Segments(_pack([1 + (c > "\uffff") for c in text], 70, 67), Encoding.ucs2)


def plain(text: str) -> str:
    """Spell typography plainly when that keeps the text in GSM-7; otherwise leave it alone."""
    composed = unicodedata.normalize("NFC", text)
    spelled = composed.translate(_PLAIN)
    return spelled if segments(spelled).encoding is Encoding.gsm7 else composed


def affordable(text: str) -> str:
    """Leave out accents that GSM-7 lacks when the text would cost three segments or more."""
    now = segments(text)
    if now.count < _DEAR:
        return text
    bare = unaccented(text)
    then = segments(bare)
    cheap = then.encoding is Encoding.gsm7 and then.count <= now.count
    return bare if cheap and len(bare) <= TEXT_LIMIT else text


def unaccented(text: str) -> str:
    """Write letters that GSM-7 lacks without their accents, "cœur" as "coeur"."""
    return "".join(
        character if character in _BASIC else unicodedata.normalize("NFKD", character)[0]
        for character in text.translate(_PLAIN)
    )


def _pack(sizes: list[int], single: int, part: int) -> int:
    """Count the parts; a character of two places is never cut in two."""
    if sum(sizes) <= single:
        return 1 if sizes else 0
    count, room = 1, part
    for size in sizes:
        if size > room:
            count, room = count + 1, part
        room -= size
    return count
