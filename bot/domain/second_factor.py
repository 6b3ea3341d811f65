"""The second factor of a login: a code of the moment, or one of a few kept on paper."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(eq=False)
class SecondFactor:
    """A user's authenticator; it counts from `confirmed_at` on, when a code has proved it."""

    user_id: UUID
    merchant_id: UUID
    secret: str = field(repr=False)
    """Base32, as authenticators take it (RFC 6238)."""
    created_at: datetime
    confirmed_at: datetime | None = None
    last_step: int = 0
    """The time step of the last code that was taken: none is taken twice."""
    recovery: list[str] = field(default_factory=list[str], repr=False)
    """SHA-256 of each recovery code that is left. They are random, so a plain digest is enough."""

    @property
    def on(self) -> bool:
        return self.confirmed_at is not None

    def take_step(self, step: int) -> bool:
        """Use the code of a time step; False when it, or a later one, has been used."""
        if step <= self.last_step:
            return False
        self.last_step = step
        return True

    def take_recovery(self, digest: str) -> bool:
        """Use a recovery code up; False when there is no such code."""
        if digest not in self.recovery:
            return False
        self.recovery = [one for one in self.recovery if one != digest]
        return True
