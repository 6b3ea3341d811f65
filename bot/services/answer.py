"""Answering a customer's message: the way from what was said to what is said back."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.consent import ConsentWord, read_consent_word
from bot.domain.conversation import (
    Author,
    Conversation,
    Holder,
    Message,
    Question,
    chosen_by_words,
    parse_option_id,
)
from bot.domain.errors import Temporary
from bot.domain.survey import read_score
from bot.services import consents
from bot.services.hand_over import hand_over
from bot.services.ports import Engine, Languages, Say, Turn, UnitOfWork, Units
from bot.services.post import notify_thread, post, post_all

logger = logging.getLogger(__name__)

SORRY_AFTER = 2
"""Failures of the engine after which the customer is told that it takes longer."""

_COMMAND = re.compile(r"^[\s/]+")

# What we cannot read, by kind; a text that came with it (a caption) is read instead.
_UNREADABLE = {
    "voice": "media_voice",
    "sticker": "media_sticker",
    "group": "group_refused",
}
# What says something without words; the engine hears it as a value.
_TELLING = {"image", "location"}


@dataclass(frozen=True)
class _Asked:
    """What the engine is asked, and what was open when it was asked."""

    sender: str
    session: int
    text: str
    metadata: Mapping[str, str]
    question: Question | None = None
    hand_over_question: bool = False


@dataclass(frozen=True)
class Answer:
    """Answers one message; running it again has no second effect."""

    units: Units
    clock: Clock
    engine: Engine
    languages: Languages

    async def __call__(self, merchant_id: UUID, message_id: UUID, failures: int = 0) -> None:
        """Answer a message.

        Args:
            failures: how often this message has failed before.

        Raises:
            Temporary: the engine failed; the job is to be tried again.
        """
        asked = await self._prepare(merchant_id, message_id)
        if asked is None:
            return
        try:
            turn = await self.engine.respond(
                sender=asked.sender,
                message_id=message_id,
                text=asked.text,
                metadata=asked.metadata,
                question=_as_asked(asked.question) if asked.hand_over_question else None,
            )
        except Temporary as error:
            logger.warning("the engine failed on message %s: %s", message_id, error)
            if failures + 1 == SORRY_AFTER:
                await self._apologise(merchant_id, message_id, "engine_down")
            raise
        await self._reply(merchant_id, message_id, asked, turn)

    async def give_up(self, merchant_id: UUID, message_id: UUID, why: str) -> None:
        """Hand a message that cannot be answered to a person, and say so to the customer."""
        logger.error("message %s goes to a person: %s", message_id, why)
        await self._apologise(merchant_id, message_id, "engine_gave_up", hand_over_to_person=True)

    async def _prepare(self, merchant_id: UUID, message_id: UUID) -> _Asked | None:
        """Settle what needs no engine; None when that was all."""
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id)
            if message.answered_at is not None:
                return None
            conversation = await unit.conversations.get(merchant_id, message.conversation_id)
            asked = None
            if not await self._settled(unit, conversation, message):
                await self._notice_language(unit, conversation, message)
                asked = await self._ask(unit, conversation, message)
            await unit.commit()
            return asked

    async def _settled(
        self, unit: UnitOfWork, conversation: Conversation, message: Message
    ) -> bool:
        """Answer what is not talk: consent words, sounds and pictures; and hush for agents."""
        now = self.clock.now()
        reply: Say | None = None
        word = read_consent_word(message.text) if message.kind == "text" else None
        if word is not None:
            reply = await self._keep_consent(unit, conversation, message, word)
        elif conversation.holder is not Holder.bot and not _was_asked(conversation, message):
            pass
        elif message.kind not in {"text", "choice", *_TELLING} and not message.text.strip():
            reply = Say(_UNREADABLE.get(message.kind, "media_other"))
        elif message.kind == "group":
            reply = Say("group_refused")
        else:
            return False
        if reply is not None:
            await self._post(unit, conversation, message, reply)
        message.answered_at = now
        await notify_thread(unit, conversation)
        return True

    async def _keep_consent(
        self, unit: UnitOfWork, conversation: Conversation, message: Message, word: ConsentWord
    ) -> Say:
        contact = await unit.people.get(message.merchant_id, conversation.contact_id)
        keep = consents.stop if word is ConsentWord.stop else consents.start
        await keep(unit, contact, message.channel, "keyword", message.text, self.clock.now())
        return Say("stopped" if word is ConsentWord.stop else "restarted")

    async def _notice_language(
        self, unit: UnitOfWork, conversation: Conversation, message: Message
    ) -> None:
        contact = await unit.people.get(message.merchant_id, conversation.contact_id)
        spoken = self.languages.detect(message.text, contact.language)
        if spoken != contact.language:
            contact.language = spoken

    async def _ask(self, unit: UnitOfWork, conversation: Conversation, message: Message) -> _Asked:
        now = self.clock.now()
        questions = [
            q
            for q in await unit.questions.open(message.merchant_id, conversation.id)
            # What was asked while this message waited for its answer is not what it answers.
            if q.open_at(now) and q.asked_at <= message.created_at
        ]
        chosen = await _chosen(unit, message, questions)
        if message.engine_session is None:
            known = any(q.loop and q.session == conversation.session for q in questions)
            conversation.touch_session(now, mid_form=known)
            message.engine_session = conversation.session
        session = message.engine_session
        question = chosen[0] if chosen else _meant(questions, session, message.text)
        unseen = question is not None and (question.session != session or question not in questions)
        return _Asked(
            sender=f"{conversation.id}.{session}",
            session=session,
            text=chosen[1] if chosen else _in_words(message),
            metadata={
                "merchant": str(message.merchant_id),
                "channel": message.channel,
                "at": message.created_at.isoformat(),
                "kind": message.kind,
            },
            question=question,
            hand_over_question=unseen and question is not None and question.loop is not None,
        )

    async def _reply(self, merchant_id: UUID, message_id: UUID, asked: _Asked, turn: Turn) -> None:
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id, lock=True)
            if message.answered_at is not None:
                return
            conversation = await unit.conversations.get(
                merchant_id, message.conversation_id, lock=True
            )
            now = self.clock.now()
            message.answered_at, message.understood = now, dict(turn.understood)
            if conversation.holder is Holder.agent:
                # An agent took over while the engine was thinking: the bot keeps silent.
                logger.info("dropped the bot's reply to %s: an agent holds it", message_id)
            else:
                await _close_questions(unit, message, asked, turn, now)
                identity = await unit.people.identity_by_id(merchant_id, _address(message))
                replies = [_in_session(say, asked.session) for say in turn.replies]
                await post_all(unit, conversation, identity, now, replies, in_reply_to=message.id)
            await notify_thread(unit, conversation)
            await unit.commit()

    async def _apologise(
        self, merchant_id: UUID, message_id: UUID, key: str, *, hand_over_to_person: bool = False
    ) -> None:
        """Be honest about a failure; while a person holds the conversation there is no need."""
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id, lock=True)
            conversation = await unit.conversations.get(
                merchant_id, message.conversation_id, lock=True
            )
            if message.answered_at is not None:
                return
            if conversation.holder is Holder.bot:
                await self._post(unit, conversation, message, Say(key))
            if hand_over_to_person:
                await hand_over(unit, conversation, "engine", self.clock.now())
                message.answered_at = self.clock.now()
            await unit.commit()

    async def _post(
        self, unit: UnitOfWork, conversation: Conversation, message: Message, say: Say
    ) -> None:
        identity = await unit.people.identity_by_id(message.merchant_id, _address(message))
        await post(
            unit,
            conversation,
            identity,
            self.clock.now(),
            author=Author.bot,
            say=say,
            key=f"{say.say}:{message.id}",
            in_reply_to=message.id,
        )


def _in_words(message: Message) -> str:
    """What the engine hears; whoever only opens the chat is greeted."""
    if message.kind == "opened":
        return "/greet"
    place = message.variables.get("location")
    if message.kind == "location" and place:
        return f'/inform{{"location": "{place[0]},{place[1]}"}}'
    if message.kind == "image" and not message.text.strip():
        return '/inform{"media": "image"}'
    return plain(message.text)


def plain(text: str) -> str:
    """A customer's text as the engine may see it: a leading slash would be a command there."""
    return _COMMAND.sub("", text).strip() or "?"


