"""A provider told us something: keep it, and let the answer follow as a job."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from bot.channels.base import (
    Amendment,
    Capabilities,
    Channel,
    Fetches,
    Inbound,
    InboundKind,
    Preference,
    Receipt,
    Update,
)
from bot.domain.clock import Clock
from bot.domain.conversation import (
    Author,
    Contact,
    Conversation,
    Holder,
    Identity,
    Message,
    MessageStatus,
)
from bot.domain.errors import BadSignature, NotFound
from bot.domain.ids import new_id
from bot.domain.merchant import ProviderAccount
from bot.domain.pace import Urgency
from bot.services import consents
from bot.services.call_people import call_people
from bot.services.desk import working_time
from bot.services.erase_person import remember_refusals
from bot.services.fall_back import try_next
from bot.services.keep_file import keep_file
from bot.services.links import Links
from bot.services.ports import MediaStore, UnitOfWork, Units
from bot.services.post import defer_delivery, note, notify_thread, park
from bot.services.reach import conversation_with
from bot.services.sync_templates import keep_news
from bot.services.templating import CLOSED
from bot.services.together import Together

type _Told = tuple[ProviderAccount, Sequence[Update]]


@dataclass(frozen=True)
class Receive:
    """Stores a provider's updates; each has its effect once, however often it is told."""

    units: Units
    clock: Clock
    links: Links
    channels: Mapping[str, Channel]
    store: MediaStore

    @cached_property
    def _together(self) -> Together[UUID, _Told, None]:
        # Two first messages of one person at once: the second finds the first's rows.
        return Together(self._take_all)

    async def __call__(self, account: ProviderAccount, updates: Sequence[Update]) -> None:
        """Store everything of one webhook in one transaction.

        Messages that come at the same time share it; what locks messages of ours does not, since
        whoever locks several has to do it in their order.
        """
        await self._together(
            account.id if _only_messages(updates) else new_id(), (account, updates)
        )

    async def _take_all(self, _: UUID, told: Sequence[_Told]) -> Sequence[None]:
        async with self.units() as unit:
            # A message of ours is read anew where it is locked, and must have been written then.
            late = all(_only_messages(updates) for _, updates in told)
            with unit.writing_late() if late else nullcontext():
                for account, updates in told:
                    for update in updates:
                        await self._take(unit, account, update)
            await unit.commit()
        return [None] * len(told)

    async def _take(self, unit: UnitOfWork, account: ProviderAccount, update: Update) -> None:
        if isinstance(update, Receipt):
            await self._take_receipt(unit, account, update)
        elif isinstance(update, Inbound):
            await self._take_message(unit, account, update)
        elif isinstance(update, Amendment):
            await self._amend(unit, account, update)
        elif isinstance(update, Preference):
            await _mirror(unit, account, update)
        else:
            await keep_news(unit, account, update, self.clock)

    async def _take_receipt(
        self, unit: UnitOfWork, account: ProviderAccount, receipt: Receipt
    ) -> None:
        if receipt.reference is None:
            return
        try:
            message = await unit.messages.get(account.merchant_id, receipt.reference, lock=True)
        except NotFound:
            return
        if message.account_id != account.id:
            return
        status = MessageStatus(receipt.status)
        if receipt.window_closed and message.author is not Author.flow:
            await self._park(unit, message, receipt)
            return
        if receipt.provider_id and receipt.provider_id not in message.provider_ids:
            message.provider_ids = [*message.provider_ids, receipt.provider_id]
        if not message.advance(status, receipt.at or self.clock.now(), receipt.reason or ""):
            return
        conversation = await unit.conversations.get(account.merchant_id, message.conversation_id)
        if status is MessageStatus.failed:
            now = self.clock.now()
            if receipt.gone and message.identity_id is not None:
                identity = await unit.people.identity_by_id(
                    account.merchant_id, message.identity_id
                )
                identity.unreachable_at = now
            if receipt.opted_out is not None:
                contact = await unit.people.get(account.merchant_id, conversation.contact_id)
                said = (account.name, "provider", message.error, now)
                await consents.stop(unit, contact, *said, purpose=receipt.opted_out)
            await note(unit, conversation, now, "not_delivered", reason=message.error)
            await call_people(unit, message, conversation, now)
            await try_next(unit, message)
        await notify_thread(unit, conversation)

    async def _park(self, unit: UnitOfWork, message: Message, receipt: Receipt) -> None:
        """An answer waits for the customer, unless this is told again of a send before the last.

        Webhooks are repeated: one that comes again when the message has been sent anew, and
        arrived, must not have it sent once more.
        """
        under_way = message.attempted_at is not None or receipt.provider_id in message.provider_ids
        if message.status not in {MessageStatus.queued, MessageStatus.sent} or not under_way:
            return
        conversation = await unit.conversations.get(message.merchant_id, message.conversation_id)
        await park(unit, message, conversation, receipt.reason or CLOSED, self.clock.now())

    async def _take_message(
        self, unit: UnitOfWork, account: ProviderAccount, inbound: Inbound
    ) -> None:
        now = self.clock.now()
        identity = await self._identity(unit, account, inbound)
        proved = self._proved(account, identity, inbound)
        if not inbound.chat_is_private and identity.last_inbound_at is not None:
            # A group is told once that it is no place for this, and its talk is not kept.
            return
        conversation = await conversation_with(unit, identity, now)
        message = Message(
            id=new_id(),
            merchant_id=account.merchant_id,
            conversation_id=conversation.id,
            author=Author.customer,
            created_at=now,
            status=MessageStatus.received,
            channel=account.name,
            account_id=account.id,
            identity_id=identity.id,
            kind=_kind(inbound, proved=proved),
            # Nothing is asked by a reaction, and nothing agreed to.
            answered_at=now if inbound.kind is InboundKind.reaction else None,
            text=inbound.text,
            key=inbound.key,
            variables=_details(inbound),
            raw=dict(inbound.raw),
        )
        if not await unit.messages.add_inbound(message):
            return
        identity.last_inbound_at, identity.unreachable_at = now, None
        await self._release(unit, identity)
        if message.kind not in {"group", "unproved"}:
            conversation.identity_id = identity.id
        conversation.last_message_at = now
        await self._our_turn(unit, conversation, now)
        await self._fetch_file(unit, message)
        if inbound.file is not None:
            await keep_file(unit, self.store, message, inbound.file, now)
        if message.kind == InboundKind.reaction:
            await notify_thread(unit, conversation)
            return
        await unit.jobs.defer(
            "answer",
            lock=f"answer:{conversation.id}",
            urgency=Urgency.answer,
            merchant_id=str(account.merchant_id),
            message_id=str(message.id),
        )
        await notify_thread(unit, conversation)

    async def _our_turn(self, unit: UnitOfWork, conversation: Conversation, now: datetime) -> None:
        """A person's clock goes on, and what was put aside comes back."""
        if conversation.holder is Holder.bot:
            return
        case = await unit.cases.open(conversation.merchant_id, conversation.id)
        if case is None or (case.paused_since is None and not case.snoozed):
            return
        merchant = await unit.merchants.get(conversation.merchant_id)
        if case.customer_wrote(await working_time(unit, merchant), now):
            await note(unit, conversation, now, "woken", why="customer")

    async def _fetch_file(self, unit: UnitOfWork, message: Message) -> None:
        if message.variables.get("media") and isinstance(self.channels[message.channel], Fetches):
            await unit.jobs.defer(
                "fetch_media",
                merchant_id=str(message.merchant_id),
                message_id=str(message.id),
            )

    async def _amend(
        self, unit: UnitOfWork, account: ProviderAccount, amendment: Amendment
    ) -> None:
        """An edit is read instead of what it mends, if that is not answered yet; else only shown."""
        identity = await unit.people.identity(account.id, amendment.sender)
        if identity is None:
            return
        thread = await unit.conversations.of_contact(account.merchant_id, identity.contact_id)
        if thread is None:
            return
        message = await unit.messages.named(account.merchant_id, thread.id, amendment.about)
        own = message is not None and message.author is Author.customer
        if message is None or not own or message.identity_id != identity.id:
            return
        deleted = amendment.text is None
        message.variables = {**message.variables, "amended": "deleted" if deleted else "edited"}
        message.text = amendment.text or ""
        if deleted and message.answered_at is None and message.answers_with is None:
            message.answered_at = self.clock.now()
        await notify_thread(unit, message)

    async def _release(self, unit: UnitOfWork, identity: Identity) -> None:
        """What has waited for the customer to write goes now, in its order."""
        if self.channels[identity.channel].capabilities.free_text_for is None:
            return
        parked = await unit.messages.parked(identity.merchant_id, identity.id)
        for message in parked:
            message.unpark()
            await defer_delivery(unit, message)
        if parked:
            # Whoever writes twice at once lets it go once.
            await unit.flush()

    async def _identity(
        self, unit: UnitOfWork, account: ProviderAccount, inbound: Inbound
    ) -> Identity:
        linked = await self._linked_contact(unit, account, inbound)
        identity = await unit.people.identity(account.id, inbound.sender)
        if identity is not None:
            if linked is not None and identity.contact_id != linked.id:
                identity.contact_id, identity.verified = linked.id, True
            elif not identity.verified and self._can(account).forgeable:
                await self._recognise(unit, account, identity, inbound)
            return identity
        phone = _phone(self._can(account), inbound)
        contact = linked or (phone and await unit.people.by_phone(account.merchant_id, phone))
        if not contact:
            contact = await self._stranger(unit, account, inbound, phone)
        identity = Identity(
            id=new_id(),
            merchant_id=account.merchant_id,
            contact_id=contact.id,
            account_id=account.id,
            channel=account.name,
            address=inbound.sender,
            created_at=self.clock.now(),
            verified=linked is not None or phone is not None,
        )
        unit.add(identity)
        await unit.flush()
        return identity

    async def _recognise(
        self, unit: UnitOfWork, account: ProviderAccount, identity: Identity, inbound: Inbound
    ) -> None:
        """Who answers our own mail has the mailbox, and with it the parcels sent to its address."""
        if not self._proved(account, identity, inbound):
            return
        owner = await unit.people.of_email(account.merchant_id, identity.address)
        identity.verified = True
        if owner is not None:
            identity.contact_id = owner.id
        await unit.flush()

    def _can(self, account: ProviderAccount) -> Capabilities:
        return self.channels[account.name].capabilities

    def _proved(self, account: ProviderAccount, identity: Identity, inbound: Inbound) -> bool:
        """Whether it is sure that this came from the identity's address."""
        if not self._can(account).forgeable:
            return True
        try:
            named = self.links.read("reply", inbound.reply_token or "")
        except BadSignature:
            return False
        return named == identity.id

    async def _linked_contact(
        self, unit: UnitOfWork, account: ProviderAccount, inbound: Inbound
    ) -> Contact | None:
        """The contact whose signed link opened the chat, if it was one of ours.

        Never for a group: all of its members would then read about one person's parcels.
        """
        if inbound.start_token is None or not inbound.chat_is_private:
            return None
        try:
            contact_id = self.links.read("chat", inbound.start_token)
            return await unit.people.today(account.merchant_id, contact_id)
        except (BadSignature, NotFound):
            return None

    async def _stranger(
        self, unit: UnitOfWork, account: ProviderAccount, inbound: Inbound, phone: str | None
    ) -> Contact:
        merchant = await unit.merchants.get(account.merchant_id)
        contact = Contact(
            id=new_id(),
            merchant_id=merchant.id,
            created_at=self.clock.now(),
            name=inbound.sender_name or "",
            phone=phone,
            language=merchant.language,
            timezone=merchant.timezone,
            country=merchant.country,
        )
        unit.add(contact)
        await unit.flush()
        await remember_refusals(unit, contact, (phone, inbound.sender), contact.created_at)
        return contact


