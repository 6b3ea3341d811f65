"""Misspelling as thumbs do it, so that a reader learns to look past it."""

from __future__ import annotations

import unicodedata

import numpy as np

_NEAR = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij",
    "i": "uok", "o": "ipl", "p": "ol", "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv",
    "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jlim", "l": "ko", "z": "asx", "x": "zcd",
    "c": "xvdf", "v": "cbfg", "b": "vngh", "n": "bmhj", "m": "njk",
}  # fmt: skip
SHORTEST = 5


def noisy(text: str, dice: np.random.Generator) -> str:
    """The text with one or two of the things that hurry does to it."""
    for _ in range(int(dice.integers(1, 3))):
        text = _KINDS[int(dice.integers(len(_KINDS)))](text, dice) or text
    return text


def _lower(text: str, dice: np.random.Generator) -> str:
    return text.lower()


def _bare(text: str, dice: np.random.Generator) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parts if not 0x300 <= ord(c) < 0x370)


def _unmarked(text: str, dice: np.random.Generator) -> str:
    return "".join(c for c in text if c not in ".,!?;:'\"()").strip()


def _slipped(text: str, dice: np.random.Generator) -> str:
    """One wrong, missing, doubled or swapped letter in a longer word, or in two."""
    words = text.split(" ")
    long = [n for n, word in enumerate(words) if len(word) >= SHORTEST and word.isalpha()]
    for n in dice.permutation(long)[: int(dice.integers(1, 3))]:
        words[n] = _slip(words[n], dice)
    return " ".join(words)


def _slip(word: str, dice: np.random.Generator) -> str:
    at = int(dice.integers(1, len(word) - 1))
    near = _NEAR.get(word[at].lower(), word[at])
    return (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + near[int(dice.integers(len(near)))] + word[at + 1 :],
    )[int(dice.integers(4))]


_KINDS = (_lower, _bare, _unmarked, _slipped, _slipped)
