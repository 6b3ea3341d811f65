"""What a language brings to the reading of days and hours: words, and no grammar.

Phrases are written as people write them, separated by commas; accents, hyphens and apostrophes
do not matter. See `words/` for the languages and docs/dates.md for what each kind means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

_SEVEN = ("",) * 7
_TWELVE = ("",) * 12


@dataclass(frozen=True, eq=False)
class Language:
    """The words of one language.

    `short_weekdays` and `weak_weekdays` have other meanings as well ("sat", "segunda"), and are
    days only beside something of time. `marks` are the words that join: "after", "between".
    """

    code: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    days: Mapping[int, str]
    parts: Mapping[str, str]
    numbers: Mapping[int, str]
    units: Mapping[int, str]
    marks: Mapping[str, str]
    short_weekdays: tuple[str, ...] = _SEVEN
    weak_weekdays: tuple[str, ...] = _SEVEN
    short_months: tuple[str, ...] = _TWELVE
    day_parts: Mapping[tuple[int, str], str] = field(default_factory=dict[tuple[int, str], str])
    """A day and a part of it in one: "tonight"."""
    ordinals: Mapping[int, str] = field(default_factory=dict[int, str])
    shifts: Mapping[int, str] = field(default_factory=dict[int, str])
    """Days from the one we talk about: "the day after"."""
    before_hour: Mapping[int, str] = field(default_factory=dict[int, str])
    """Minutes that are said before the hour: "half past", "viertel vor"."""
    after_hour: Mapping[int, str] = field(default_factory=dict[int, str])
    """Minutes that are said after the hour: "y media", "moins le quart"."""
    phrases: Mapping[str, str] = field(default_factory=dict[str, str])
    """Phrases that are several marks in one: kinds separated by blanks -> phrases."""
    common: str = ""
    """Frequent words by which the language is known, and which are never misspelt days."""
    sounds: tuple[tuple[str, str], ...] = ()
    """Spellings that are taken for one another: "aa" and "a"."""
    next_is_nearest: bool = True
    """Whether "next Friday" is the coming one, rather than next week's."""
    countries: tuple[str, ...] = ()
    takes: tuple["Language", ...] = ()
    """Languages whose words are mixed into this one."""


HOURS_OF: Mapping[str, tuple[int, int]] = {
    "morning": (8, 12),
    "late_morning": (10, 12),
    "noon": (12, 13),
    "lunch": (12, 14),
    "afternoon": (12, 18),
    "early_afternoon": (12, 15),
    "late_afternoon": (16, 18),
    "evening": (18, 21),
    "whole_day": (8, 21),
}
