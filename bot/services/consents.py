"""Consent: keeping what people say about being written to, and asking it before we write."""

from datetime import datetime
from uuid import UUID

from bot.domain.consent import Consent, Purpose
from bot.domain.conversation import Contact, Conversation
from bot.domain.ids import new_id
from bot.services.ports import UnitOfWork

EVERY_CHANNEL = ""
EVERY_PURPOSE = ""


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
            provider has refused to send because of it.
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
    """Keep a consent. Returns whether it is new. Arguments as for `stop`."""
    return await _keep(unit, contact, channel, source, text, now, purpose=purpose, given=True)


async def may_send(
    unit: UnitOfWork, merchant_id: UUID, contact_id: UUID, channel: str, purpose: str
) -> bool:
    """Whether a message that nobody asked for may be sent.

    Silence is consent to word about one's own parcel and to the one question after it,
    never to marketing.
    """
    last = await unit.feedback.consent(merchant_id, contact_id, channel, purpose)
    if last is not None:
        return last.given
    return purpose != Purpose.marketing


async def has_stopped(unit: UnitOfWork, conversation: Conversation, channel: str) -> bool:
    """Whether the last word of a conversation's contact on a channel was a refusal."""
    last = await unit.feedback.consent(
        conversation.merchant_id, conversation.contact_id, channel, EVERY_PURPOSE
    )
    return last is not None and not last.given


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
    last = await unit.feedback.consent(contact.merchant_id, contact.id, channel, purpose)
    covered = last is not None and last.given == given and last.channel in {channel, EVERY_CHANNEL}
    if covered and channel:
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
    return not covered