async def _mirror(unit: UnitOfWork, account: ProviderAccount, wish: Preference) -> None:
    """A wish that was told the provider goes into our ledger; of a stranger nothing is kept."""
    merchant = account.merchant_id
    identity = await unit.people.identity(account.id, wish.sender)
    contact = (
        await unit.people.get(merchant, identity.contact_id)
        if identity is not None
        else await unit.people.by_phone(merchant, wish.sender)
    )
    if contact is None:
        return
    about = (account.name, wish.purpose)
    ledger = await unit.feedback.ledger(merchant, contact.id)
    if any((one.channel, one.purpose) == about and one.at >= wish.at for one in ledger):
        # It is told again, or late: something newer has been said.
        return
    keep = consents.start if wish.given else consents.stop
    said = (account.name, "provider", wish.text, wish.at)
    await keep(unit, contact, *said, purpose=wish.purpose)


def _only_messages(updates: Sequence[Update]) -> bool:
    return all(isinstance(update, Inbound) for update in updates)


def _phone(capabilities: Capabilities, inbound: Inbound) -> str | None:
    is_number = inbound.sender.startswith("+") and inbound.sender[1:].isdecimal()
    return inbound.sender if capabilities.verified_phone and is_number else None


def _kind(inbound: Inbound, *, proved: bool) -> str:
    """A message's kind: what was sent, unless it comes from where it cannot be trusted."""
    if not inbound.chat_is_private:
        return "group"
    return inbound.kind if proved else "unproved"


def _details(inbound: Inbound) -> dict[str, object]:
    details: dict[str, object] = {}
    if inbound.choice is not None:
        details["choice"] = inbound.choice
    if inbound.location is not None:
        details["location"] = list(inbound.location)
    if inbound.media is not None:
        details["media"] = inbound.media
    if inbound.opt_out is not None:
        details["opt_out"] = inbound.opt_out
    if inbound.own_id is not None:
        details["id"] = inbound.own_id
    if inbound.about is not None:
        details["about"] = inbound.about
    return details
