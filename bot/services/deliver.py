"""Delivering one queued message: may it go, is it its turn, send it, keep what came of it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bot.channels.base import Account, Capabilities, Channel
from bot.domain.clock import Clock
from bot.domain.conversation import Author, Message, MessageStatus
from bot.domain.errors import (
    DoorstepError,
    Limited,
    NotYet,
    OptedOut,
    OutcomeUnknown,
    Permanent,
    Temporary,
    Unreachable,
    WindowClosed,
)
from bot.domain.merchant import ProviderAccount
from bot.services import consents
from bot.services.call_people import call_people
from bot.services.fall_back import try_next, try_next_unless_it_arrives
from bot.services.in_time import TOO_LATE, goes_at
from bot.services.pacing import give_turns, paces_of_account, paces_of_recipient, put_off
from bot.services.ports import UnitOfWork, Units, adapter_account
from bot.services.post import note, notify_thread, park
from bot.services.shaping import Shaping

logger = logging.getLogger(__name__)

RECEIPT_WAIT = timedelta(seconds=60)
"""How long a receipt may take before a send of unknown outcome is repeated, once."""
_AT_ONCE = 8
"""Requests to providers by one batch."""
_KEPT_EVERY = 1.0
"""Seconds after which those of a batch are kept that were sent, though others are on their way."""

type Wanted = tuple[UUID, UUID]
"""A message, by its merchant's id and its own."""
type Outcomes = Mapping[int, Exception | None]

_SETTLED = {MessageStatus.failed, MessageStatus.parked, MessageStatus.withdrawn}
_UNKNOWN = "nobody knows whether it arrived; it was not sent again"


