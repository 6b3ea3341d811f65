"""The agents' desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bot.domain.assignment import Colleague
from bot.domain.case import Case
from bot.domain.merchant import User
from bot.domain.saved_view import SavedView
from bot.services.inbox import View


class Cases(Protocol):
    """What people were asked for."""

    async def open(self, merchant_id: UUID, conversation_id: UUID) -> Case | None: ...
    async def of_conversation(
        self, merchant_id: UUID, conversation_id: UUID, limit: int = 20
    ) -> Sequence[Case]:
        """The latest first."""
        ...

    async def wanting(
        self, now: datetime, soon: datetime, limit: int
    ) -> Sequence[tuple[UUID, UUID]]:
        """Merchant and conversation of open cases that time may have done something to.

        Snoozes that are over or wait for a parcel, those who wait for an agent to be asked, and
        targets that are missed by `soon`; of all merchants, for upkeep.
        """
        ...

    async def settled_since(self, merchant_id: UUID, since: datetime, limit: int) -> Sequence[Case]:
        """Those that agents have settled, the latest first."""
        ...

    async def parcel_moved(self, case: Case) -> bool:
        """Whether anything was heard of the customer's parcels since the case was put aside."""
        ...

    async def colleagues(self, merchant_id: UUID, now: datetime) -> Sequence[Colleague]:
        """Everybody who works for a merchant, by name."""
        ...


@dataclass(frozen=True)
class Presence:
    """Somebody who looks at a conversation now."""

    user_id: UUID
    name: str
    typing: bool


class Presences(Protocol):
    """Where agents are looking, and what they have read."""

    async def keep(
        self, user: User, conversation_id: UUID | None, now: datetime, *, typing: bool
    ) -> bool:
        """Keep where somebody is; returns whether others see a difference."""
        ...

    async def place(self, user: User) -> UUID | None:
        """The conversation at which somebody was last seen."""
        ...

    async def leave(self, user: User) -> None: ...
    async def at(
        self, merchant_id: UUID, conversation_id: UUID, now: datetime
    ) -> Sequence[Presence]: ...
    async def read(self, user: User, conversation_id: UUID, now: datetime) -> None: ...


class Views(Protocol):
    """Views of the queue that were kept."""

    async def seen_by(
        self, merchant_id: UUID, user_id: UUID, *, lock: bool = False
    ) -> Sequence[SavedView]:
        """The team's, then the user's own, each in the order in which they were made."""
        ...

    async def remove(self, view: SavedView) -> None: ...
    async def late_in(
        self, merchant_id: UUID, user_id: UUID, views: Sequence[View], now: datetime
    ) -> Sequence[int]:
        """How many conversations are late, in each of some views."""
        ...
