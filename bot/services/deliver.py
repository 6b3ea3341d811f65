"""Delivering one queued message: may it go, is it its turn, send it, keep what came of it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bot.channels.base import Account, Capabilities, Channel
from bot.domain.clock import Clock
from bot.domain.conversation import Author, Message, MessageStatus
from bot.domain.errors import (
    Limited,
    NotYet,
    OptedOut,
    OutcomeUnknown,
    Permanent,
    Temporary,
    Unreachable,
    WindowClosed,
)
from bot.services import consents
from bot.services.fall_back import try_next, try_next_unless_it_arrives
from bot.services.pacing import turn
from bot.services.ports import UnitOfWork, Units, adapter_account
from bot.services.post import note, notify_thread, park
from bot.services.shaping import Shaping

logger = logging.getLogger(__name__)

RECEIPT_WAIT = timedelta(seconds=60)
"""How long a receipt may take before a send of unknown outcome is repeated, once."""
_SETTLED = {MessageStatus.failed, MessageStatus.parked, MessageStatus.withdrawn}
_UNKNOWN = "nobody knows whether it arrived; it was not sent again"


@dataclass(frozen=True)
class _Parcelled:
    """A message, ready to be sent: the payloads that have not gone yet."""

    account: Account
    to: str
    payloads: list[dict[str, Any]]
    channel: Channel


@dataclass(frozen=True)
class Deliver:
    """Delivers one message; running it again sends nothing twice."""

    units: Units
    clock: Clock
    channels: Mapping[str, Channel]
    shaping: Shaping

    async def __call__(self, merchant_id: UUID, message_id: UUID) -> None:
        """Send what of a queued message has not been sent yet.

        Raises:
            Temporary: not sent, try again (Limited: not before its `wait`).
        """
        ready = await self._prepare(merchant_id, message_id)
        if ready is None:
            return
        try:
            for payload in await self.shaping.with_files(ready.payloads):
                provider_id = await ready.channel.send(ready.account, ready.to, payload, message_id)
                if not await self._keep_sent(merchant_id, message_id, provider_id):
                    return
        except OutcomeUnknown as error:
            logger.warning("nobody knows whether %s was sent: %s", message_id, error)
            raise Limited("waiting for a receipt", RECEIPT_WAIT) from error
        except WindowClosed as error:
            await self._window_closed(merchant_id, message_id, str(error))
        except Permanent as error:
            if isinstance(error, OptedOut):
                await self._mirror_refusal(merchant_id, message_id, str(error))
            if isinstance(error, Unreachable):
                await self._remember_unreachable(merchant_id, message_id)
            await self.give_up(merchant_id, message_id, str(error))
        except Temporary as error:
            await self._keep_unsent(merchant_id, message_id, str(error))
            raise

    async def give_up(self, merchant_id: UUID, message_id: UUID, why: str) -> None:
        """Keep that a message will not be sent, and tell the people who see the thread."""
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id, lock=True)
            await self._fail(unit, message, why)
            await unit.commit()

    async def _window_closed(self, merchant_id: UUID, message_id: UUID, why: str) -> None:
        """The provider's word that the window is closed goes before our own reckoning."""
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id, lock=True)
            await self._hold(unit, message, why)
            await unit.commit()

    async def _hold(self, unit: UnitOfWork, message: Message, why: str) -> None:
        """What cannot be said now: a notice goes to the next channel, an answer waits."""
        if message.author is Author.flow:
            await self._fail(unit, message, why)
            return
        conversation = await unit.conversations.get(message.merchant_id, message.conversation_id)
        await park(unit, message, conversation, why, self.clock.now())

    async def _mirror_refusal(self, merchant_id: UUID, message_id: UUID, why: str) -> None:
        """A refusal that the provider knows of goes into our own ledger, for this channel."""
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id)
            conversation = await unit.conversations.get(merchant_id, message.conversation_id)
            contact = await unit.people.get(merchant_id, conversation.contact_id)
            now = self.clock.now()
            await consents.stop(unit, contact, message.channel, "provider", why, now)
            await unit.commit()

    async def _remember_unreachable(self, merchant_id: UUID, message_id: UUID) -> None:
        """The next notice goes by another channel at once."""
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id)
            if message.identity_id is not None:
                identity = await unit.people.identity_by_id(merchant_id, message.identity_id)
                identity.unreachable_at = self.clock.now()
            await unit.commit()

    async def _prepare(self, merchant_id: UUID, message_id: UUID) -> _Parcelled | None:
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id, lock=True)
            done = message.payloads and not message.unsent
            settled = message.status in _SETTLED
            if done or settled or message.identity_id is None:
                return None
            identity = await unit.people.identity_by_id(merchant_id, message.identity_id)
            channel = self.channels[identity.channel]
            if not await self._may_go(unit, message, channel.capabilities, identity.contact_id):
                await unit.commit()
                return None
            account = adapter_account(await unit.accounts.get(identity.account_id))
            if not message.payloads:
                why = await self.shaping(unit, message, channel, account, identity)
                if why:
                    await self._hold(unit, message, why)
                    await unit.commit()
                    return None
            wait = await turn(unit, message, channel.capabilities, account, self.clock.now())
            if wait > timedelta():
                await unit.commit()
                raise NotYet("waiting for its turn", wait)
            message.attempted_at = self.clock.now()
            await unit.commit()
        payloads = self.shaping.with_digits(message, message.unsent)
        return _Parcelled(account, identity.address, payloads, channel)

    async def _may_go(
        self, unit: UnitOfWork, message: Message, capabilities: Capabilities, contact_id: UUID
    ) -> bool:
        """Whether to send now; a message that must not or need not go is settled here."""
        if message.author is Author.flow and not await consents.may_send(
            unit, message.merchant_id, contact_id, message.channel, message.purpose
        ):
            await self._fail(unit, message, "the customer has opted out")
            return False
        if message.attempted_at is not None:
            return await self._settle_doubt(unit, message, message.attempted_at, capabilities)
        return True

    async def _settle_doubt(
        self,
        unit: UnitOfWork,
        message: Message,
        attempted_at: datetime,
        capabilities: Capabilities,
    ) -> bool:
        """An earlier try ended without a word: a crash, or a timeout after the request had left.

        A receipt with an id that we have not recorded tells that the part arrived after all.
        """
        if len(message.provider_ids) > message.sent_parts:
            message.sent_parts, message.attempted_at = message.sent_parts + 1, None
            return bool(message.unsent)
        waited = self.clock.now() - attempted_at
        if capabilities.receipts and waited < RECEIPT_WAIT:
            raise Limited("waiting for a receipt", RECEIPT_WAIT - waited)
        if not capabilities.receipts or message.doubts > 0:
            await self._fail(unit, message, _UNKNOWN)
            return False
        message.doubts += 1
        return True

    async def _keep_sent(self, merchant_id: UUID, message_id: UUID, provider_id: str) -> bool:
        """Keep that a part was sent; False where a receipt was quicker and the message waits now."""
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id, lock=True)
            if message.status is MessageStatus.parked:
                return False
            if provider_id not in message.provider_ids:
                message.provider_ids = [*message.provider_ids, provider_id]
            message.sent_parts += 1
            message.attempted_at = self.clock.now() if message.unsent else None
            if not message.unsent:
                if message.advance(MessageStatus.sent, self.clock.now()):
                    message.error = ""
                    await try_next_unless_it_arrives(unit, message, self.clock)
                await notify_thread(unit, message)
            await unit.commit()
        return True

    async def _keep_unsent(self, merchant_id: UUID, message_id: UUID, why: str) -> None:
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id, lock=True)
            message.attempted_at, message.error = None, why
            await unit.commit()

    async def _fail(self, unit: UnitOfWork, message: Message, why: str) -> None:
        now = self.clock.now()
        message.attempted_at, message.error = None, why
        message.advance(MessageStatus.failed, now, why)
        conversation = await unit.conversations.get(message.merchant_id, message.conversation_id)
        await note(unit, conversation, now, "not_delivered", reason=why)
        if why != _UNKNOWN:
            await try_next(unit, message)
