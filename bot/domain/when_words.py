"""The words of days and hours in English and French, folded: lower case, no accents."""

from collections.abc import Iterable

PARTS: dict[str, tuple[int, int]] = {
    "morning": (8, 12), "mornin": (8, 12), "matin": (8, 12), "matinee": (8, 12),
    "afternoon": (12, 18), "aft": (12, 18), "apres-midi": (12, 18), "apres midi": (12, 18),
    "apresmidi": (12, 18), "aprem": (12, 18), "apres-m": (12, 18),
    "evening": (18, 21), "evng": (18, 21), "eve": (18, 21), "tonight": (18, 21),
    "tonite": (18, 21), "night": (18, 21), "after work": (18, 21), "soir": (18, 21),
    "soiree": (18, 21), "apres le travail": (18, 21), "apres le boulot": (18, 21),
    "fin de journee": (18, 21), "end of the day": (18, 21),
    "lunchtime": (12, 14), "lunch time": (12, 14), "lunch": (12, 14),
    "entre midi et deux": (12, 14), "heure du dejeuner": (12, 14), "pause dejeuner": (12, 14),
    "noon": (12, 13), "midday": (12, 13), "midi": (12, 13),
    "all day": (8, 21), "whole day": (8, 21), "toute la journee": (8, 21),
}  # fmt: skip

WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate((
        "monday mon lundi lun", "tuesday tue tues mardi", "wednesday wed weds mercredi mercr",
        "thursday thu thur thurs jeudi jeu jedi", "friday fri vendredi ven vendr",
        "saturday sat samedi sam", "sunday sun dimanche dim",
    ))
    for name in names.split()
}  # fmt: skip
# Short forms that are words of their own ("sat in the hall") are days only beside a time.
MEANING_SOMETHING_ELSE = {"mon", "sat", "sun", "wed", "sam", "dim", "ven", "jedi", "lun", "jeu"}

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate((
        "january jan janvier janv", "february feb fevrier fev", "march mar mars",
        "april apr avril avr", "may mai", "june jun juin", "july jul juillet juil",
        "august aug aout", "september sep sept septembre", "october oct octobre",
        "november nov novembre", "december dec decembre",
    ), start=1)
    for name in names.split()
}  # fmt: skip

# Of "one", "un" and "une" only the hours are read (see `read_wish`): they are too common.
NUMBERS: dict[str, int] = {
    name: number
    for names, first in (
        ("two three four five six seven eight nine ten eleven twelve", 2),
        (("deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
         " dix-sept dix-huit dix-neuf vingt vingt-et-un"), 2),
    )
    for number, name in enumerate(names.split(), start=first)
}  # fmt: skip
ONE = {"one", "a", "un", "une"}

# Days relative to today; the longer phrases first, since they contain the shorter ones.
RELATIVE: tuple[tuple[str, int], ...] = (
    (r"day before yesterday|avant[- ]hier", -2),
    (r"yesterday|hier", -1),
    (r"day after (?:tomorrow|tmrw|tmr)|overmorrow|apres[- ]demain", 2),
    (r"tomorrow|tmrw|tmr|tmw|tomoz|2moro|2mrw|2morrow|demain|dem1|2main", 1),
    ((r"today|tonight|tonite|this (?:morning|afternoon|evening)|aujourd'? ?hui|ajd|auj"
     r"|ce (?:soir|matin|midi)|cett?e? (?:aprem|apres[- ]midi|soiree)"), 0),
)  # fmt: skip

GONE = (
    r"\b(?:last|past) (?:week|month|night|weekend|{days})\b|\b(?:la )?semaine (?:derniere|passee)\b"
    r"|\b(?:{days}) (?:dernier|passe)\b|\b\w+ (?:days?|weeks?) ago\b"
    r"|\bil y a \w+ (?:jours?|semaines?)\b"
)

# Words worth correcting: whole ones, for "merci" is nearer to "mercr" than to any day.
_SPELT = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "tomorrow", "demain", "today", "tonight",
    "evening", "morning", "afternoon", "matinee", "soiree",
)  # fmt: skip


def mend(token: str, known: Iterable[str] = ()) -> str:
    """A token with its spelling mended when it is one slip (two in a long word) from a day."""
    if len(token) < 5 or token in _SPELT or token in known:
        return token
    for word in _SPELT:
        allowed = 2 if len(word) > 7 else 1
        same_start = token[0] == word[0]
        if same_start and abs(len(token) - len(word)) <= allowed and slips(token, word) <= allowed:
            return word
    return token


def slips(one: str, other: str) -> int:
    """The letters added, lost, changed or swapped between two words."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
