"""One-time codes: how somebody whom nobody vouches for proves that a parcel is theirs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from bot.domain.answers import EDGE, POLITE, any_of, plain

VALID_FOR = timedelta(minutes=10)
GRANTED_FOR = timedelta(hours=24)
"""How long a right code lets its conversation see and change the parcel."""
WRONG_AT_MOST = 5
"""Wrong codes after which a conversation may try no more for a parcel."""
CODES_A_DAY = 5
"""Codes sent for one parcel, whoever asks: nobody's phone is to be flooded."""
BETWEEN = timedelta(minutes=1)
COUNTED_FOR = timedelta(days=1)

_DIGITS = 6
_TALKED_ABOUT = 8
"""Words beside a code; a longer text is something else that has a number in it."""
_NUMBER = re.compile(r"\d+(?:[ \-.]\d+)*")
_CODE = "(?<!post )(?<!zip )(?<!gate )(?<!door )codes?|kode|codigo|codice|pin|otp|कोड|ओटीपी"
_NOT_HERE = {
    "en": "no|not|never|didn'?t|don'?t|doesn'?t|haven'?t|hasn'?t|isn'?t|where|wheres|still waiting",
    "fr": "pas|rien|aucun|jamais|toujours pas|ou",
    "es": "no|ningun|nunca|donde",
    "de": "nicht|kein(?:en)?|nie|wo",
    "pt": "nao|nenhum|onde",
    "it": "non|nessun|dove",
    "hi": "nahi|nahin|nhi|kahan|नहीं|कहाँ|कहां",
}
_AGAIN = {
    "en": "again|another|new|re-?send|once more",
    "fr": "re-?n?(?:envo[iy]\\w*|voye\\w*)|encore|nouveau|autre",
    "es": "otra vez|de nuevo|otro|nuevo|reenv\\w+|vuelve a",
    "de": "noch ?mal|nochmals|erneut|neue[nr]?|wieder|noch einen",
    "pt": "de novo|outro|novo|novamente|reenvi\\w+",
    "it": "di nuovo|un altro|nuovo|ancora|rinvi\\w+",
    "hi": "phir(?: se)?|dobara|dubara|naya|फिर|दोबारा|नया",
}
_SEND = "send|sent|envo[iy]\\w*|manda\\w*|envi\\w*|schick\\w*|send\\w*|invi\\w*|bhej\\w*|भेज\\w*"
_FILLER = "it|me|one|the|can|could|you|u|le|la|moi|m|les|me|lo|bitte|sie|es|mir|mi|por|do|to|karo|dijiye|ek|un|une|en|fois"
_ABOUT_CODE = re.compile(
    rf"(?<!\w)(?:{_CODE}){EDGE}(?=.*(?<!\w)(?:{any_of(_NOT_HERE)}|{any_of(_AGAIN)}){EDGE})"
    rf"|(?<!\w)(?:{any_of(_NOT_HERE)}|{any_of(_AGAIN)}){EDGE}.*(?<!\w)(?:{_CODE}){EDGE}"
)
_SEND_AGAIN = re.compile(
    rf"\W*(?:(?:{_SEND}|{any_of(_AGAIN)}|{_FILLER}|{plain(POLITE)}){EDGE}\W*)+"
)
_SAYS_AGAIN = re.compile(rf"(?<!\w)(?:{any_of(_AGAIN)}){EDGE}")


class Standing(StrEnum):
    """What may be done about a parcel's code now."""

    free = "free"
    too_soon = "too_soon"
    too_many = "too_many"
    locked = "locked"


@dataclass(eq=False)
class AccessCode:
    """A code that was sent to a parcel's own contact; the digits themselves are kept nowhere.

    `wish` is what the customer wanted when the code was offered: an intent, taken up afterwards.
    """

    id: UUID
    merchant_id: UUID
    shipment_id: UUID
    conversation_id: UUID
    created_at: datetime
    wish: str = ""
    wrong: int = 0
    used_at: datetime | None = None

    def expired_at(self, now: datetime) -> bool:
        return now >= self.created_at + VALID_FOR


@dataclass(eq=False)
class ParcelGrant:
    """A right code's effect: the conversation may see and change this one parcel for a while."""

    id: UUID
    merchant_id: UUID
    shipment_id: UUID
    conversation_id: UUID
    created_at: datetime
    expires_at: datetime


def standing(codes: Sequence[AccessCode], conversation_id: UUID, now: datetime) -> Standing:
    """Whether a new code may be sent; `codes` are all of the parcel's of the last day."""
    recent = [code for code in codes if now - code.created_at < COUNTED_FOR]
    if tries_left(recent, conversation_id, now) <= 0:
        return Standing.locked
    if any(now - code.created_at < BETWEEN for code in recent):
        return Standing.too_soon
    return Standing.too_many if len(recent) >= CODES_A_DAY else Standing.free


def tries_left(codes: Sequence[AccessCode], conversation_id: UUID, now: datetime) -> int:
    """How many wrong codes a conversation may still type for a parcel, over all its codes.

    A new code gives no new tries; a right one forgives what was mistyped before it.
    """
    wrong = sum(
        code.wrong
        for code in codes
        if code.conversation_id == conversation_id
        and code.used_at is None
        and now - code.created_at < COUNTED_FOR
    )
    return WRONG_AT_MOST - wrong


def typed_code(text: str) -> str | None:
    """The code in a message, as plain digits; None when it does not read as one.

    A number alone that is one digit short or long counts as an attempt: it was meant as one.
    """
    numbers = [re.sub(r"\D", "", found) for found in _NUMBER.findall(text)]
    if len(numbers) != 1 or len(text.split()) > _TALKED_ABOUT:
        return None
    # Devanagari and other digits are digits too.
    digits = "".join(str(int(digit)) for digit in numbers[0])
    alone = re.fullmatch(r"\W*[\d \-.]+\W*", text.strip()) is not None
    near = abs(len(digits) - _DIGITS) <= 1 if alone else len(digits) == _DIGITS
    return digits if near else None


def wants_code_again(text: str) -> bool:
    """Whether somebody who waits for a code asks for it once more: "didn't get any code", "again pls"."""
    words = plain(text)
    if len(words.split()) > _TALKED_ABOUT + 2:
        return False
    asks_for_more = _SAYS_AGAIN.search(words) and _SEND_AGAIN.fullmatch(words)
    return _ABOUT_CODE.search(words) is not None or asks_for_more is not None
