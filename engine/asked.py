"""What the product asks of the engine: the body of `POST /webhooks/doorstep/message`, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.domain import Domain

MOST_COMMENTS = 200


class BadBodyError(ValueError):
    """The request's body is not what the contract says; the text says where."""


@dataclass
class Question:
    """A form's question that was asked outside Rasa: which form, which slot, what it knows."""

    loop: str
    requested: str
    slots: dict[str, Any] = field(default_factory=dict)


@dataclass
class Asked:
    """One customer's message as it comes in."""

    sender: str
    message_id: str
    text: str
    metadata: dict[str, Any]
    question: Question | None


def read_body(body: Any, domain: Domain) -> Asked:
    """The request's body, checked; raises `BadBodyError` naming the field."""
    if not isinstance(body, dict):
        raise BadBodyError("the body is not a JSON object")
    for name in ("sender", "message_id", "text"):
        if not isinstance(body.get(name), str) or not body[name].strip():
            raise BadBodyError(f"{name}: a non-empty string is wanted")
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise BadBodyError("metadata: an object is wanted")
    return Asked(
        sender=body["sender"],
        message_id=body["message_id"],
        text=body["text"],
        metadata=metadata,
        question=read_question(body.get("question"), domain),
    )


def read_comments(body: Any) -> list[str]:
    """The comments of `POST .../topics`, one at least; raises `BadBodyError`."""
    comments = body.get("comments") if isinstance(body, dict) else None
    if not isinstance(comments, list) or not 0 < len(comments) <= MOST_COMMENTS:
        raise BadBodyError(f"comments: a list of 1 to {MOST_COMMENTS} strings is wanted")
    if not all(isinstance(one, str) for one in comments):
        raise BadBodyError("comments: only strings are wanted")
    return comments


def read_question(given: Any, domain: Domain) -> Question | None:
    """The open question, checked against the domain's forms and slots."""
    if given is None:
        return None
    if not isinstance(given, dict):
        raise BadBodyError("question: an object or null is wanted")
    slots = given.get("slots") or {}
    if not isinstance(slots, dict):
        raise BadBodyError("question.slots: an object is wanted")
    question = Question(str(given.get("loop")), str(given.get("requested")), slots)
    if question.loop not in domain.form_names:
        raise BadBodyError(f"question.loop: there is no form {question.loop!r}")
    if question.requested not in domain.required_slots_for_form(question.loop):
        raise BadBodyError(f"question.requested: {question.requested!r} is not asked by the form")
    known = {slot.name for slot in domain.slots}
    unknown = sorted(set(question.slots) - known)
    if unknown:
        raise BadBodyError(f"question.slots: there is no slot {unknown[0]!r}")
    return question
