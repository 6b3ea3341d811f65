"""How fast messages may go: one in so long, and how many may come at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Urgency(IntEnum):
    """Which of two waiting messages goes first: somebody waits for an answer."""

    bulk = 0
    notice = 5
    answer = 10


@dataclass(frozen=True)
class Pace:
    """At most one in `every` in the long run, of which `burst` may come at once."""

    every: timedelta
    burst: int = 1

    @classmethod
    def per_second(cls, count: float) -> "Pace":
        """So many a second, of which half may come at once. Raises ValueError unless above 0."""
        if not count > 0:
            raise ValueError("a pace is above 0")
        return cls(timedelta(seconds=1 / count), max(1, int(count / 2)))

    def share(self, part: float) -> "Pace":
        """A part of it, between 0 and 1."""
        return Pace(self.every / part, max(1, int(self.burst * part)))

    def wait(self, free_at: datetime, now: datetime) -> timedelta:
        """How long somebody waits who has taken the place that ends at `free_at`."""
        return max(free_at - self.every * self.burst - now, timedelta())
