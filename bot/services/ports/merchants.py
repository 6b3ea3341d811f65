"""Merchants, who works for them, and their accounts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bot.channels.base import Account
from bot.domain.conversation import Conversation
from bot.domain.invitation import Invitation
from bot.domain.merchant import Merchant, ProviderAccount, User
from bot.domain.second_factor import SecondFactor


class Merchants(Protocol):
    async def get(self, merchant_id: UUID, *, lock: bool = False) -> Merchant: ...
    async def by_name(self, name: str) -> Merchant | None: ...
    async def by_key_hashes(self, hashes: Collection[str]) -> Mapping[str, Merchant]:
        """By the hashes of keys that are known and not revoked."""
        ...

    async def user(self, user_id: UUID) -> User | None: ...
    async def user_by_email(self, email: str) -> User | None: ...


class Accounts(Protocol):
    async def get(self, account_id: UUID) -> ProviderAccount: ...
    async def in_use(self, account_id: UUID) -> bool:
        """Whether there is such an account and nobody has switched it off."""
        ...

    async def of(self, merchant_id: UUID, kind: str, name: str) -> ProviderAccount | None: ...
    async def every(self, kind: str, name: str) -> Sequence[ProviderAccount]:
        """Those of all merchants, for upkeep."""
        ...

    async def all_of(self, merchant_id: UUID) -> Sequence[ProviderAccount]:
        """Also those that are switched off."""
        ...

    async def add(self, account: ProviderAccount) -> None: ...
    async def keep(self, account: ProviderAccount) -> None:
        """Write down what was changed in one."""
        ...


class Hooks(Protocol):
    """Calls to systems of the merchants'."""

    def secret(self, merchant_id: UUID) -> str:
        """What a merchant checks signatures with."""
        ...

    async def call(self, merchant_id: UUID, key: str, url: str, body: bytes, now: datetime) -> None:
        """POST once, under a key that is the same for the same thing.

        Raises:
            Temporary, OutcomeUnknown: call again.
            Permanent: it may not be called, or refuses.
        """
        ...


class SecondFactors(Protocol):
    """What users sign in with besides a password."""

    async def get(self, user_id: UUID, *, lock: bool = False) -> SecondFactor | None: ...
    async def save(self, factor: SecondFactor) -> None: ...
    async def remove(self, user_id: UUID) -> None: ...
    async def switched_on(self, merchant_id: UUID) -> set[UUID]:
        """The users of a merchant who have one that counts."""
        ...


class Team(Protocol):
    """A merchant's own people."""

    async def users(self, merchant_id: UUID) -> Sequence[User]:
        """Everybody, the active first, by name."""
        ...

    async def user(self, merchant_id: UUID, user_id: UUID) -> User: ...
    async def owners(self, merchant_id: UUID) -> Sequence[User]:
        """The active ones, locked, so that two of them do not leave at once."""
        ...

    async def held_by(self, user: User) -> Sequence[Conversation]:
        """The conversations that a user answers, locked."""
        ...

    async def invitations(self, merchant_id: UUID, now: datetime) -> Sequence[Invitation]:
        """Those that are still open."""
        ...

    async def invitation(self, merchant_id: UUID, invitation_id: UUID) -> Invitation: ...
    async def invitation_by_digest(self, digest: str, *, lock: bool) -> Invitation | None: ...


def adapter_account(account: ProviderAccount) -> Account:
    """A provider account as the adapters want it."""
    return Account(account.id, account.name, account.address, account.secrets, account.options)
