"""One-time codes: how somebody whom nobody vouches for proves that a parcel is theirs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

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
