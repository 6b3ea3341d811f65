"""Net promoter score."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

BEST = 10

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10,
    "zéro": 0, "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10,
}  # fmt: skip
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_BEFORE = (
    r"(?:(?:well|so|hm+|ok(?:ay)?|oh|alors|bah|ben|euh|sorry|pardon|no|non|un bon|i meant"
    r"|je voulais dire|i'?d|i would|i|we|say|give|rate|it|you|them|a|an|solid"
    r"|definitely|probably|maybe|like|my score is|my answer is|score|note|ma note est|je|j'?"
    r"|vous|mets|met|donne|dirais|dis|allez|c'?est|disons|plut[oô]t|peut[- ]?[eê]tre|un"
    r"|sans h[eé]siter)\b['\s,:!.]*)*"
)
_AFTER = (
    r"(?:\s*(?:/|out of|sur|on)\s*(?:10|ten|dix))?(?:\s*(?:points?|stars?|please|pls|svp|merci"
    r"|thanks|thank you|from me|for me|pour moi|for sure))*"
)
_SCORE = re.compile(rf"\W*{_BEFORE}(?<!-)(?P<score>{_NUMBER}){_AFTER}[^\w]*", re.IGNORECASE)
# A score, then a mark or a "because", then the reason. Without the mark it may be "2 parcels".
_WITH_REASON = re.compile(
    rf"\W*{_BEFORE}(?<!-)(?P<score>{_NUMBER}){_AFTER}"
    r"(?:\s*[,;:.!\n–—]+\s*|\s+-+\s+"
    r"|\s+(?=(?:because|cause|cuz|as the|since|but|car|parce|mais)\b))"
    r"(?P<reason>\D.{2,})",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip


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


@dataclass(frozen=True)
class ScoreAnswer:
    """A score and what was said with it."""

    score: int
    comment: str = ""


def read_answer(text: str) -> ScoreAnswer | None:
    """Read a score from 0 to 10, with the reason if one follows; None if there is no score."""
    found = _SCORE.fullmatch(text) or _WITH_REASON.fullmatch(text)
    if found is None:
        return None
    said = found.group("score").casefold()
    score = int(said) if said.isdecimal() else _WORDS[said]
    if score > BEST:
        return None
    return ScoreAnswer(score, (found.groupdict().get("reason") or "").strip())


def read_score(text: str) -> int | None:
    """Read a bare 0 to 10 score: "9", "9/10", "a 9", "neuf", "10 out of 10"; None if none."""
    answer = read_answer(text)
    return answer.score if answer is not None and not answer.comment else None


def mentions_number(text: str) -> bool:
    """Whether a message was perhaps meant as a score, if not a valid one ("11", "3 or 4")."""
    return len(text.split()) <= 5 and re.search(r"\d", text) is not None


def category(score: int) -> str:
    """Name the part of the scale: promoter 9-10, passive 7-8, detractor 0-6 (Reichheld's scale)."""
    if score >= 9:
        return "promoter"
    return "passive" if score >= 7 else "detractor"
