"""Consent: keeping what people say about being written to, and asking it before we write."""

from datetime import datetime
from uuid import UUID

from bot.domain.consent import (
    EVERY_CHANNEL,
    EVERY_PURPOSE,
    Consent,
    allows,
    refuses,
    says_already,
)
from bot.domain.conversation import Contact, Conversation
from bot.domain.ids import new_id
from bot.services.ports import UnitOfWork

__all__ = ["EVERY_CHANNEL", "EVERY_PURPOSE", "has_stopped", "may_send", "start", "stop"]


async def stop(
    unit: UnitOfWork,
    contact: Contact,
    channel: str,
    source: str,
    text: str,
    now: datetime,
    *,
    purpose: str = EVERY_PURPOSE,
) -> bool:
    """Keep a refusal. Returns whether it is new.

    Args:
        channel: the one refused, or EVERY_CHANNEL.
        source: how it was said: `keyword`, `words`, `link`, `agent`; `provider` where the
            provider told us, by acting on it or by refusing to send.
        text: the words themselves, as evidence.
        purpose: what is refused, by default all; "no surveys" is `feedback`.
    """
    return await _keep(unit, contact, channel, source, text, now, purpose=purpose, given=False)


async def start(
    unit: UnitOfWork,
    contact: Contact,
    channel: str,
    source: str,
    text: str,
    now: datetime,
    *,
    purpose: str = EVERY_PURPOSE,
) -> bool:
    """Keep a consent. Returns whether it is new. Arguments as for `stop`.

    One to every purpose lifts a stop of every purpose; marketing, or a purpose that was refused by
    its name, has to be named.
    """
    return await _keep(unit, contact, channel, source, text, now, purpose=purpose, given=True)


async def may_send(
    unit: UnitOfWork, merchant_id: UUID, contact_id: UUID, channel: str, purpose: str
) -> bool:
    """Whether a message that nobody asked for may be sent."""
    return allows(await unit.feedback.ledger(merchant_id, contact_id), channel, purpose)


async def has_stopped(unit: UnitOfWork, conversation: Conversation, channel: str) -> bool:
    """Whether the last word of a conversation's contact on a channel was a general refusal."""
    ledger = await unit.feedback.ledger(conversation.merchant_id, conversation.contact_id)
    return refuses(ledger, channel, EVERY_PURPOSE)


async def _keep(
    unit: UnitOfWork,
    contact: Contact,
    channel: str,
    source: str,
    text: str,
    now: datetime,
    *,
    purpose: str,
    given: bool,
) -> bool:
    ledger = await unit.feedback.ledger(contact.merchant_id, contact.id)
    if says_already(ledger, channel, purpose, given=given):
        return False
    unit.add(
        Consent(
            id=new_id(),
            merchant_id=contact.merchant_id,
            contact_id=contact.id,
            channel=channel,
            purpose=purpose,
            given=given,
            source=source,
            text=text[:500],
            at=now,
        )
    )
    await unit.flush()
    return True
