"""The parts of a message that holds several wishes, in the order in which they are served.

Questions first, they are answered at once; then a case for a person, or one change after another,
of which the later ones wait until the first is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker

from engine.wishes import (
    CASES,
    CHANGES,
    NOTE,
    QUESTIONS,
    Wish,
    beneath_courtesy,
    clauses,
    ordered,
    wishes_of,
)

# A note for the courier that goes along with a change, the changes that wait until the first one is
# done, and the parcels that are to get the same. The first two are set here.
EXTRA, LATER, OTHERS = "extra", "later", "others"
SURVEY = "nps_form"

Read = Callable[["list[str]"], "list[dict[str, Any]]"]


@dataclass
class Step:
    """A part of a message that is handled as if it had been sent by itself."""

    text: str
    read: dict[str, Any]
    slots: dict[str, Any] = field(default_factory=dict)


def steps_of(text: str, loop: str | None, read: Read) -> list[Step]:
    """What a message is served by; mostly just itself.

    Args:
        text: the message.
        loop: the form that waits for an answer; within it only questions are taken out.
        read: reads several texts in one go.
    """
    alone = text.startswith("/") or loop == SURVEY
    parts = [] if alone else clauses(text)
    whole, *pieces = read([text, *parts])
    whole = beneath_courtesy(pieces, whole)
    told = [Wish(w["intent"], w["confidence"], w["text"]) for w in whole.get("wishes") or []]
    wishes = ordered(told if len(told) > 1 else wishes_of(parts, pieces, whole))
    questions = [wish.text for wish in wishes if wish.intent in QUESTIONS]
    rest = [wish for wish in wishes if wish.intent not in QUESTIONS]
    if alone or not wishes or (loop and not questions):
        return [Step(text, whole)]
    left = [", ".join(wish.text for wish in rest)] if loop and rest else []
    texts = [*questions, *left]
    steps = [Step(one, reading) for one, reading in zip(texts, read(texts), strict=True)]
    return steps if loop else [*steps, *_changes_or_case(text, whole, wishes, rest)]


def due(tracker: DialogueStateTracker, happened: list[Event]) -> list[Step]:
    """The next change that waits, once a form has come to its end in what happened."""
    waiting = list(tracker.get_slot(LATER) or [])
    ended = any(
        isinstance(event, ActionExecuted) and str(event.action_name).startswith("action_submit_")
        for event in happened
    )
    if not waiting or not ended or tracker.active_loop_name:
        return []
    wish = Wish(**waiting[0])
    return [Step(wish.text, _as_read(wish), {LATER: waiting[1:] or None})]


def _changes_or_case(
    text: str, whole: dict[str, Any], wishes: list[Wish], rest: list[Wish]
) -> list[Step]:
    """What is to be done after the questions: a case for a person, or one change after another.

    A person is told of the whole message, so that nothing of it is arranged behind their back.
    """
    case = next((wish for wish in rest if wish.intent in CASES), None)
    if case is not None:
        told = {"wishes": [wish.as_dict() for wish in wishes]}
        return [Step(text, {**whole, **told, "intent": _as_read(case)["intent"]})]
    notes = [wish for wish in rest if wish.intent == NOTE]
    changes = [wish for wish in rest if wish.intent in CHANGES - {NOTE}] or notes[:1]
    if not changes:
        return []
    first, *others = changes
    slots: dict[str, Any] = {LATER: [wish.as_dict() for wish in others] or None}
    if notes and first is not notes[0]:
        slots[EXTRA] = notes[0].text
    return [Step(first.text, _as_read(first), slots)]


def _as_read(wish: Wish) -> dict[str, Any]:
    intent = {"name": wish.intent, "confidence": wish.confidence}
    return {"text": wish.text, "intent": intent, "entities": []}
