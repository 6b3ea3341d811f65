"""Whose turn it is: no account and no person gets more at once than their provider allows."""

import logging
from datetime import datetime, timedelta

from bot.channels.base import Account, Capabilities
from bot.domain.conversation import Author, Message
from bot.domain.pace import Pace
from bot.services.ports import UnitOfWork

logger = logging.getLogger(__name__)

_FOR_ANSWERS = 0.25
"""The part of an account's pace that notices leave alone."""


async def turn(
    unit: UnitOfWork, message: Message, capabilities: Capabilities, account: Account, now: datetime
) -> timedelta:
    """How long until it is a message's turn; its turn is given to it once and then kept.

    A part of an account's pace is kept for answers, so that no amount of notices delays them.
    """
    if message.slot_at is None:
        waits = [timedelta()]
        urgent = message.author is not Author.flow
        pace = _pace(capabilities, account)
        if pace is not None:
            share = pace.share(_FOR_ANSWERS if urgent else 1 - _FOR_ANSWERS)
            key = f"{account.id}:{'answers' if urgent else 'notices'}"
            waits.append(await unit.paces.take_turn(key, share, now))
        if capabilities.recipient_pace is not None:
            key = f"{message.identity_id}"
            waits.append(await unit.paces.take_turn(key, capabilities.recipient_pace, now))
        message.slot_at = now + max(waits)
    return message.slot_at - now


def _pace(capabilities: Capabilities, account: Account) -> Pace | None:
    """An account's own pace, where its options name one, else its channel's."""
    given = account.options.get("per_second", "")
    try:
        return Pace.per_second(float(given)) if given else capabilities.pace
    except (ValueError, OverflowError):
        logger.warning("account %s: per_second: %r is no number above 0", account.id, given)
        return capabilities.pace