@dataclass(frozen=True)
class _Parcelled:
    """A message, ready to be sent: the payloads that have not gone yet."""

    message: Message
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
        except DoorstepError as error:
            await self._meet(merchant_id, message_id, error)

    async def _meet(self, merchant_id: UUID, message_id: UUID, error: Exception) -> None:
        """Do what follows from an error in sending; raises what is to be tried again."""
        if isinstance(error, OutcomeUnknown):
            logger.warning("nobody knows whether %s was sent: %s", message_id, error)
            raise Limited("waiting for a receipt", RECEIPT_WAIT) from error
        if isinstance(error, WindowClosed):
            await self._window_closed(merchant_id, message_id, str(error))
        elif isinstance(error, Permanent):
            if isinstance(error, OptedOut):
                await self._mirror_refusal(merchant_id, message_id, error)
            if isinstance(error, Unreachable):
                await self._remember_unreachable(merchant_id, message_id)
            await self.give_up(merchant_id, message_id, str(error))
        else:
            if isinstance(error, Temporary):
                await self._keep_unsent(merchant_id, message_id, error)
            raise error

    async def together(self, wanted: Sequence[Wanted]) -> AsyncGenerator[Outcomes]:
        """Send many messages, no two of them to one address, with a transaction before and one after.

        Tells of each by its place what came of it, as soon as that is kept: None, or the error that
        it would have raised alone. Nothing is told of those that are to be delivered alone: which
        may have been sent before, or go in several parts.
        """
        ready, outcomes = await self._prepare_all(wanted)
        yield outcomes
        turns = asyncio.Semaphore(_AT_ONCE)
        sends = {
            asyncio.create_task(self._send(parcelled, turns)): place
            for place, parcelled in ready.items()
        }
        pending = set(sends)
        try:
            while pending:
                # Whoever is slow is not waited for by all.
                over, pending = await asyncio.wait(pending, timeout=_KEPT_EVERY)
                if over:
                    came = {sends[one]: one.result() for one in over}
                    yield await self._keep_all({p: (ready[p], it) for p, it in came.items()})
        finally:
            for one in pending:
                one.cancel()

    async def _prepare_all(
        self, wanted: Sequence[Wanted]
    ) -> tuple[dict[int, _Parcelled], dict[int, Exception | None]]:
        """Those that are about to be sent, and what came of those that are not; by their places."""
        ready: dict[int, _Parcelled] = {}
        outcomes: dict[int, Exception | None] = {}
        async with self.units.together() as unit:
            found = {m.id: m for m in await unit.ahead.messages([one[1] for one in wanted])}
            for place, (merchant_id, message_id) in enumerate(wanted):
                message = found.get(message_id)
                if message is None or message.merchant_id != merchant_id or message.attempted_at:
                    continue
                try:
                    parcelled = await self._parcel(unit, message)
                except NotYet as error:
                    outcomes[place] = error
                    continue
                if parcelled is None:
                    outcomes[place] = None
                elif len(parcelled.payloads) == 1:
                    ready[place] = parcelled
            await self._take_turns(unit, list(ready.values()))
            await unit.commit()
        for place in [place for place, one in ready.items() if one.message.attempted_at is None]:
            outcomes[place] = self._not_yet(ready.pop(place).message)
        return ready, outcomes

    async def _send(self, ready: _Parcelled, turns: asyncio.Semaphore) -> str | Exception:
        """The provider's id, or why there is none."""
        async with turns:
            try:
                (payload,) = await self.shaping.with_files(ready.payloads)
                return await ready.channel.send(ready.account, ready.to, payload, ready.message.id)
            except Exception as error:  # noqa: BLE001  it is kept, and the job's own
                return error

    async def _keep_all(self, sent: Mapping[int, tuple[_Parcelled, str | Exception]]) -> Outcomes:
        """Keep what came of messages, by their places; those that were sent in one transaction."""
        done = {ready.message.id: it for ready, it in sent.values() if isinstance(it, str)}
        failed = await _caught(self._keep_all_sent(done)) if done else None
        outcomes: dict[int, Exception | None] = {}
        for place, (ready, it) in sent.items():
            which = ready.message.merchant_id, ready.message.id
            if not isinstance(it, str):
                outcomes[place] = await _caught(self._meet(*which, it))
            else:
                outcomes[place] = await _caught(self._keep_sent(*which, it)) if failed else None
        return outcomes

    async def _keep_all_sent(self, provider_ids: Mapping[UUID, str]) -> None:
        async with self.units.together() as unit:
            for message in await unit.ahead.locked(provider_ids):
                if message.status is not MessageStatus.parked:
                    await self._sent(unit, message, provider_ids[message.id])
            await unit.commit()

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

    async def _mirror_refusal(self, merchant_id: UUID, message_id: UUID, error: OptedOut) -> None:
        """A refusal that the provider knows of goes into our own ledger, for this channel."""
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id)
            conversation = await unit.conversations.get(merchant_id, message.conversation_id)
            contact = await unit.people.get(merchant_id, conversation.contact_id)
            now = self.clock.now()
            said = (message.channel, "provider", str(error), now)
            await consents.stop(unit, contact, *said, purpose=error.purpose)
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
            ready = await self._parcel(unit, message)
            if ready is not None:
                await self._take_turns(unit, [ready])
            await unit.commit()
        if ready is not None and message.attempted_at is None:
            raise self._not_yet(message)
        return ready

    async def _parcel(self, unit: UnitOfWork, message: Message) -> _Parcelled | None:
        """A message, shaped; None where nothing of it is to be sent now, or ever."""
        done = message.payloads and not message.unsent
        if done or message.status in _SETTLED or message.identity_id is None:
            return None
        identity = await unit.people.identity_by_id(message.merchant_id, message.identity_id)
        channel = self.channels[identity.channel]
        if not await self._may_go(unit, message, channel.capabilities, identity.contact_id):
            return None
        account = self._account(await unit.accounts.get(identity.account_id))
        if not message.payloads:
            why = await self.shaping(unit, message, channel, account, identity)
            if why:
                await self._hold(unit, message, why)
                return None
        payloads = self.shaping.with_digits(message, message.unsent)
        return _Parcelled(message, account, identity.address, payloads, channel)

    def _account(self, account: ProviderAccount) -> Account:
        """As the adapters want it, with where the provider reports to, if it has not been told."""
        reports = {"callback_url": self.shaping.links.reports(account.name, account.id)}
        known = adapter_account(account)
        return replace(known, options=reports | dict(known.options))

    async def _take_turns(self, unit: UnitOfWork, ready: Sequence[_Parcelled]) -> None:
        """Mark those as about to be sent whose turn it is."""
        now = self.clock.now()
        waiting = [(one.message, one.channel.capabilities, one.account) for one in ready]
        await give_turns(unit, waiting, now)
        for one in ready:
            its_turn = one.message.slot_at is not None and one.message.slot_at <= now
            one.message.attempted_at = now if its_turn else None

    def _not_yet(self, message: Message) -> NotYet:
        now = self.clock.now()
        return NotYet("waiting for its turn", max((message.slot_at or now) - now, timedelta()))

    async def _may_go(
        self, unit: UnitOfWork, message: Message, capabilities: Capabilities, contact_id: UUID
    ) -> bool:
        """Whether to send now; a message that must not or need not go is settled here.

        Raises:
            NotYet: it has waited into the customer's quiet hours.
        """
        if message.author is Author.flow and not await consents.may_send(
            unit, message.merchant_id, contact_id, message.channel, message.purpose
        ):
            await self._fail(unit, message, "the customer has opted out")
            return False
        if message.attempted_at is not None:
            return await self._settle_doubt(unit, message, message.attempted_at, capabilities)
        return message.author is not Author.flow or await self._in_time(unit, message, contact_id)

    async def _in_time(self, unit: UnitOfWork, message: Message, contact_id: UUID) -> bool:
        """Whether a notice still has a sense, and may go at this hour: it was held up in between."""
        now = self.clock.now()
        contact = await unit.people.get(message.merchant_id, contact_id)
        goes = await goes_at(unit, message, contact, now)
        if goes is None:
            await self._fail(unit, message, TOO_LATE)
            return False
        if goes > now:
            raise NotYet("quiet hours", goes - now)
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
            if not message.unsent:
                await self._wait_for_receipt(unit, message)
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
            await self._sent(unit, message, provider_id)
            await unit.commit()
        return True

    async def _sent(self, unit: UnitOfWork, message: Message, provider_id: str) -> None:
        if provider_id not in message.provider_ids:
            message.provider_ids = [*message.provider_ids, provider_id]
        message.sent_parts += 1
        message.attempted_at = self.clock.now() if message.unsent else None
        if not message.unsent:
            if message.advance(MessageStatus.sent, self.clock.now()):
                message.error = ""
            await self._wait_for_receipt(unit, message)
            await notify_thread(unit, message)

    async def _wait_for_receipt(self, unit: UnitOfWork, message: Message) -> None:
        """Look later whether it has arrived, as the ladder says; a receipt may have been quicker."""
        receipts = self.channels[message.channel].capabilities.receipts
        if receipts and message.status is MessageStatus.sent:
            await try_next_unless_it_arrives(unit, message, self.clock)

    async def _keep_unsent(self, merchant_id: UUID, message_id: UUID, error: Temporary) -> None:
        async with self.units() as unit:
            message = await unit.messages.get(merchant_id, message_id, lock=True)
            # Its turn is over: what has failed together must not come again together.
            message.attempted_at, message.slot_at, message.error = None, None, str(error)
            if isinstance(error, Limited):
                await self._be_silent(unit, message, error)
            await unit.commit()

    async def _be_silent(self, unit: UnitOfWork, message: Message, asked: Limited) -> None:
        """Let nothing else go meanwhile: whoever goes on is made to be silent for longer."""
        if message.account_id is None:
            return
        account = self._account(await unit.accounts.get(message.account_id))
        can = self.channels[message.channel].capabilities
        until = self.clock.now() + asked.wait
        if asked.one_recipient:
            await put_off(unit, paces_of_recipient(message, can), until)
        else:
            await put_off(unit, paces_of_account(can, account), until)

    async def _fail(self, unit: UnitOfWork, message: Message, why: str) -> None:
        now = self.clock.now()
        message.attempted_at, message.error = None, why
        message.advance(MessageStatus.failed, now, why)
        conversation = await unit.conversations.get(message.merchant_id, message.conversation_id)
        await note(unit, conversation, now, "not_delivered", reason=why)
        if why not in {_UNKNOWN, TOO_LATE}:
            await call_people(unit, message, conversation, now)
            await try_next(unit, message)


async def _caught(doing: Awaitable[object]) -> Exception | None:
    """The error in which something ends."""
    try:
        await doing
    except Exception as error:  # noqa: BLE001  it is kept, and the job's own
        return error
    return None
