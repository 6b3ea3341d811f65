"""Where a contact is written to: the address for a message that nobody asked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.base import Capabilities, Channel
from bot.domain.conversation import Contact, Conversation, Identity
from bot.domain.ids import new_id
from bot.domain.ladder import Rung
from bot.domain.merchant import Merchant
from bot.domain.shipment import Shipment
from bot.services import consents
from bot.services.ports import UnitOfWork
from bot.services.post import notify_thread
from bot.services.templating import Templating, is_closed

NO_CHANNEL = "no channel on which the contact can be reached now"
OPTED_OUT = "the customer has opted out"


@dataclass(frozen=True)
class Reach:
    """Chooses the channel for what nobody asked for."""

    channels: Mapping[str, Channel]
    templating: Templating

    async def __call__(
        self,
        unit: UnitOfWork,
        merchant: Merchant,
        contact: Contact,
        now: datetime,
        *,
        say: str,
        purpose: str,
        tried: Collection[str] = (),
        rungs: Sequence[Rung] = (),
    ) -> Identity | str:
        """The first channel of the merchant's ladder on which the contact may and can be reached.

        `rungs` are a ladder in its place. Those in `tried` are passed over. Where free words may not be sent any more, a channel
        counts only if a template says the sentence `say`.

        Where there is none, the reason in a merchant's words: NO_CHANNEL or OPTED_OUT.
        """
        reason = NO_CHANNEL
        known = await unit.people.identities(merchant.id, contact.id)
        ladder = [rung.channel for rung in rungs or merchant.rungs]
        for name in (one for one in ladder if one not in tried):
            if not await consents.may_send(unit, merchant.id, contact.id, name, purpose):
                reason = OPTED_OUT
                continue
            capabilities = self.channels[name].capabilities
            mine = await _verified(unit, known, name)
            if mine is not None and not mine.reachable(now):
                continue
            if mine is None:
                mine = await _identity_by_detail(unit, merchant, contact, name, capabilities, now)
            if mine is None:
                continue
            if not is_closed(capabilities, mine, now) or await self.templating.has_one(
                unit, merchant, mine.account_id, say, contact.language
            ):
                return mine
        return reason


async def _verified(unit: UnitOfWork, known: Sequence[Identity], channel: str) -> Identity | None:
    """The contact's own address on a channel, at an account that is still in use.

    One who is known at another provider's account only is to be looked for at the present one.
    """
    for identity in known:
        of_theirs = identity.channel == channel and identity.verified
        if of_theirs and await unit.accounts.in_use(identity.account_id):
            return identity
    return None


async def _identity_by_detail(
    unit: UnitOfWork,
    merchant: Merchant,
    contact: Contact,
    channel: str,
    capabilities: Capabilities,
    now: datetime,
) -> Identity | None:
    """The contact's phone or mail address as an identity, where the channel writes to such."""
    details = {"phone": contact.phone, "email": (contact.email or "").lower()}
    address = details.get(capabilities.address_is or "")
    account = await unit.accounts.of(merchant.id, "channel", channel)
    if account is None or not address:
        return None
    known = await unit.people.identity(account.id, address)
    if known is not None and not known.verified:
        # Somebody wrote from there before the merchant told us whose it is.
        known.contact_id, known.verified = contact.id, True
    if known is not None:
        # A mailbox that two people share belongs to the first of them.
        return known if known.contact_id == contact.id else None
    identity = Identity(
        id=new_id(),
        merchant_id=merchant.id,
        contact_id=contact.id,
        account_id=account.id,
        channel=channel,
        address=address,
        created_at=now,
        verified=True,
    )
    unit.add(identity)
    await unit.flush()
    return identity


async def conversation_with(unit: UnitOfWork, identity: Identity, now: datetime) -> Conversation:
    """The contact's one thread, begun if there is none yet."""
    found = await unit.conversations.of_contact(identity.merchant_id, identity.contact_id)
    if found is not None:
        return found
    contact = await unit.people.get(identity.merchant_id, identity.contact_id)
    if contact.merged_into is not None:
        # They were merged while this was on its way.
        identity.contact_id = contact.merged_into
        return await conversation_with(unit, identity, now)
    conversation = Conversation(
        id=new_id(),
        merchant_id=identity.merchant_id,
        contact_id=identity.contact_id,
        created_at=now,
        last_message_at=now,
        identity_id=identity.id,
    )
    unit.add(conversation)
    await unit.flush()
    return conversation


async def notify_shipment(unit: UnitOfWork, shipment: Shipment) -> None:
    """Tell the consoles, where somebody may have the parcel before them."""
    if shipment.contact_id is None:
        return
    conversation = await unit.conversations.of_contact(shipment.merchant_id, shipment.contact_id)
    if conversation is not None:
        await notify_thread(unit, conversation)
