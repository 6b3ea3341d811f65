"""Invitations to the console: a link that makes one user, once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from bot.domain.merchant import Role

VALID_FOR = timedelta(days=3)


@dataclass(eq=False)
class Invitation:
    """Somebody is asked to join; only the digest of the link's secret is kept."""

    id: UUID
    merchant_id: UUID
    email: str
    role: Role
    invited_by: UUID
    digest: str = field(repr=False)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    def open_at(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at
