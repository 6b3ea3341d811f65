"""Whose turn it is: no account and no person gets more at once than their provider allows."""

import logging
from collections.abc import Collection, Iterator
from datetime import datetime

from bot.channels.base import Account, Capabilities
from bot.domain.conversation import Author, Message
from bot.domain.pace import Pace
from bot.services.ports import UnitOfWork

logger = logging.getLogger(__name__)

_FOR_ANSWERS = 0.25
"""The part of an account's pace that notices leave alone."""


async def give_turns(
    unit: UnitOfWork, waiting: Collection[tuple[Message, Capabilities, Account]], now: datetime
) -> None:
    """Set when it is each message's turn: `slot_at`, which is given to it once and then kept.

    A part of an account's pace is kept for answers, so that no amount of notices delays them.
    """
    wanted = [
        (message, key, pace)
        for message, capabilities, account in waiting
        if message.slot_at is None
        for key, pace in _kept_to(message, capabilities, account)
    ]
    for message, _, _ in waiting:
        message.slot_at = message.slot_at or now
    waits = await unit.paces.take_turns([(key, pace) for _, key, pace in wanted], now)
    for (message, _, _), wait in zip(wanted, waits, strict=True):
        assert message.slot_at is not None
        message.slot_at = max(message.slot_at, now + wait)


async def put_off(
    unit: UnitOfWork,
    message: Message,
    capabilities: Capabilities,
    account: Account,
    until: datetime,
    *,
    one_recipient: bool,
) -> None:
    """Let nothing of a message's account, or to its recipient, go before a moment.

    Whoever goes on while its provider asks for silence is made to be silent for longer.
    """
    if one_recipient:
        pace = capabilities.recipient_pace
        held = {f"{message.identity_id}": pace} if pace else {}
    else:
        pace = _pace(capabilities, account)
        held = (
            {f"{account.id}:{whose}": share for whose, share in _shares(pace).items()}
            if pace
            else {}
        )
    # A turn is over when its place and those of a burst are: see `Pace.wait`.
    await unit.paces.put_off(
        {key: until + its.every * (its.burst - 1) for key, its in held.items()}
    )


def _shares(pace: Pace) -> dict[str, Pace]:
    return {"answers": pace.share(_FOR_ANSWERS), "notices": pace.share(1 - _FOR_ANSWERS)}


def _kept_to(
    message: Message, capabilities: Capabilities, account: Account
) -> Iterator[tuple[str, Pace]]:
    """The paces that a message is kept to, each with the name of what goes at it."""
    whose = "notices" if message.author is Author.flow else "answers"
    pace = _pace(capabilities, account)
    if pace is not None:
        yield f"{account.id}:{whose}", _shares(pace)[whose]
    if capabilities.recipient_pace is not None:
        yield f"{message.identity_id}", capabilities.recipient_pace


def _pace(capabilities: Capabilities, account: Account) -> Pace | None:
    """An account's own pace, where its options name one, else its channel's."""
    given = account.options.get("per_second", "")
    try:
        return Pace.per_second(float(given)) if given else capabilities.pace
    except (ValueError, OverflowError):
        logger.warning("account %s: per_second: %r is no number above 0", account.id, given)
        return capabilities.pace
