"""Several wishes in one message: "leave it with my neighbour, gate code 4407#".

The message is cut into clauses, each is read by the very same reader, and those that are clearly
different wishes are served one after the other. Most messages hold one wish and are not cut at
all: a clause that is unsure, small talk, or says what the message as a whole says belongs to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

FEWEST_WORDS = 5
MOST_CLAUSES = 5
LONGEST = 400  # characters; whoever writes more tells a story, and a story is cut to pieces
SURE = 0.45
SURE_OF_A_CASE = 0.7

QUESTIONS = {
    "track_parcel",
    "ask_delivery_time",
    "ask_delivery_fees",
    "ask_delivery_options",
    "ask_courier_contact",
    "ask_proof_of_delivery",
}
CHANGES = {
    "reschedule_delivery",
    "change_address",
    "deliver_to_neighbour",
    "use_pickup_point",
    "leave_in_safe_place",
    "request_contactless",
    "cancel_delivery",
    "give_access_instructions",
}
NOTE = "give_access_instructions"
CASES = {
    "report_damage",
    "report_wrong_or_missing_item",
    "report_not_received",
    "dispute_attempt",
    "return_parcel",
    "complain",
}
WISHES = QUESTIONS | CHANGES | CASES
COURTESY = {"greet", "goodbye", "thank"}
# Where and when are one question, of which the answer tells both.
_SAME = [{"track_parcel", "ask_delivery_time"}]

_ENDS = re.compile(
    r"(?<=[.!?;])(?<!\bM\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bno\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bNr\.)\s+|\n+|,\s+(?!\d)|\s+[-\u2013\u2014]\s+"
    r"|\s+(?:and also|and|et aussi|et|y tambi\u00e9n|y|und au\u00dferdem|und|e tamb\u00e9m|e anche|ed?"
    r"|aur|\u0914\u0930|also|plus|puis)\s+",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:don'?t|do not|dont|not|never|no need|pas|ne|nicht|kein\w*|n[a\u00e3]o|non|sin|mat|nahi\w*"
    r"|can'?t|cannot|won'?t|wont)\b|\u0928\u0939\u0940\u0902|\u092e\u0924\b",
    re.IGNORECASE,
)


@dataclass
class Wish:
    """One wish of a message, in the words that say it."""

    intent: str
    confidence: float
    text: str

    def as_dict(self) -> dict[str, Any]:
        """The shape of the contract: `{"intent", "confidence", "text"}`."""
        return {"intent": self.intent, "confidence": self.confidence, "text": self.text}


def clauses(text: str) -> list[str]:
    """The clauses of a message; none when it is too short or too long to hold several."""
    if len(text) > LONGEST or len(text.split()) < FEWEST_WORDS:
        return []
    parts = [part.strip() for part in _ENDS.split(text) if part and part.strip(" .,!?;-")]
    return parts if 1 < len(parts) <= MOST_CLAUSES else []


def wishes_of(parts: list[str], read: list[dict[str, Any]], whole: dict[str, Any]) -> list[Wish]:
    """The wishes of a message, at least two or none.

    Args:
        parts: its clauses.
        read: how each was read.
        whole: how the message as a whole was read.
    """
    found: list[Wish] = []
    for part, reading in zip(parts, read, strict=True):
        name, sure = _intent_of(reading)
        found.append(Wish(name, sure, part))
    return gather(found, _intent_of(whole)[0])


def beneath_courtesy(read: list[dict[str, Any]], whole: dict[str, Any]) -> dict[str, Any]:
    """The reading of a message that was taken for a mere greeting and has a wish in one clause.

    "Hi there, I'm not at home tomorrow" wants something.
    """
    if _intent_of(whole)[0] not in COURTESY:
        return whole
    wishes = [one for one in read if _intent_of(one)[0] in WISHES and _intent_of(one)[1] >= SURE]
    if not wishes:
        return whole
    return {**whole, "intent": max(wishes, key=lambda one: _intent_of(one)[1])["intent"]}


def _intent_of(reading: dict[str, Any]) -> tuple[str, float]:
    intent = reading.get("intent") or {}
    return str(intent.get("name") or ""), float(intent.get("confidence") or 0.0)


def gather(read: list[Wish], whole: str) -> list[Wish]:
    """The different wishes among the clauses; what is no wish of its own goes to its neighbour."""
    wishes: list[Wish] = []
    loose = ""
    for clause in read:
        if not _counts(clause, whole):
            if wishes:
                wishes[-1].text += f", {clause.text}"
            else:
                loose = f"{loose}{clause.text}, "
            continue
        same = next((w for w in wishes if _alike(w.intent, clause.intent)), None)
        if same is not None:
            same.text += f", {clause.text}"
            same.confidence = max(same.confidence, clause.confidence)
        else:
            wishes.append(Wish(clause.intent, clause.confidence, f"{loose}{clause.text}"))
            loose = ""
    return wishes if len(wishes) > 1 else []


def ordered(wishes: list[Wish]) -> list[Wish]:
    """Questions first, they are answered at once; then the cases or the changes, as they came."""
    return sorted(wishes, key=lambda wish: wish.intent not in QUESTIONS)


def _counts(clause: Wish, whole: str) -> bool:
    if clause.intent in CASES:
        # Anger comes along with any wish; it is a case where it is the point.
        return clause.confidence >= SURE_OF_A_CASE and (
            clause.intent != "complain" or whole == "complain"
        )
    if clause.intent in CHANGES:
        return clause.confidence >= SURE and not _DENIED.search(clause.text)
    return clause.intent in QUESTIONS and clause.confidence >= SURE


def _alike(one: str, other: str) -> bool:
    return one == other or any({one, other} <= group for group in _SAME)
