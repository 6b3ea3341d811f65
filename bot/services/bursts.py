"""Messages in quick succession: waiting for the end of what is being typed, reading it as one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.access import typed_code
from bot.domain.consent import read_consent_word
from bot.domain.conversation import Conversation, Holder, Message, Question, chosen_by_words
from bot.domain.survey import read_score
from bot.services.ports import UnitOfWork

GREETING_PAUSE = timedelta(seconds=1.5)
"""After one or two words without a question ("hi", "bonjour"), which seldom come alone."""
LONGEST = timedelta(seconds=4)
"""However fast somebody goes on typing, an answer begins after this."""
_LONGEST_TEXT = 8000


async def together(unit: UnitOfWork, head: Message, questions: Sequence[Question]) -> list[Message]:
    """The messages that are answered with `head` as one, it being the first.

    Settled once and kept, so that a retry asks the engine the very same thing.
    """
    if head.answers_with is not None:
        return list(await unit.messages.answered_with(head))
    found = [head]
    if _joins(head, questions):
        length = len(head.text)
        for later in await unit.messages.unanswered(
            head.merchant_id, head.conversation_id, head.id
        ):
            length += len(later.text)
            same_way = (later.kind, later.identity_id) == (head.kind, head.identity_id)
            if not same_way or not _joins(later, questions) or length > _LONGEST_TEXT:
                break
            found.append(later)
    for message in found:
        message.answers_with = head.id
    return found


def joined(messages: Sequence[Message]) -> str:
    """What several messages say, a line each."""
    return "\n".join(message.text for message in messages)


def pause(
    messages: Sequence[Message],
    conversation: Conversation,
    questions: Sequence[Question],
    usual: timedelta,
    now: datetime,
) -> timedelta:
    """How much longer to wait for somebody to finish; nothing for what is complete in itself."""
    newest = messages[-1]
    if conversation.holder is not Holder.bot or not _joins(newest, questions):
        return timedelta()
    if _answers(newest, conversation, questions):
        return timedelta()
    words = joined(messages).split()
    brief = len(words) <= 2 and "?" not in newest.text
    return (GREETING_PAUSE if brief else usual) - (now - newest.created_at)


def _joins(message: Message, questions: Sequence[Question]) -> bool:
    """Whether it is a piece of talk, and no choice, code or word of consent that stands alone."""
    if message.kind != "text" or message.variables.get("opt_out"):
        return False
    if read_consent_word(message.text) or typed_code(message.text):
        return False
    last = questions[0] if questions else None
    return last is None or chosen_by_words(last.options, message.text) is None


def _answers(message: Message, conversation: Conversation, questions: Sequence[Question]) -> bool:
    """Whether a form waits for it: then it is an answer, and somebody waits for ours."""
    last = next((question for question in questions if question.loop), None)
    if last is None:
        return False
    return last.session == conversation.session or read_score(message.text) is not None
