"""What a customer wants to be written about, ticked on the page that every mail leads to."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from bot.domain.consent import Purpose, allows, refuses
from bot.domain.conversation import Contact
from bot.services import consents
from bot.services.ports import UnitOfWork

_SOURCE = "link"
EVERYWHERE = (Purpose.progress.value, Purpose.feedback.value)
"""What may be wanted or not, whichever the channel."""


async def wishes(
    unit: UnitOfWork, merchant_id: UUID, contact_id: UUID, channels: Collection[str]
) -> Mapping[str, bool]:
    """Whether each channel is wanted, and each kind of message that can be done without."""
    ledger = await unit.feedback.ledger(merchant_id, contact_id)
    return {name: allows(ledger, name, Purpose.service) for name in channels} | {
        purpose: not refuses(ledger, consents.EVERY_CHANNEL, purpose) for purpose in EVERYWHERE
    }


async def keep_wishes(
    unit: UnitOfWork, contact: Contact, wanted: Mapping[str, bool], now: datetime
) -> None:
    """Write to the ledger what has changed; what stays as it is makes no entry."""
    channels = [wish for wish in wanted if wish not in EVERYWHERE]
    before = await wishes(unit, contact.merchant_id, contact.id, channels)
    for wish, yes in wanted.items():
        if before[wish] == yes:
            continue
        # A kind of message is wanted or not on every channel, a channel for every kind.
        channel, purpose = (
            (consents.EVERY_CHANNEL, wish) if wish in EVERYWHERE else (wish, consents.EVERY_PURPOSE)
        )
        keep = consents.start if yes else consents.stop
        words = f"{wish}: {'yes' if yes else 'no'}"
        await keep(unit, contact, channel, _SOURCE, words, now, purpose=purpose)
