"""Customers, what is known of them, and two that are one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from bot.domain.conversation import Contact, Conversation, Identity
from bot.domain.merge import Merge, Parting
from bot.domain.proof import Proof, ProofKind


class People(Protocol):
    """Contacts and their identities."""

    async def get(self, merchant_id: UUID, contact_id: UUID) -> Contact: ...
    async def by_phone(self, merchant_id: UUID, phone: str) -> Contact | None: ...
    async def recipient(
        self, merchant_id: UUID, phone: str | None, email: str | None
    ) -> tuple[Contact, Contact] | None:
        """Who has a phone, else (where there is none) a mail address, and who that is today.

        No merge begins or ends for either of them until the commit.
        """
        ...

    async def of_email(self, merchant_id: UUID, email: str) -> Contact | None:
        """The last one made with a mail address, whether they have a phone or not."""
        ...

    async def today(self, merchant_id: UUID, contact_id: UUID) -> Contact:
        """A contact, or whom they were merged into; `by_phone` and `of_email` answer so as well."""
        ...

    async def aliases(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Contact]:
        """Those who were merged into a contact."""
        ...

    async def many(self, merchant_id: UUID, ids: Iterable[UUID]) -> Mapping[UUID, Contact]: ...
    async def identity(self, account_id: UUID, address: str) -> Identity | None: ...
    async def identity_by_id(self, merchant_id: UUID, identity_id: UUID) -> Identity: ...
    async def find_identity(self, identity_id: UUID) -> Identity:
        """By id alone: a signed link names it and stands for its merchant."""
        ...

    async def identities(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Identity]: ...


class Merges(Protocol):
    """Contacts that become one, and one that becomes two: whose the rows are."""

    async def locked(
        self, merchant_id: UUID, contacts: Collection[UUID]
    ) -> Sequence[tuple[Contact, Conversation | None]]:
        """Contacts and their threads, in the order given, locked; NotFound where one is not theirs."""
        ...

    async def move(
        self, merchant_id: UUID, contact: tuple[UUID, UUID], thread: tuple[UUID, UUID] | None
    ) -> dict[str, list[str]]:
        """Give everything of one contact, and of their thread, to another; the ids, by table."""
        ...

    async def move_back(self, merge: Merge, thread: tuple[UUID, UUID] | None) -> None:
        """Give back what a merge moved, and what was said since on the addresses that it moved."""
        ...

    async def take_out(
        self, identity: Identity, contact_id: UUID, thread: tuple[UUID, UUID] | None
    ) -> None:
        """Give an address to another contact, and what was said on it to their thread."""
        ...

    async def said_on(self, identity: Identity) -> tuple[datetime, datetime] | None:
        """When the first and the last message of an address was."""
        ...

    async def end_thread(self, conversation: Conversation) -> None:
        """Delete a thread that has nothing any more."""
        ...

    async def forget(self, table: str, ids: Collection[UUID]) -> None: ...
    async def of_contact(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Merge]:
        """What went into a contact, the latest first."""
        ...

    async def get(self, merchant_id: UUID, merge_id: UUID) -> Merge: ...
    async def parting(self, merge: Merge) -> Parting:
        """Whose each parcel would be if it were undone now."""
        ...

    async def thread_of(self, merchant_id: UUID, conversation_id: UUID) -> UUID | None:
        """Which thread a thread has gone into."""
        ...

    async def alike(
        self, merchant_id: UUID, contact: Contact, typed: str, limit: int
    ) -> Sequence[Contact]:
        """Who may be the same person: by what was typed, or else by name and mail address."""
        ...


class PersonalData(Protocol):
    """Everything about one contact, in whatever table it is."""

    async def find(self, merchant_id: UUID, address: str) -> Sequence[Contact]:
        """Whoever has this phone (E.164), mail address or address on a channel."""
        ...

    async def counts(self, merchant_id: UUID, contact_id: UUID) -> Mapping[str, int]:
        """How many rows each table has about them, and `files` the media store."""
        ...

    async def everything(
        self, merchant_id: UUID, contact_id: UUID
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The rows of each table, as they are stored."""
        ...

    async def erase(self, merchant_id: UUID, contact_id: UUID, now: datetime) -> Sequence[str]:
        """Take the person out of every row; returns the digests of files that are theirs."""
        ...

    async def proofs(self, merchant_id: UUID, contact_id: UUID) -> Sequence[Proof]:
        """The latest first."""
        ...

    async def proof(self, merchant_id: UUID, proof_id: UUID) -> Proof: ...
    async def proved_since(self, kind: ProofKind, since: datetime) -> Sequence[Proof]:
        """Of every merchant, for upkeep."""
        ...

    async def keep_refusals(
        self,
        merchant_id: UUID,
        addresses: Iterable[str],
        refused: Iterable[tuple[str, str]],
        now: datetime,
    ) -> None:
        """Keep what (channel, purpose) was refused, by a keyed digest of each address."""
        ...

    async def refusals(
        self, merchant_id: UUID, addresses: Iterable[str]
    ) -> Sequence[tuple[str, str, datetime]]:
        """What was refused (channel, purpose, when) from addresses that were erased."""
        ...
