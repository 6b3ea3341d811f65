"""Net promoter score."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10,
    "zéro": 0, "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10,
}  # fmt: skip
_FILLER = re.compile(
    r"\b(i'?d|say|i|give|it|you|a|an|je|mets|donne|dirais|de|out of|sur|/)\b|[.!,?]", re.I
)


@dataclass(eq=False)
class Survey:
    """One NPS question put to one contact about one shipment, and its answer."""

    id: UUID
    merchant_id: UUID
    contact_id: UUID
    shipment_id: UUID | None
    asked_at: datetime
    score: int | None = None
    comment: str = ""
    scored_at: datetime | None = None
    commented_at: datetime | None = None


def read_score(text: str) -> int | None:
    """Read a 0 to 10 score: "9", "9/10", "a 9", "neuf", "10 out of 10"; None if there is none."""
    found = re.fullmatch(r"\D{0,24}?(?<![\d.,:])(\d{1,2})(?:\s*(?:/|out of|sur)\s*10)?\D{0,3}", text.strip())
    if found:
        score = int(found.group(1))
        return score if score <= 10 else None
    words = _FILLER.sub(" ", text.casefold()).split()
    return _WORDS.get(words[0]) if len(words) == 1 else None


def category(score: int) -> str:
    """promoter 9-10, passive 7-8, detractor 0-6 (Reichheld's scale)."""
    if score >= 9:
        return "promoter"
    return "passive" if score >= 7 else "detractor"