def _was_asked(conversation: Conversation, message: Message) -> bool:
    """Whether the engine has been asked already, and what it did was to ask for a person."""
    return conversation.holder is Holder.waiting and message.engine_session is not None


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
    is_score = newest.loop == "nps_form" and read_score(text) is not None
    return newest if is_score else current


async def _chosen(
    unit: UnitOfWork, message: Message, questions: Sequence[Question]
) -> tuple[Question, str] | None:
    """The question and the payload of the choice that a message makes, tapped or typed."""
    tapped = parse_option_id(str(message.variables.get("choice", "")))
    if tapped is not None:
        question = await unit.questions.get(message.merchant_id, tapped[0])
        if question is None or question.conversation_id != message.conversation_id:
            return None
        place = tapped[1]
    else:
        question = questions[0] if questions else None
        typed = chosen_by_words(question.options, message.text) if question else None
        if question is None or typed is None:
            return None
        place = typed
    if not 0 <= place < len(question.options):
        return None
    return question, str(question.options[place]["payload"])


async def _close_questions(
    unit: UnitOfWork, message: Message, asked: _Asked, turn: Turn, now: datetime
) -> None:
    """Close what this turn has answered or left; a form that is still active stays open.

    Choices without a form are good for one turn, so that a number later on never answers them.
    A question that the engine has not been told of (a survey from a flow) stays open as well.
    """
    asks_again = any(say.question and say.question.get("loop") == turn.loop for say in turn.replies)
    for question in await unit.questions.open(message.merchant_id, message.conversation_id):
        if question.asked_at > message.created_at:
            continue
        known = question.session == asked.session or (
            asked.question is not None and question.id == asked.question.id
        )
        if question.loop is None or (known and (question.loop != turn.loop or asks_again)):
            question.closed_at = now
        elif known:
            question.session = asked.session


def _as_asked(question: Question | None) -> Mapping[str, Any] | None:
    if question is None:
        return None
    return {"loop": question.loop, "requested": question.requested, "slots": question.slots}


def _in_session(say: Say, session: int) -> Say:
    """A question that the engine itself asks is known to its session from the start."""
    if say.question is None:
        return say
    return Say(say.say, say.variables, say.options, {**say.question, "session": session})


def _address(message: Message) -> UUID:
    assert message.identity_id is not None, "an inbound message has a sender"
    return message.identity_id
