"""Net promoter score."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from bot.domain.topics import TopicsBy

FORM, SCORE = "nps_form", "nps_score"
"""The engine's names of the survey and of its first question."""
BEST = 10
BANDS = ("0-6", "7-8", "9-10")
"""The parts of the scale, which are asked for first where eleven choices are too many."""

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10,
    "zéro": 0, "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10,
    "cero": 0, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
    "ocho": 8, "nueve": 9, "diez": 10,
    "null": 0, "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10,
    "dois": 2, "três": 3, "quatro": 4, "sete": 7, "oito": 8, "nove": 9, "dez": 10,
    "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sette": 7, "otto": 8, "dieci": 10,
    "शून्य": 0, "एक": 1, "दो": 2, "तीन": 3, "चार": 4, "पांच": 5, "पाँच": 5, "छह": 6, "सात": 7,
    "आठ": 8, "नौ": 9, "दस": 10,
    "shunya": 0, "ek": 1, "teen": 3, "char": 4, "paanch": 5, "panch": 5, "chhe": 6, "saat": 7,
    "aath": 8, "nau": 9,
}  # fmt: skip
# Words of another language besides, so they are a number only if they are the whole message.
_ALONE = {"do": 2, "das": 10, "sei": 6, "um": 1}
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_BEFORE = (
    r"(?:(?:well|so|hm+|ok(?:ay)?|oh|alors|bah|ben|euh|sorry|pardon|no|non|un bon|i meant"
    r"|je voulais dire|i'?d|i would|i|we|say|give|rate|it|you|them|a|an|solid"
    r"|definitely|probably|maybe|like|my score is|my answer is|score|note|ma note est|je|j'?"
    r"|vous|mets|met|donne|dirais|dis|allez|c'?est|disons|plut[oô]t|peut[- ]?[eê]tre|un"
    r"|sans h[eé]siter"
    r"|(?:yo )?(?:le |les )?(?:doy|pongo|dir[ií]a)|pues|ich (?:gebe|w[uü]rde sagen|sage)|also|eine?"
    r"|(?:eu )?(?:dou|diria)|nota|(?:io )?(?:darei|metto|direi|do)|voto|main|mera|मैं|मेरा)"
    r"\b['\s,:!.]*)*"
)
_AFTER = (
    r"(?:\s*(?:/|out of|sur|on|de|von|su|in|mein se|में से)\s*(?:10|ten|dix|diez|zehn|dez|dieci))?(?:\s*(?:points?|stars?|please|pls|svp|merci|gracias"
    r"|punkte?|danke|bitte|obrigad[oa]|grazie|dunga|dungi|दूंगा|दूंगी|दूँगा|दूँगी"
    r"|thanks|thank you|from me|for me|pour moi|for sure|i guess|i think|i'd say|i suppose|je dirais|je pense|je crois|denke ich|glaube ich|w[uü]rde ich sagen|dir[ií]a|creo|supongo|acho|credo|direi))*"
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
    topics: list[str] = field(default_factory=list[str])
    """What the comment is about; see `bot.domain.topics`."""
    topics_by: TopicsBy = TopicsBy.words
    scored_at: datetime | None = None
    commented_at: datetime | None = None


@dataclass(frozen=True)
class ScoreAnswer:
    """A score and what was said with it."""

    score: int
    comment: str = ""


def read_answer(text: str) -> ScoreAnswer | None:
    """Read a score from 0 to 10, with the reason if one follows; None if there is no score."""
    alone = _ALONE.get(text.strip(" .!").casefold())
    if alone is not None:
        return ScoreAnswer(alone)
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


def read_band(text: str) -> str | None:
    """The part of the scale that is named: one of `BANDS` out of "0-6", "7 – 8"; None if none."""
    ends = re.fullmatch(r"\W*(\d{1,2})\s*[-–—]\s*(\d{1,2})\W*", text)
    named = f"{int(ends[1])}-{int(ends[2])}" if ends else ""
    return named if named in BANDS else None


def scores_of(band: str) -> Sequence[int]:
    """The scores of one of `BANDS`."""
    first, _, last = band.partition("-")
    return range(int(first), int(last) + 1)


def mentions_number(text: str) -> bool:
    """Whether a message was perhaps meant as a score, if not a valid one ("11", "3 or 4")."""
    return len(text.split()) <= 5 and re.search(r"\d", text) is not None


def category(score: int) -> str:
    """Name the part of the scale: promoter 9-10, passive 7-8, detractor 0-6 (Reichheld's scale)."""
    if score >= 9:
        return "promoter"
    return "passive" if score >= 7 else "detractor"
