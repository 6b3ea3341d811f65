"""Mail addresses: plus addresses that carry a token, and Message-IDs that carry ours."""

import re
from uuid import UUID

from bot.channels.base import Account
from bot.domain.errors import Permanent

_TOKEN = re.compile(r"\+([A-Za-z0-9_-]{20,64})@")
_ID = re.compile(r"<([0-9a-f]{32})@")


def normal(address: str) -> str:
    """An address in the form in which it is compared and kept."""
    return address.strip().strip("<>").lower()


def domain_of(account: Account) -> str:
    """The part after the @ of an account's address. Raises Permanent where there is none."""
    _, at, domain = account.address.rpartition("@")
    if not at or not domain:
        raise Permanent(f"address: {account.address!r} is no mail address", "account")
    return domain


def reply_address(account: Account, token: str) -> str:
    """Where the answer to one customer's mail goes."""
    local, _, domain = account.address.rpartition("@")
    return f"{local}+{token}@{domain}" if token else account.address


def token_in(addresses: str) -> str | None:
    """The token in one of the addresses that a mail came to."""
    found = _TOKEN.search(addresses)
    return found[1] if found else None


def message_id(account: Account, reference: UUID) -> str:
    """A Message-ID that names a message of ours; a repeated send has the same one."""
    return f"<{reference.hex}@{domain_of(account)}>"


def references_in(text: str) -> list[UUID]:
    """The ids of ours that a header or a returned mail names, in order."""
    return [UUID(hex=found) for found in _ID.findall(text)]
