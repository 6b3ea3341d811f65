"""Answering a customer's messages: the way from what was said to what is said back."""

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from bot.domain.clock import Clock
from bot.domain.consent import ConsentWord, is_yes, read_consent_word
from bot.domain.conversation import BY_ENGINE, Author, Conversation, Holder, Message, Question
from bot.domain.errors import Temporary
from bot.services import bursts, change_delivery, consents
from bot.services.hand_over import hand_over
from bot.services.one_time_codes import CONFIRMED, OneTimeCodes, read_offer
from bot.services.open_questions import (
    Choice,
    Meaning,
    chosen,
    close_questions,
    meaning,
    open_before,
)
from bot.services.ports import Engine, Languages, Say, Turn, UnitOfWork, Units
from bot.services.post import notify_thread, post, post_all
from bot.services.while_waiting import is_served, reassure

logger = logging.getLogger(__name__)

SORRY_AFTER = 2
"""Failures of the engine after which the customer is told that it takes longer."""

_COMMAND = re.compile(r"^[\s/]+")
_NUMBER = re.compile(r"\d")
_HEARD = "heard"
"""The variable of a message that keeps what the engine hears in its place."""

# What we cannot read, by kind; a text that came with it (a caption) is read instead.
_UNREADABLE = {
    "voice": "media_voice",
    "sticker": "media_sticker",
    "group": "group_refused",
    "unproved": "mail_unproved",
}
_UNHEARD = {"group", "unproved"}
"""Kinds whose words are not gone into either: who else would read the answer, or has written?"""
# What says something without words; the engine hears it as a value.
_TELLING = {"image", "location"}


@dataclass(frozen=True)
class _Asked:
    """What the engine is asked, and what was open when it was asked."""

    message: UUID
    sender: str
    session: int
    text: str
    metadata: Mapping[str, str]
    meaning: Meaning
    several: bool
    """Whether more than one message is read."""
    waiting: bool
    """Whether a person was awaited already, so that only what the bot can do is answered."""


@dataclass(frozen=True)
class _Wish:
    """What was said about being written to, where it holds, and by what it was recognised."""

    word: ConsentWord
    channel: str = consents.EVERY_CHANNEL
    source: str = "keyword"


