"""A view of the queue that somebody has kept under a name, for themselves or for the team."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(eq=False)
class SavedView:
    """What is wanted of the queue. Never words that were searched for: they may name a customer."""

    id: UUID
    merchant_id: UUID
    name: str
    created_at: datetime
    owner_id: UUID | None = None
    """Whose it is; None for the whole team's."""
    wanted: dict[str, str] = field(default_factory=dict[str, str])
    """`view`, and by what it is narrowed down; see `bot.services.inbox.View.read`."""
