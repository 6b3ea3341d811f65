"""Delivering one queued message: word it, shape it for its channel, send it, keep the receipt."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bot.channels.base import Account, Capabilities, Channel, Option, Worded
from bot.domain.clock import Clock
from bot.domain.conversation import (
    Author,
    Contact,
    Identity,
    Message,
    MessageStatus,
    option_id,
)
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
from bot.domain.merchant import Merchant
from bot.domain.pace import Pace
from bot.domain.templates import TemplateUse
from bot.services import consents
from bot.services.fall_back import try_next, try_next_unless_it_arrives
from bot.services.framing import make_frame
from bot.services.links import Links
from bot.services.one_time_codes import CODE_VARIABLE, Digits
from bot.services.ports import UnitOfWork, Units, Wording, adapter_account
from bot.services.post import note, notify_thread, park
from bot.services.templating import Templating, is_closed

logger = logging.getLogger(__name__)

RECEIPT_WAIT = timedelta(seconds=60)
"""How long a receipt may take before a send of unknown outcome is repeated, once."""
_MASK = "######"
"""Stands for a one-time code's digits in everything that is kept."""
_FOR_ANSWERS = 0.25
"""The part of an account's pace that notices leave alone."""
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
    wording: Wording
    digits: Digits
    links: Links
    templating: Templating

    async def __call__(self, merchant_id: UUID, message_id: UUID) -> None:
        """Send what of a queued message has not been sent yet.

        Raises:
            Temporary: not sent, try again (Limited: not before its `wait`).
        """
        ready = await self._prepare(merchant_id, message_id)
        if ready is None:
            return
        try:
            for payload in ready.payloads:
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
            settled = message.status in {MessageStatus.failed, MessageStatus.parked}
            if done or settled or message.identity_id is None:
                return None
            identity = await unit.people.identity_by_id(merchant_id, message.identity_id)
            channel = self.channels[identity.channel]
            if not await self._may_go(unit, message, channel.capabilities, identity.contact_id):
                await unit.commit()
                return None
            account = adapter_account(await unit.accounts.get(identity.account_id))
            if not message.payloads:
                why = await self._shape(unit, message, channel, account, identity)
                if why:
                    await self._hold(unit, message, why)
                    await unit.commit()
                    return None
            wait = await self._turn(unit, message, channel.capabilities, account)
            if wait > timedelta():
                await unit.commit()
                raise NotYet("waiting for its turn", wait)
            message.attempted_at = self.clock.now()
            await unit.commit()
        payloads = self._with_digits(message, message.unsent)
        return _Parcelled(account, identity.address, payloads, channel)

    async def _shape(
        self,
        unit: UnitOfWork,
        message: Message,
        channel: Channel,
        account: Account,
        identity: Identity,
    ) -> str:
        """Find the words and the provider's requests, once: a retry sends the same ones.

        Returns why it cannot be said now, if it cannot.
        """
        merchant = await unit.merchants.get(message.merchant_id)
        contact = await unit.people.get(message.merchant_id, identity.contact_id)
        if message.say is not None:
            await self._word(unit, message, merchant, contact.language)
        worded = _worded(message)
        if is_closed(channel.capabilities, identity, self.clock.now()):
            use = await self._template(unit, message, merchant, account, contact.language)
            if isinstance(use, str):
                return use
            worded, message.text = replace(worded, template=use), use.text
        if channel.capabilities.framed:
            worded = await self._framed(unit, message, worded, identity, merchant, contact)
        message.payloads = channel.render(account, worded)
        return ""

    async def _template(
        self,
        unit: UnitOfWork,
        message: Message,
        merchant: Merchant,
        account: Account,
        language: str,
    ) -> TemplateUse | str:
        now = self.clock.now()
        told = {"merchant": merchant.name, **message.variables}
        return await self.templating.use(
            unit,
            merchant,
            message,
            account_id=account.id,
            language=language,
            word=lambda text: self.wording.put(text, told, language, now),
        )

    async def _turn(
        self, unit: UnitOfWork, message: Message, capabilities: Capabilities, account: Account
    ) -> timedelta:
        """How long until it is a message's turn; its turn is given to it once and then kept.

        A part of an account's pace is kept for answers, so that no amount of notices delays them.
        """
        now = self.clock.now()
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

    async def _framed(
        self,
        unit: UnitOfWork,
        message: Message,
        worded: Worded,
        identity: Identity,
        merchant: Merchant,
        contact: Contact,
    ) -> Worded:
        language = contact.language
        frame = await make_frame(
            unit,
            message,
            identity,
            merchant=merchant,
            language=language,
            links=self.links,
            say=self._sayer(merchant, language),
            now=self.clock.now(),
        )
        options = tuple(
            replace(option, url=self.links.choice(message.id, place))
            for place, option in enumerate(worded.options)
        )
        return replace(worded, options=options, frame=frame)

    def _with_digits(
        self, message: Message, payloads: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Put a one-time code where its mask is: it is in what is sent, never in what is kept."""
        code_id = message.variables.get(CODE_VARIABLE)
        if code_id is None:
            return payloads
        digits = self.digits.of(UUID(str(code_id)))
        return [json.loads(json.dumps(payload).replace(_MASK, digits)) for payload in payloads]

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

    async def _word(
        self, unit: UnitOfWork, message: Message, merchant: Merchant, language: str
    ) -> None:
        say = self._sayer(merchant, language)
        message.text = say(message.say or "", message.variables)
        message.options = [
            {**option, "shown": option.get("title") or say(option["key"], option.get("with") or {})}
            for option in message.options
        ]
        if message.options:
            label = say("options_label", {})
            message.variables = {**message.variables, "options_label": label}
        question = (
            await unit.questions.get(message.merchant_id, message.question_id)
            if message.question_id
            else None
        )
        if question is not None:
            question.options = message.options

    def _sayer(self, merchant: Merchant, language: str) -> Callable[[str, Mapping[str, Any]], str]:
        now = self.clock.now()

        def say(key: str, variables: Mapping[str, Any]) -> str:
            told = {"merchant": merchant.name, **variables}
            if CODE_VARIABLE in variables:
                told["code"] = _MASK
            return self.wording.say(key, told, language, merchant.wording, now)

        return say

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


def _pace(capabilities: Capabilities, account: Account) -> Pace | None:
    """An account's own pace, where its options name one, else its channel's."""
    given = account.options.get("per_second", "")
    try:
        return Pace.per_second(float(given)) if given else capabilities.pace
    except (ValueError, ZeroDivisionError, OverflowError):
        logger.warning("account %s: per_second: %r is no number above 0", account.id, given)
        return capabilities.pace


def _worded(message: Message) -> Worded:
    if message.question_id is None:
        return Worded(message.text)
    options = tuple(
        Option(option_id(message.question_id, place), str(option["shown"]))
        for place, option in enumerate(message.options)
    )
    return Worded(message.text, options, str(message.variables.get("options_label", "")))