@dataclass(frozen=True)
class Answer:
    """Answers what a customer wrote; running it again has no second effect."""

    units: Units
    clock: Clock
    engine: Engine
    languages: Languages
    codes: OneTimeCodes
    pause: timedelta = timedelta()
    """How long somebody gets to finish what they are typing; nothing switches it off."""

    async def __call__(self, merchant_id: UUID, message_id: UUID, failures: int = 0) -> None:
        """Answer a message, and with it those that came right after it.

        Args:
            failures: how often this message has failed before.

        Raises:
            Temporary: the engine failed; the job is to be tried again.
        """
        if self.pause and not failures:
            await self._let_finish(merchant_id, message_id)
        asked = await self._prepare(merchant_id, message_id)
        if asked is None:
            return
        try:
            turn = await self.engine.respond(
                sender=asked.sender,
                message_id=asked.message,
                text=asked.text,
                metadata=asked.metadata,
                question=asked.meaning.hand_over,
            )
        except Temporary as error:
            logger.warning("the engine failed on message %s: %s", message_id, error)
            if failures + 1 == SORRY_AFTER:
                await self._apologise(merchant_id, asked.message, "engine_down")
            raise
        await self._reply(merchant_id, asked, turn)

    async def give_up(self, merchant_id: UUID, message_id: UUID, why: str) -> None:
        """Hand a message that cannot be answered to a person, and say so to the customer."""
        logger.error("message %s goes to a person: %s", message_id, why)
        await self._apologise(merchant_id, message_id, "engine_gave_up", hand_over_to_person=True)

    async def _let_finish(self, merchant_id: UUID, message_id: UUID) -> None:
        """Wait until nothing more has come for a moment; nothing is held while waiting."""
        waited, seen = timedelta(), None
        while waited < bursts.LONGEST:
            async with self.units() as unit:
                head = await unit.messages.get(merchant_id, message_id)
                if head.answered_at is not None or head.answers_with is not None:
                    return
                now = self.clock.now()
                conversation = await unit.conversations.get(merchant_id, head.conversation_id)
                later = await unit.messages.unanswered(merchant_id, head.conversation_id, head.id)
                questions = await open_before(unit, head, now)
                written = [head, *later]
                wait = bursts.pause(written, conversation, questions, self.pause, now)
            if written[-1].id == seen or wait <= timedelta():
                return
            seen, waited = written[-1].id, waited + wait
            await asyncio.sleep(wait.total_seconds())

    async def _prepare(self, merchant_id: UUID, message_id: UUID) -> _Asked | None:
        """Settle what needs no engine; None when that was all."""
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id)
            if message.answered_at is None and message.answers_with is not None:
                # It may have been taken together with an earlier one that is not answered yet.
                message = await unit.messages.get(merchant_id, message.answers_with)
            if message.answered_at is not None:
                return None
            conversation = await unit.conversations.get(merchant_id, message.conversation_id)
            asked = None
            if not await self._settled(unit, conversation, message):
                questions = await open_before(unit, message, self.clock.now())
                choice = await chosen(unit, message, questions)
                if not await self._settled_code(unit, conversation, message, choice):
                    asked = await self._ask(unit, conversation, message, questions, choice)
            await unit.commit()
            return asked

    async def _settled(
        self, unit: UnitOfWork, conversation: Conversation, message: Message
    ) -> bool:
        """Answer what is not talk: consent words, sounds and pictures; and hush for agents."""
        replies: list[Say] = []
        wish = await self._consent_wish(unit, conversation, message)
        theirs = message.variables.get("opt_out")
        if wish is not None:
            confirmed = await self._keep_consent(unit, conversation, message, wish)
            replies = [] if theirs else confirmed
        elif theirs == "help":
            # The provider has answered, as it has confirmed its stops and starts.
            pass
        elif _is_for_people(conversation, message):
            identity = await unit.people.identity_by_id(message.merchant_id, _address(message))
            await reassure(unit, conversation, identity, message, self.clock.now())
        elif message.kind in _UNHEARD or (
            message.kind not in {"text", "choice", *_TELLING} and not message.text.strip()
        ):
            replies = [Say(_UNREADABLE.get(message.kind, "media_other"))]
        else:
            return False
        await self._settle(unit, conversation, message, replies)
        return True

    async def _settle(
        self, unit: UnitOfWork, conversation: Conversation, message: Message, replies: list[Say]
    ) -> None:
        for reply in replies:
            await self._post(unit, conversation, message, reply)
        message.answered_at = self.clock.now()
        await notify_thread(unit, conversation)

    async def _consent_wish(
        self, unit: UnitOfWork, conversation: Conversation, message: Message
    ) -> _Wish | None:
        """What was wished by one of our words, or by one that the provider has acted on.

        STOP means every channel, and START likewise; single ones are opened and closed on the page
        of wishes. A word that only the provider knows means the channel that it keeps.
        """
        here = message.channel
        word = read_consent_word(message.text) if message.kind in {"text", "unproved"} else None
        if message.kind == "unproved":
            # A stop is obeyed whoever says it: overlooking one does the greater harm. But a
            # stranger must not silence a customer everywhere.
            return _Wish(word, here) if word is ConsentWord.stop else None
        if word is not None:
            return _Wish(word)
        if message.variables.get("opt_out") == "stop":
            return _Wish(ConsentWord.stop, here, "provider")
        return await self._wish_to_start(unit, conversation, message)

    async def _wish_to_start(
        self, unit: UnitOfWork, conversation: Conversation, message: Message
    ) -> _Wish | None:
        yes = message.kind == "text" and is_yes(message.text)
        theirs = message.variables.get("opt_out") == "start"
        if not (yes or theirs) or await open_before(unit, message, self.clock.now()):
            # To an open question it is an answer, whatever the provider takes it for.
            return None
        if yes and await consents.has_stopped(unit, conversation, message.channel):
            return _Wish(ConsentWord.start)
        return _Wish(ConsentWord.start, message.channel, "provider") if theirs else None

    async def _keep_consent(
        self, unit: UnitOfWork, conversation: Conversation, message: Message, wish: _Wish
    ) -> list[Say]:
        """Keep it, and confirm it once: who says it again hears nothing more."""
        contact = await unit.people.get(message.merchant_id, conversation.contact_id)
        now = self.clock.now()
        stop = wish.word is ConsentWord.stop
        keep = consents.stop if stop else consents.start
        new = await keep(unit, contact, wish.channel, wish.source, message.text, now)
        if stop:
            # Whatever was being agreed is left where it is.
            for question in await open_before(unit, message, now):
                question.closed_at = now
            mine = await unit.shipments.of_contact(message.merchant_id, contact.id)
            await change_delivery.drop_open(unit, conversation, mine, now)
            conversation.start_session()
        say = "restarted" if not stop else "stopped_here" if wish.channel else "stopped"
        return [Say(say)] if new else []

    async def _settled_code(
        self,
        unit: UnitOfWork,
        conversation: Conversation,
        message: Message,
        choice: Choice | None,
    ) -> bool:
        """Send a one-time code that was asked for by a choice, or answer to what was typed of one.

        In place of a right one the engine hears what the customer had wanted.
        """
        if message.engine_session is not None or message.kind not in {"text", "choice"}:
            return False
        now = self.clock.now()
        offer = read_offer(choice[1]) if choice else None
        if choice is not None and offer is not None:
            if choice[0].loop is None:
                # A form's own question stays: the code is to say yes to it.
                choice[0].closed_at = choice[0].closed_at or now
            reply = await self.codes.send(unit, conversation, *offer, now)
            await self._settle(unit, conversation, message, [reply])
            return True
        tried = None if choice else await self.codes.try_out(unit, conversation, message.text, now)
        if tried is None:
            return False
        if tried.go_on is None:
            await self._settle(unit, conversation, message, [tried.say])
            return True
        message.variables = {**message.variables, _HEARD: tried.go_on}
        await self._post(unit, conversation, message, tried.say)
        return False

    async def _notice_language(
        self, unit: UnitOfWork, conversation: Conversation, text: str
    ) -> None:
        """Go by what was written lately, unless a language was asked for in so many words."""
        contact = await unit.people.get(conversation.merchant_id, conversation.contact_id)
        if contact.language_fixed:
            return
        heard = self.languages.listen(text, contact.language, contact.language_evidence)
        contact.language = heard.language
        if heard.evidence != contact.language_evidence:
            contact.language_evidence = dict(heard.evidence)

    async def _ask(
        self,
        unit: UnitOfWork,
        conversation: Conversation,
        message: Message,
        questions: Sequence[Question],
        choice: Choice | None,
    ) -> _Asked:
        now = self.clock.now()
        waiting = conversation.waited_at(message.created_at) or (
            conversation.holder is Holder.waiting and message.engine_session is None
        )
        messages = await bursts.together(unit, message, questions)
        text = bursts.joined(messages)
        if message.engine_session is None:
            known = any(q.loop and q.session == conversation.session for q in questions)
            if choice is None and not (known and _NUMBER.search(text)):
                # An address or a name that a form asked for is in whatever language it is.
                await self._notice_language(unit, conversation, text)
            conversation.touch_session(now, mid_form=known)
            message.engine_session = conversation.session
        session = message.engine_session
        meant = meaning(choice, questions, session, text)
        heard = message.variables.get(_HEARD)
        if heard:
            # A yes answers the question that is open; anything else begins something.
            meant = replace(meant, text=CONFIRMED) if heard == CONFIRMED else Meaning(str(heard))
        return _Asked(
            message=message.id,
            sender=f"{conversation.id}.{session}",
            session=session,
            text=meant.text or _in_words(message, text),
            metadata={
                "merchant": str(message.merchant_id),
                "channel": message.channel,
                "at": message.created_at.isoformat(),
                "kind": message.kind,
            },
            meaning=meant,
            several=len(messages) > 1,
            waiting=waiting and not _is_taken_in(conversation, message),
        )

    async def _reply(self, merchant_id: UUID, asked: _Asked, turn: Turn) -> None:
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, asked.message, lock=True)
            if message.answered_at is not None:
                return
            conversation = await unit.conversations.get(
                merchant_id, message.conversation_id, lock=True
            )
            now = self.clock.now()
            message.answered_at = now
            if asked.several:
                await self._mark_answered(unit, message)
            message.understood = dict(turn.understood)
            if conversation.holder is Holder.agent:
                # An agent took over while the engine was thinking: the bot keeps silent.
                logger.info("dropped the bot's reply to %s: an agent holds it", message.id)
            elif asked.waiting and not is_served(conversation, asked.meaning.question, turn):
                # It is for the person: what the engine made of it is forgotten.
                mine = await unit.shipments.of_contact(merchant_id, conversation.contact_id)
                await change_delivery.drop_open(unit, conversation, mine, now)
                conversation.start_session()
                identity = await unit.people.identity_by_id(merchant_id, _address(message))
                await reassure(unit, conversation, identity, message, now)
            else:
                answered = asked.meaning.question
                await close_questions(unit, message, asked.session, answered, turn, now)
                identity = await unit.people.identity_by_id(merchant_id, _address(message))
                said = [*asked.meaning.first, *turn.replies]
                replies = [_in_session(say, asked.session, turn.loop) for say in said]
                await post_all(unit, conversation, identity, now, replies, in_reply_to=message.id)
            await notify_thread(unit, conversation)
            await unit.commit()

    async def _mark_answered(self, unit: UnitOfWork, message: Message) -> None:
        """All that was read as one is answered by one answer."""
        message.answered_at = self.clock.now()
        for other in await unit.messages.answered_with(message):
            other.answered_at = other.answered_at or message.answered_at

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
                await hand_over(unit, conversation, BY_ENGINE, self.clock.now())
                await self._mark_answered(unit, message)
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


