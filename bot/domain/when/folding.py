"""A message cut into pieces: words without accents, numbers, clock times, dates, marks."""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

LONGEST = 4000
"""Characters that are read of one message."""

# An apostrophe joins in "don't" and "o'clock", and parts in "l'après-midi" and "all'una".
_JOINING = re.compile(r"(?<=[a-z])'(?=(?:t|s|m|re|ve|ll|d|clock)\b)")


class Piece(NamedTuple):
    """A part of the message; `kind` is a group of the pattern below."""

    kind: str
    text: str


_LETTER = r"[^\W\d_]|[\u0900-\u0963\u0970-\u097f]"
_PIECE = re.compile(
    rf"""
    (?P<dead>
        \S+@\S+\.\S+ | https?://\S+ | www\.\S+
      | [€$£₹]\s?\d[\d.,]*
      | \d+(?:[.,]\d+)*\s?(?:[€$£₹%]|(?:kg|eur|euros?|usd|dollars?|pounds?|quid|rs|rupees|inr)\b)
      | \+\d[\d ().-]{{4,}}
      | \b\d{{2}}(?:[ .-]\d{{2}}){{3,}}\b | \b(?!\d{{4}}-\d{{4}}\b)\d{{3,}}[ -]\d{{3,}}[\d -]* | \d{{5,}}\w*
      | \#\s?\w+ | \d+,\d+
    )
  | (?P<iso>(?<![\w/.-])\d{{4}}-\d{{1,2}}-\d{{1,2}}(?!\w))
  | (?P<date>(?<![\w/-])(?:
        \d{{1,2}}/\d{{1,2}}(?:/(?:\d{{4}}|\d{{2}}))?(?![\w/])
      | \d{{1,2}}\.\s?\d{{1,2}}\.(?:\s?20\d\d|\d{{2}}(?!\s?(?:h|:|uhr)))?(?!\d)
      | \d{{1,2}}-\d{{1,2}}-(?:\d{{4}}|\d{{2}})(?![\w-])
    ))
  | (?P<clock>(?<![\w:])(?:
        \d{{1,2}}(?:\s?[:.]\s?\d{{2}})?\s?[ap]\.?\s?m\b\.?
      | \d{{3,4}}\s?[ap]m\b
      | \d{{1,2}}(?::\d{{2}})?[ap]\b
      | \d{{1,2}}\s?h(?:rs?|s)?\s?\d{{2}}(?!\w)(?:\s?min)?
      | \d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s?(?:h(?:rs?|s)?|u)\b)?(?!\d)
      | \d{{1,2}}\s?h(?:rs?|s)?(?![\w'])\.?
      | \d{{3,4}}\s?h(?:rs?)?\b
      | \d{{1,2}}\.\d{{2}}\s?h(?:rs?|s)?\b
    ))
  | (?P<dotted>(?<![\w.])\d{{1,2}}\.\d{{2}}(?![\w.]|\.\d))
  | (?P<ordinal>(?<!\w)\d{{1,2}}(?:st|nd|rd|th|er|eme|o|te[nr]?|sten)(?!\w))
  | (?P<point>(?<![\w.,:])\d{{1,2}}\.(?=\s|$|,))
  | (?P<mixed>(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{{2,}})
  | (?P<number>\d+)
  | (?P<word>(?:{_LETTER})+)
  | (?P<comma>[,:"“”])
  | (?P<dash>[-–—→]+)
  | (?P<slash>/)
  | (?P<about>[~≈])
  | (?P<at>@)
  | (?P<plus>[+&])
  | (?P<stop>[.;!?…\n()।|]+)
    """,
    re.VERBOSE,
)


def fold(text: str) -> str:
    """Lower case, without accents, with plain digits and quotes."""
    lowered = text.lower().replace("’", "'").replace("`", "'").replace("ß", "ss")
    bare = lowered if lowered.isascii() else _bare(lowered)
    joined = _JOINING.sub("", bare.replace("'o clock", " oclock")).replace("'", " ")
    return re.sub(r"(?<=[a-z])[-–](?=[a-z])", " ", joined)


def cut(text: str) -> list[Piece]:
    """The pieces of a message, in order."""
    folded = fold(text[:LONGEST])
    return [Piece(found.lastgroup or "", found.group()) for found in _PIECE.finditer(folded)]


@cache
def words(phrase: str) -> tuple[str, ...]:
    """A phrase of the word lists, cut as messages are."""
    return tuple(piece.text for piece in cut(phrase))


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(_plain(c) for c in apart if not unicodedata.combining(c))


def _plain(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return character
