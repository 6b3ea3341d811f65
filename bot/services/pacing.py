"""Whose turn it is: no account and no person gets more at once than their provider allows."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime

from bot.channels.base import Account, Capabilities
from bot.domain.conversation import Author, Message
from bot.domain.pace import Pace
from bot.services.ports import UnitOfWork

logger = logging.getLogger(__name__)

_FOR_ANSWERS = 0.25
"""The part of an account's pace that notices leave alone."""
_ANSWERS, _NOTICES = "answers", "notices"


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
        for key, pace in _kept_to(message, capabilities, account).items()
    ]
    for message, _, _ in waiting:
        message.slot_at = message.slot_at or now
    waits = await unit.paces.take_turns([(key, pace) for _, key, pace in wanted], now)
    for (message, _, _), wait in zip(wanted, waits, strict=True):
        assert message.slot_at is not None
        message.slot_at = max(message.slot_at, now + wait)


async def put_off(unit: UnitOfWork, paces: Mapping[str, Pace], until: datetime) -> None:
    """Let nothing of what goes at these paces go before a moment."""
    # A turn is over when its place and those of a burst are: see `Pace.wait`.
    await unit.paces.put_off(
        {key: until + pace.every * (pace.burst - 1) for key, pace in paces.items()}
    )


def paces_of_account(capabilities: Capabilities, account: Account) -> dict[str, Pace]:
    """The paces of an account, by the names of what goes at them: answers', and notices'."""
    pace = _pace(capabilities, account)
    if pace is None:
        return {}
    shares = {_ANSWERS: _FOR_ANSWERS, _NOTICES: 1 - _FOR_ANSWERS}
    return {f"{account.id}:{whose}": pace.share(part) for whose, part in shares.items()}


def paces_of_recipient(message: Message, capabilities: Capabilities) -> dict[str, Pace]:
    """The pace of what goes to a message's recipient, if its channel has one."""
    pace = capabilities.recipient_pace
    return {} if pace is None else {f"{message.identity_id}": pace}


def _kept_to(message: Message, capabilities: Capabilities, account: Account) -> dict[str, Pace]:
    """The paces that a message is kept to, each with the name of what goes at it."""
    whose = _NOTICES if message.author is Author.flow else _ANSWERS
    of_account = paces_of_account(capabilities, account).items()
    mine = {key: pace for key, pace in of_account if key.endswith(whose)}
    return mine | paces_of_recipient(message, capabilities)


def _pace(capabilities: Capabilities, account: Account) -> Pace | None:
    """An account's own pace, where its options name one, else its channel's."""
    given = account.options.get("per_second", "")
    try:
        return Pace.per_second(float(given)) if given else capabilities.pace
    except (ValueError, OverflowError):
        logger.warning("account %s: per_second: %r is no number above 0", account.id, given)
        return capabilities.pace
