"""Webhooks on their way to the gateway: in order per lane, retried as the vendor does.

Ordered faults strike here: lost, doubled, reversed.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from sandbox.faults import Faults
from sandbox.journal import Entry, Journal

LONGEST_PAUSE = 60.0
REORDER_PATIENCE = 1.5  # seconds that a held webhook waits for others to be reversed with
MOST_ATTEMPTS = 40
LANES_AT_ONCE = 200


@dataclass(slots=True)
class Webhook:
    """One signed POST. ``lane``: those sharing it leave one after another.

    ``of`` is "message" (a customer's) or "status" (a delivery status, a carrier's event).
    """

    provider: str
    of: str
    url: str
    body: bytes
    headers: dict[str, str]
    lane: str
    retried: bool = True


@dataclass(slots=True)
class Outbox:
    """Posts webhooks in the background. ``start`` and ``close`` frame its life."""

    journal: Journal
    faults: Faults
    retry_base: float = 1.0
    timeout: float = 15.0
    _session: aiohttp.ClientSession | None = None
    _lanes: dict[str, deque[Webhook]] = field(default_factory=dict[str, deque[Webhook]])
    _tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    _held: dict[str, list[Webhook]] = field(default_factory=dict[str, list[Webhook]])

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=LANES_AT_ONCE),
            timeout=aiohttp.ClientTimeout(total=self.timeout),
        )

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the outbox has not been started")
        return self._session

    def post(self, hook: Webhook, after: float = 0.0) -> None:
        """Send a webhook, ``after`` seconds from now. Returns at once."""
        if after > 0:
            self.spawn(self._later(hook, after))
        else:
            self._admit(hook)

    async def idle(self) -> None:
        """Return when nothing is on its way any more (for tests)."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _later(self, hook: Webhook, after: float) -> None:
        await asyncio.sleep(after)
        self._admit(hook)

    def _admit(self, hook: Webhook) -> None:
        if self.faults.take(hook.provider, "lost_callback", hook.of):
            self._entry(hook, 1).note = "lost by order"
        elif self.faults.take(hook.provider, "reorder", hook.of):
            self._hold(hook)
        else:
            self._enqueue(hook)

    def _hold(self, hook: Webhook) -> None:
        held = self._held.setdefault(hook.provider, [])
        held.append(hook)
        if not self.faults.left(hook.provider, "reorder"):
            self._release(hook.provider)
        elif len(held) == 1:
            self.spawn(self._release_later(hook.provider))

    async def _release_later(self, provider: str) -> None:
        await asyncio.sleep(REORDER_PATIENCE)
        self._release(provider)

    def _release(self, provider: str) -> None:
        held = self._held.pop(provider, [])
        for hook in reversed(held):
            # One lane for all of them: only then is the reversed order also the arriving order.
            hook.lane = f"reordered:{provider}"
            self._enqueue(hook)

    def _enqueue(self, hook: Webhook) -> None:
        lane = self._lanes.get(hook.lane)
        if lane is not None:
            lane.append(hook)
            return
        self._lanes[hook.lane] = deque([hook])
        self.spawn(self._drain(hook.lane))

    async def _drain(self, name: str) -> None:
        lane = self._lanes[name]
        try:
            while lane:
                await self._first(lane.popleft())
        finally:
            del self._lanes[name]

    async def _first(self, hook: Webhook) -> None:
        twice = self.faults.take(hook.provider, "duplicate", hook.of)
        tries = [self._try(hook, 1)] + ([self._try(hook, 1, "duplicate by order")] if twice else [])
        taken = await asyncio.gather(*tries)
        if not any(taken) and hook.retried:
            # Off the lane: as at the vendors, later webhooks overtake one that is being repeated.
            self.spawn(self._retry(hook))

    async def _retry(self, hook: Webhook) -> None:
        for attempt in range(2, MOST_ATTEMPTS + 1):
            await asyncio.sleep(min(self.retry_base * 2 ** (attempt - 2), LONGEST_PAUSE))
            if await self._try(hook, attempt):
                return

    async def _try(self, hook: Webhook, attempt: int, note: str | None = None) -> bool:
        entry = self._entry(hook, attempt)
        entry.note = note
        started = time.perf_counter()
        try:
            async with self.session.post(hook.url, data=hook.body, headers=hook.headers) as answer:
                await answer.read()
                entry.status = answer.status
        except (aiohttp.ClientError, TimeoutError) as exc:
            entry.note = f"{type(exc).__name__}: {exc}".rstrip(": ")
        entry.ms = (time.perf_counter() - started) * 1000
        return entry.status is not None and 200 <= entry.status < 300

    def _entry(self, hook: Webhook, attempt: int) -> Entry:
        entry = self.journal.note("out", hook.provider, hook.of, "POST", hook.url, hook.body)
        entry.attempt = attempt
        return entry
