"""How fast messages may go: one in so long, and how many may come at once."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum


class Urgency(IntEnum):
    """Which of two waiting jobs goes first: somebody waits for an answer.

    What is `in_turn` goes last, and there in the merchants' `FairLine`: so that what is begun is
    finished before more is begun.
    """

    in_turn = -1
    bulk = 0
    notice = 5
    answer = 10


_LINE_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_SHARE = timedelta(seconds=1) / 20


@dataclass
class FairLine:
    """The line in which all merchants' parcels wait to be told of, whoever has how many.

    Start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996), with the clock for the virtual
    time: each of a merchant's jobs stands a share after its last one, so that a merchant who has
    50,000 parcels out at once stands behind one who has a single one a moment later. Nothing waits
    for its place while nobody else is there. Each process counts what it puts in by itself, and
    works with nobody's lock; that the others' order is kept among themselves is not promised.
    """

    share: timedelta = _SHARE
    _last: dict[str, datetime] = field(default_factory=dict[str, datetime])

    def place(self, merchant: str, now: datetime) -> int:
        """The priority of a merchant's next job: negative, in whole seconds, the sooner the higher."""
        at = max(now, self._last.get(merchant, now)) + self.share
        self._last[merchant] = at
        return -int((at - _LINE_BEGAN).total_seconds())


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
