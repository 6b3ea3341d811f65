"""Consent: the words that stop and start messages, and whom we may write to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

# The words that US carriers and Twilio treat as an opt-out when they are the whole message.
# https://help.twilio.com/articles/223134027 ; ARRET is the French operators' rule.
_STOP = {
    "stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "arret", "arrêt",
}  # fmt: skip
_START = {"start", "unstop"}


class Purpose(StrEnum):
    """What a message is for; consent is per purpose."""

    service = "service"
    feedback = "feedback"
    marketing = "marketing"


@dataclass(eq=False)
class Consent:
    """An entry of the ledger; the last one per channel counts. Channel "" means all."""

    id: UUID
    merchant_id: UUID
    contact_id: UUID
    channel: str
    purpose: str
    given: bool
    source: str
    text: str
    at: datetime


class ConsentWord(StrEnum):
    """What a whole message of one word says about being written to."""

    stop = "stop"
    start = "start"


def read_consent_word(text: str) -> ConsentWord | None:
    """Read STOP or START; only as the whole message.

    CANCEL and YES are left out: in delivery talk they mean something else.
    """
    word = text.strip().strip(".!\"'").casefold()
    if word in _STOP:
        return ConsentWord.stop
    return ConsentWord.start if word in _START else None
