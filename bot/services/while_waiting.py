"""What somebody who waits for a person hears meanwhile.

What the bot can do it does: where the parcel is, another day. What is for the person is left to
them, and whoever asks whether anybody is there is told.
"""

import re
from datetime import datetime, timedelta

from bot.domain.answers import EDGE, any_of, plain
from bot.domain.conversation import Author, Conversation, Holder, Identity, Message, Question
from bot.services.hand_back import ASKED_BY
from bot.services.ports import Say, Turn, UnitOfWork
from bot.services.post import post
from bot.services.support import answered_within, back_at

_AGAIN_AFTER = timedelta(hours=1)
_PATIENT_FOR = timedelta(minutes=5)
"""Until then, what is no question is taken for more of the story, and needs no answer."""
_CLEAR = 0.6
_OF_ANY_CASE = {
    *ASKED_BY.values(),
    *("ask_proof_of_delivery", "ask_delivery_fees", "ask_delivery_options", "change_language"),
    *("stop_messages", "resume_messages", "set_notification_preferences"),
}
# Where it is was told with a case about what has been delivered.
_WHERE_IS_IT = {"track_parcel", "ask_delivery_time", "ask_courier_contact"}
_OF_WHAT_CAME = {
    *("report_not_received", "report_damage", "report_wrong_or_missing_item", "return_parcel"),
}
_ASKING = {
    "en": "hello|hey|anyone|anybody|when|who|what|how|why|where",
    "fr": "allo|bonjour|quand|qui|quoi|comment|pourquoi|combien|quelqu'un|est[- ]ce que",
    "es": "hola|oiga|cuando|quien|que|como|por que|cuanto|alguien",
    "de": "hallo|wann|wer|was|wie|warum|wieso|jemand",
    "pt": "ola|oi|quando|quem|como|quanto|alguem",
    "it": "pronto|ciao|quando|chi|cosa|come|quanto|qualcuno",
    "hi": "hello|kab|kaun|kya|kaise|koi|कब|कौन|क्या|कैसे|कोई",
}
_ASKS = re.compile(rf"\?|^\W*(?:\w+\W+){{0,2}}(?:{any_of(_ASKING)}){EDGE}")


def is_served(conversation: Conversation, answered: Question | None, turn: Turn) -> bool:
    """Whether a message is answered although a person is awaited: a clear wish, or an answer to us.

    Args:
        answered: the open question that it may answer.
        turn: what the engine made of it.
    """
    since = conversation.waiting_since
    if answered is not None and since is not None and answered.asked_at >= since:
        return True
    served = _OF_ANY_CASE if conversation.topic in _OF_WHAT_CAME else _OF_ANY_CASE | _WHERE_IS_IT
    read = turn.understood
    return read.get("intent") in served and float(read.get("confidence") or 0) >= _CLEAR


async def reassure(
    unit: UnitOfWork,
    conversation: Conversation,
    identity: Identity,
    message: Message,
    now: datetime,
) -> None:
    """Say that a person knows, and when they answer: once an hour, to whoever asks or has waited."""
    since = conversation.waiting_since
    if conversation.holder is not Holder.waiting or since is None or message.kind != "text":
        return
    if not _ASKS.search(plain(message.text)) and now - since < _PATIENT_FOR:
        return
    facts = {
        "back": await back_at(unit, message.merchant_id, now),
        "within": await answered_within(unit, conversation, now),
    }
    turn = (now - since) // _AGAIN_AFTER
    await post(
        unit,
        conversation,
        identity,
        now,
        author=Author.bot,
        say=Say("handed_over_already", facts),
        key=f"waiting:{conversation.id}:{since.isoformat()}:{turn}",
        in_reply_to=message.id,
    )
