"""Two contacts that are one person: what moved from the one to the other, so that it can go back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from bot.domain.conversation import Contact, Conversation, Holder
from bot.domain.shipment import Shipment


@dataclass(eq=False)
class Merge:
    """One contact went into another. Its own row stays, so that its number is still known."""

    id: UUID
    merchant_id: UUID
    contact_id: UUID
    """Who stayed."""
    other_id: UUID
    """Who went into them."""
    at: datetime
    merged_by: UUID
    reason: str = ""
    conversation_id: UUID | None = None
    """The other's thread, which is no more; links that name it lead to the one that stayed."""
    moved: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The ids of the rows that moved, by table."""
    copied: list[str] = field(default_factory=list[str])
    """The details that the one had not, and has from the other: `name`, `email`."""
    undone_at: datetime | None = None
    undone_by: UUID | None = None


@dataclass(frozen=True)
class Parting:
    """Whose each parcel would be, were a merge undone."""

    goes: Sequence[Shipment]
    """The other's from before, and those that came since to the other's number or mail address."""
    stays: Sequence[Shipment]
    """What else has come since."""


def stays(first: Contact, second: Contact) -> tuple[Contact, Contact]:
    """Who of two stays, and who goes into them: whoever can be recognised by a parcel stays."""
    known = bool(first.phone), bool(first.email)
    other = bool(second.phone), bool(second.email)
    return (second, first) if other > known else (first, second)


def joined_holder(
    threads: Sequence[Conversation], agent_id: UUID
) -> tuple[Holder, UUID | None, datetime | None]:
    """The one holder of several threads, of which nobody but this agent holds any: who, since when."""
    if any(thread.holder is Holder.agent for thread in threads):
        return Holder.agent, agent_id, None
    waiting = [one.waiting_since for one in threads if one.holder is Holder.waiting]
    since = min((at for at in waiting if at), default=None)
    return (Holder.waiting, None, since) if waiting else (Holder.bot, None, None)
