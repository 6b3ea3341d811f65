"""When a survey may be asked: not while a person talks to the customer, nor amid a form."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.conversation import Conversation, Holder
from bot.domain.survey import FORM
from bot.services.ports import UnitOfWork

_FORM_IS_FRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Later:
    """Try again after `wait`; `why` in a merchant's words."""

    wait: timedelta
    why: str


async def not_now(unit: UnitOfWork, conversation: Conversation, now: datetime) -> Later | None:
    """Why a survey would interrupt now, and how long to wait; None when it may be asked.

    The conversation is locked, so that nobody takes it over or begins a form meanwhile.
    """
    locked = await unit.conversations.get(conversation.merchant_id, conversation.id, lock=True)
    if locked.holder is not Holder.bot:
        return Later(timedelta(hours=1), "a person is talking to the customer")
    return await amid_form(unit, locked, now)


async def amid_form(unit: UnitOfWork, locked: Conversation, now: datetime) -> Later | None:
    """How long to leave somebody alone who is arranging something with us; None if nobody is."""
    for question in await unit.questions.open(locked.merchant_id, locked.id):
        in_form = question.loop is not None and question.loop != FORM
        if in_form and question.open_at(now) and now - question.asked_at < _FORM_IS_FRESH:
            return Later(timedelta(minutes=30), "the customer is answering another question")
    return None
