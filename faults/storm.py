"""The storm: processes that are killed, and providers that fail, by dice that a seed throws."""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

import aiohttp
import psutil

from tests.stack import Stack

# What is killed, by a part of its command line, and how often beside the others. The engine takes
# longest to come back.
VICTIMS = {
    "-m bot worker": 5,
    "-m bot gateway": 4,
    "-m bot clock": 1,
    "-m bot actions": 3,
    "rasa": 2,
    "postgres": 2,
}
FAULTS = {
    # Meta repeats a webhook for days, so that none is lost; Twilio's are lost when we are down.
    "whatsapp": ("error", "rate_limit", "timeout", "duplicate", "reorder"),
    "twilio": ("error", "rate_limit", "timeout", "duplicate", "reorder"),
    "telegram": ("error", "rate_limit", "timeout", "duplicate"),
}

_ENOUGH = 2
"""Faults that may wait for something to strike before another is ordered."""


@dataclass
class Storm:
    """Blows until it is cancelled; `struck` counts what it did."""

    stack: Stack
    http: aiohttp.ClientSession
    dice: random.Random
    calm: float = 10.0
    """Seconds between two deaths, on average."""
    rest: float = 45.0
    spared: tuple[str, ...] = ()
    died: dict[str, float] = field(default_factory=dict[str, float])
    struck: Counter[str] = field(default_factory=Counter[str])

    async def blow(self) -> None:
        await asyncio.gather(self._kill(), self._fail())

    async def _kill(self) -> None:
        while True:
            await asyncio.sleep(self.dice.uniform(self.calm * 0.5, self.calm * 1.5))
            victims = {name: odds for name, odds in VICTIMS.items() if name not in self.spared}
            (victim,) = self.dice.choices(list(victims), list(victims.values()))
            rested = time.monotonic() - self.died.get(victim, 0.0) > self.rest
            if rested and self._strike(victim):
                self.died[victim] = time.monotonic()
                self.struck[f"killed {victim.removeprefix('-m bot ')}"] += 1

    def _strike(self, victim: str) -> bool:
        """Kill one of the parent's own children, without a word."""
        for child in psutil.Process(self.stack.process.pid).children():
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                if victim in " ".join(child.cmdline()):
                    os.kill(child.pid, signal.SIGKILL)
                    return True
        return False

    async def _fail(self) -> None:
        while True:
            await asyncio.sleep(self.dice.uniform(1, 4))
            provider = self.dice.choice(list(FAULTS))
            kind = self.dice.choice(FAULTS[provider])
            count = self.dice.randint(1, 3)
            order = {"provider": provider, "kind": kind, "count": count}
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                if await self._waiting(provider) > _ENOUGH:
                    continue
                async with self.http.post(f"{self.stack.sandbox}/faults", json=order) as answer:
                    answer.raise_for_status()
                self.struck[f"{provider} {kind}"] += count

    async def _waiting(self, provider: str) -> int:
        """How many faults of a provider have not struck yet: a storm is not a drought."""
        async with self.http.get(f"{self.stack.sandbox}/faults") as answer:
            faults = (await answer.json())["faults"]
        return sum(fault["count"] for fault in faults if fault["provider"] == provider)

    async def pass_over(self) -> None:
        """Take back what was ordered and has not struck yet."""
        async with self.http.delete(f"{self.stack.sandbox}/faults") as answer:
            answer.raise_for_status()
