"""Which of our questions a message answers: the one that is open, a late answer, or none."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.conversation import Message, Question, chosen_by_words, parse_option_id
from bot.domain.survey import FORM, SCORE, read_score
from bot.services.ports import Say, Turn, UnitOfWork

_NO = '/inform{"choice": "no"}'

type Choice = tuple[Question, str]
"""The question and the payload of the choice that a message makes."""


@dataclass(frozen=True)
class Meaning:
    """What a message is taken for: what the engine hears, in the light of which question.

    `hand_over` is a question that the engine has not seen; `first` is said before its answer.
    """

    text: str | None = None
    question: Question | None = None
    hand_over: Mapping[str, Any] | None = None
    first: tuple[Say, ...] = ()


async def open_before(unit: UnitOfWork, message: Message, now: datetime) -> list[Question]:
    """The questions that a message may answer, the last one asked first.

    What was asked while the message waited for its answer is not what it answers.
    """
    return [
        question
        for question in await unit.questions.open(message.merchant_id, message.conversation_id)
        if question.open_at(now) and question.asked_at <= message.created_at
    ]


async def chosen(
    unit: UnitOfWork, message: Message, questions: Sequence[Question]
) -> Choice | None:
    """The choice that a message makes, tapped or typed."""
    tapped = parse_option_id(str(message.variables.get("choice", "")))
    if tapped is not None:
        question = await unit.questions.get(message.merchant_id, tapped[0])
        if question is None or question.conversation_id != message.conversation_id:
            return None
        place = tapped[1]
    else:
        quoted = await _quoted(unit, message)
        question = quoted or (questions[0] if questions else None)
        typed = chosen_by_words(question.options, message.text) if question else None
        if question is None or typed is None:
            return None
        newest = await unit.questions.newest(
            message.merchant_id, message.conversation_id, message.created_at
        )
        if quoted is None and newest is not None and newest.id != question.id:
            # A number answers what was asked last, be that settled by now, and nothing older.
            return None
        place = typed
    if not 0 <= place < len(question.options):
        return None
    return question, str(question.options[place]["payload"])


async def _quoted(unit: UnitOfWork, message: Message) -> Question | None:
    """The question of the message that is answered by quoting it, if it asked one."""
    about = message.variables.get("about")
    if not about:
        return None
    quoted = await unit.messages.named(message.merchant_id, message.conversation_id, str(about))
    if quoted is None or quoted.question_id is None:
        return None
    return await unit.questions.get(message.merchant_id, quoted.question_id)


def meaning(
    choice: Choice | None, questions: Sequence[Question], session: int, text: str
) -> Meaning:
    """What to make of a message in a session of the engine."""
    if choice is None:
        question = _meant(questions, session, text)
        return Meaning(None, question, _unseen(question, session, still_open=True))
    question, payload = choice
    if question in questions or question.loop is None:
        return Meaning(payload, question, _unseen(question, session, still_open=True))
    return _late(question, payload, questions, session)


def _late(question: Question, payload: str, questions: Sequence[Question], session: int) -> Meaning:
    """A choice of a form's question that is closed or has run out, tapped all the same.

    Nothing that was offered then is taken for agreed now; it is offered afresh.
    """
    same = next((q for q in questions if _asks_the_same(q, question)), None)
    if same is not None:
        # It was only asked again since, in the very same terms.
        return Meaning(payload, same, _unseen(same, session, still_open=True))
    if question.requested == SCORE:
        # A score may be thought better of for as long as it can be seen.
        return Meaning(payload, question, _unseen(question, session, still_open=False))
    passed = (Say("offer_passed"),)
    current = next((q for q in questions if q.loop and q.session == session), None)
    if current is not None:
        # The form that is open asks its own question again.
        return Meaning("/inform", current, first=passed)
    parcel = question.slots.get("parcel")
    if payload == _NO:
        return Meaning("/deny")
    if parcel is None or question.requested == "parcel":
        return Meaning(payload, question, _unseen(question, session, still_open=False))
    anew: dict[str, Any] = {"loop": question.loop, "requested": "parcel", "slots": {}}
    choose = f"/inform{json.dumps({'choice': parcel})}"
    return Meaning(choose, hand_over=anew, first=passed)


def _asks_the_same(one: Question, other: Question) -> bool:
    return (one.loop, one.requested, one.slots) == (other.loop, other.requested, other.slots)


def _unseen(
    question: Question | None, session: int, *, still_open: bool
) -> Mapping[str, Any] | None:
    """A form's question as the engine is to be told of it; None when its session has asked it."""
    if question is None or question.loop is None or (still_open and question.session == session):
        return None
    return {"loop": question.loop, "requested": question.requested, "slots": question.slots}


def _meant(questions: Sequence[Question], session: int, text: str) -> Question | None:
    """The form's question that a free text is read in the light of.

    The one that is being talked about; a survey that was asked in the middle of it takes over
    only for what reads as a score.
    """
    asked = [q for q in questions if q.loop]
    current = next((q for q in asked if q.session == session), None)
    newest = next(iter(asked), None)
    if current is None or newest is None or newest is current:
        return newest
    is_score = newest.loop == FORM and read_score(text) is not None
    return newest if is_score else current


async def close_questions(
    unit: UnitOfWork,
    message: Message,
    session: int,
    answered: Question | None,
    turn: Turn,
    now: datetime,
) -> None:
    """Close what this turn has answered or left; a form that is still active stays open.

    Choices without a form are good for one turn, so that a number later on never answers them.
    A question that the engine has not been told of (a survey from a flow) stays open as well.
    """
    asks_again = any(say.question and say.question.get("loop") == turn.loop for say in turn.replies)
    for question in await unit.questions.open(message.merchant_id, message.conversation_id):
        if question.asked_at > message.created_at:
            continue
        known = question.session == session or (answered is not None and question.id == answered.id)
        if question.loop is None or (known and (question.loop != turn.loop or asks_again)):
            question.closed_at = now
        elif known:
            question.session = session
