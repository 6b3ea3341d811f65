"""What a process remembers for a moment of what it has read, since much asks for the same."""

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from bot.domain.merchant import ProviderAccount
from bot.domain.usual import Group, Took


class Remembered[Key: Hashable, Value]:
    """Answers that stay good for some seconds."""

    def __init__(self, seconds: float, at_most: int) -> None:
        self.seconds = seconds
        self._at_most = at_most
        self._known: dict[Key, tuple[float, Value]] = {}

    def get(self, key: Key) -> Value | None:
        """The answer, unless it was read too long ago."""
        known = self._known.get(key)
        return known[1] if known and time.monotonic() - known[0] < self.seconds else None

    def keep(self, key: Key, value: Value) -> None:
        """Remember what was just read."""
        if len(self._known) >= self._at_most:
            self._known.clear()
        self._known[key] = (time.monotonic(), value)


@dataclass
class Memory:
    """One process's; another one's changes are noticed when the seconds are over."""

    accounts: Remembered[UUID, ProviderAccount] = field(default_factory=lambda: Remembered(5, 1000))
    """Every webhook and every send asks for one. What does not exist is not kept: anybody can make
    up an id."""
    journeys: Remembered[tuple[UUID, Group], Sequence[Took]] = field(
        default_factory=lambda: Remembered(60, 200)
    )
    """How long parcels alike took; every event asks, and a minute's journeys change it little."""
