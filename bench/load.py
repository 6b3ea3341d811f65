"""Closed loops: as many customers at once, each of whom waits for the answer before going on."""

import asyncio
import math
import statistics
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.people import QUESTIONS, Person
from bench.ways import Way


@dataclass
class Played:
    """One round: how long it took, and each message's own time. All in seconds."""

    seconds: float
    latencies: Sequence[float]
    work: Mapping[str, float] = field(default_factory=dict[str, float])
    """What each process spent on a core."""

    @property
    def rate(self) -> float:
        """Messages answered per second."""
        return len(self.latencies) / self.seconds

    @property
    def work_of_one(self) -> float:
        """Milliseconds on a core that one message cost, all processes together."""
        return sum(self.work.values()) / len(self.latencies) * 1000

    def quantile(self, share: float) -> float:
        """The milliseconds that `share` of the messages kept to, by the nearest rank."""
        ranked = sorted(self.latencies)
        return ranked[max(0, math.ceil(share * len(ranked)) - 1)] * 1000


def median(rounds: Sequence[Played], of: Callable[[Played], float]) -> float:
    """The median over rounds of one measure of them."""
    return statistics.median(map(of, rounds))


async def play(way: Way, people: Sequence[Person], messages: int, at_once: int) -> Played:
    """Let `messages` be said and answered, `at_once` of them at any time.

    People take turns, so nobody says anything before the last thing was answered.
    """
    waiting, left, latencies = deque(people), iter(range(messages)), list[float]()

    async def talk() -> None:
        for number in left:
            person = waiting.popleft()
            began = time.perf_counter()
            await way.ask(person, QUESTIONS[number % len(QUESTIONS)])
            latencies.append(time.perf_counter() - began)
            waiting.append(person)

    began = time.perf_counter()
    await asyncio.gather(*(talk() for _ in range(min(at_once, len(people)))))
    return Played(time.perf_counter() - began, latencies)
