"""The ways from the tracking page back into the chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bot.domain.conversation import Identity
from bot.domain.merchant import ProviderAccount
from bot.services.inbox import Tracked
from bot.services.ports import UnitOfWork
from bot.settings import Settings


@dataclass(frozen=True)
class Way:
    """A channel on which the recipient can write to the merchant."""

    channel: str
    address: str
    sandbox: str | None = None
    """In the sandbox: the address of the phone that stands in for the recipient's."""

    def link(self, text: str) -> str:
        """A link that opens the chat with a text ready to be sent."""
        said = quote(text, safe="")
        if self.sandbox is not None:
            return f"{self.sandbox}&say={said}"
        if self.channel == "whatsapp":
            return f"https://wa.me/{self.address.lstrip('+')}?text={said}"
        if self.channel == "telegram":
            return f"https://t.me/{quote(self.address)}?text={said}"
        return f"sms:{self.address}?body={said}"


async def ways(unit: UnitOfWork, settings: Settings, tracked: Tracked) -> list[Way]:
    """The channels that lead to the merchant, the one the recipient wrote on last first.

    Telegram is offered only to those who are known there already. The deep link that makes a
    stranger known belongs into a message to the recipient: this page's address is passed on
    to flatmates and neighbours, who may see the parcel but must not become the recipient.
    """
    contact, merchant = tracked.contact, tracked.merchant
    known: Sequence[Identity] = ()
    if contact is not None:
        known = await unit.people.identities(merchant.id, contact.id)
    used = [identity.channel for identity in known if identity.last_inbound_at]
    found: list[Way] = []
    for channel in dict.fromkeys([*used, *(rung.channel for rung in merchant.rungs)]):
        account = await unit.accounts.of(merchant.id, "channel", channel)
        if account is not None and _open(account, known):
            found.append(Way(channel, account.address, _phone(settings, tracked, channel)))
    return found


def _open(account: ProviderAccount, known: Sequence[Identity]) -> bool:
    if account.name == "telegram":
        return any(one.channel == "telegram" and one.verified for one in known)
    return account.name in {"whatsapp", "sms"} and account.address.startswith("+")


def _phone(settings: Settings, tracked: Tracked, channel: str) -> str | None:
    if not settings.sandbox or tracked.contact is None or tracked.contact.phone is None:
        return None
    asked = urlencode({"phone": tracked.contact.phone, "channel": channel})
    return f"{settings.sandbox_url}/?{asked}"
