"""Fitting words into a channel's limits. Lengths are UTF-16 units, the strictest reading."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from bot.channels.base import Option

_SHORT = "".join(rf"(?<!\b{word})" for word in ("[A-Z]", "Mr", "Mrs", "Ms", "Dr", "Dra", "Sr", "Sra",
                                                "Sig", "St", "Nr", "No"))  # fmt: skip
"""Before a full stop that ends no sentence: "chez M. Dupont"."""
_SENTENCE_END = re.compile(rf"""(?:{_SHORT}\.|[!?…。।])["'”\u2019)\]]*(?=\s)|\n""")
_JOINER = "\N{ZERO WIDTH JOINER}"


def units(text: str) -> int:
    """Return the length in UTF-16 units: an emoji counts two or more."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, limit: int) -> list[str]:
    """Cut a text into parts of at most `limit` units, at sentences, else words, else anywhere."""
    parts: list[str] = []
    rest = text.strip()
    while units(rest) > limit:
        end = _boundary(rest, _fitting(rest, limit))
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def ending(text: str, limit: int) -> tuple[str, str]:
    """Take the last part of at most `limit` units off a text: (what comes before, the part)."""
    whole = text.strip()
    parts = split(whole, limit)
    last = parts[-1] if parts else ""
    return whole[: len(whole) - len(last)], last


def cut(title: str, limit: int) -> str:
    """Shorten a title to `limit` units at a word, ending in an ellipsis."""
    if units(title) <= limit:
        return title
    end = _fitting(title, limit - 1)
    space = end if title[end].isspace() else max(title.rfind(" ", 0, end), 0)
    # A lone long word is cut within: half a title says more than its first little word.
    head = title[: space if space > end // 2 else end]
    return head.rstrip(" ,.;:-(") + "…"


def tidy(options: Iterable[Option]) -> list[Option]:
    """Return the options with titles of one line; an option without a title shows its id."""
    return [Option(option.id, " ".join(option.title.split()) or option.id) for option in options]


def numbered(options: Sequence[Option]) -> str:
    """Return the options as lines that a customer answers by number."""
    return "\n".join(f"{place} {option.title}" for place, option in enumerate(options, 1))


def with_choices(text: str, choices: str, limit: int) -> list[str]:
    """Put numbered choices below a text; they stay together whenever they fit at all."""
    parts = split(text, limit)
    if not parts or not choices:
        return parts or split(choices, limit)
    last = f"{parts[-1]}\n{choices}"
    if units(last) <= limit:
        return [*parts[:-1], last]
    return [*parts, *split(choices, limit)]


def _fitting(text: str, limit: int) -> int:
    """Return how many characters fit into `limit` units, whole graphemes when possible."""
    end, used = 0, 0
    while end < len(text) and used + units(text[end]) <= limit:
        used += units(text[end])
        end += 1
    whole = end
    while 0 < whole < len(text) and _continues(text, whole):
        whole -= 1
    return whole or end


def _continues(text: str, place: int) -> bool:
    """Whether the character at `place` belongs to the one before it."""
    here = text[place]
    modifier = "\U0001f3fb" <= here <= "\U0001f3ff"
    return modifier or _JOINER in (here, text[place - 1]) or unicodedata.category(here)[0] == "M"


def _boundary(text: str, end: int) -> int:
    """Return where to cut at or before `end`: a sentence in the last half, else a word."""
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, 0, end + 1)]
    fitting = [place for place in sentences if end // 2 < place <= end]
    if fitting:
        return fitting[-1]
    if text[end].isspace():
        return end
    words = [match.start() for match in re.finditer(r"\s", text[:end])]
    return words[-1] if words and words[-1] > 0 else end