def _in_words(message: Message, text: str) -> str:
    """What the engine hears; whoever only opens the chat is greeted."""
    if message.kind == "opened":
        return "/greet"
    place = message.variables.get("location")
    if message.kind == "location" and place:
        return f'/inform{{"location": "{place[0]},{place[1]}"}}'
    if message.kind == "image" and not text.strip():
        return '/inform{"media": "image"}'
    return plain(text)


def plain(text: str) -> str:
    """A customer's text as the engine may see it: a leading slash would be a command there."""
    return _COMMAND.sub("", text).strip() or "?"


def _is_for_people(conversation: Conversation, message: Message) -> bool:
    """Whether the bot hushes: a person has it or is awaited, and this is nothing to take in."""
    if conversation.holder is not Holder.waiting:
        return conversation.holder is Holder.agent
    if message.engine_session is not None or _is_taken_in(conversation, message):
        # Asked already, the engine may have been the one to ask for a person.
        return False
    return message.kind not in {"text", "choice"} or conversation.topic == BY_ENGINE


def _is_taken_in(conversation: Conversation, message: Message) -> bool:
    """Whether it is answered as if nobody were awaited."""
    return conversation.helped_meanwhile or (
        message.kind == "image" and conversation.awaits_picture
    )


def _in_session(say: Say, session: int, loop: str | None) -> Say:
    """A question of the form that the engine is in is known to its session from the start.

    Of any other, which a sentence merely offers to answer, it is told with the answer.
    """
    if say.question is None or say.question.get("loop") != loop:
        return say
    return Say(say.say, say.variables, say.options, {**say.question, "session": session})


def _address(message: Message) -> UUID:
    assert message.identity_id is not None, "an inbound message has a sender"
    return message.identity_id
