"""Live pages: what any process announces by NOTIFY reaches the browsers of this one.

Announcements of one merchant are gathered per subscriber as a set of conversations, so a
slow browser costs no memory and misses nothing: it is told once, and fetches what is there.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from aiohttp import web

from bot.web.keys import APPLICATION

logger = logging.getLogger(__name__)

CHANNEL = "doorstep"
EVERYTHING = "*"
"""Stands for every conversation: something was missed, or does not belong to one."""

PRESENCE = "presence:"
"""Before a conversation in which only who looks or types has changed."""
_GATHER = 0.03
"""Seconds in which announcements are gathered into one event."""
_PROBE = 20.0
"""Seconds of silence after which the connection is tried, so that a dead one is noticed."""
_LONGEST_WAIT = 10.0


class Subscription:
    """What one browser has not heard yet."""

    def __init__(self) -> None:
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._closed = False

    def tell(self, conversation: str) -> None:
        self._changed.add(conversation)
        self._wake.set()

    def close(self) -> None:
        self._closed = True
        self._wake.set()

    async def next(self) -> set[str] | None:
        """The conversations that changed since the last call; None when it is over."""
        await self._wake.wait()
        if self._closed:
            return None
        await asyncio.sleep(_GATHER)
        self._wake.clear()
        changed, self._changed = self._changed, set()
        return changed


class Live:
    """Listens on one connection and tells every subscriber of the merchant concerned."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._subscriptions: defaultdict[str, set[Subscription]] = defaultdict(set)
        self.listening = asyncio.Event()

    @contextmanager
    def subscribe(self, merchant_id: UUID) -> Generator[Subscription]:
        """Hear of one merchant's changes for as long as the block runs."""
        subscription, key = Subscription(), str(merchant_id)
        self._subscriptions[key].add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions[key].discard(subscription)
            if not self._subscriptions[key]:
                del self._subscriptions[key]

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made anew and everybody refreshed."""
        wait = 0.5
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                logger.warning("live updates are interrupted: %s", error)
            wait = 0.5 if self.listening.is_set() else min(wait * 2, _LONGEST_WAIT)
            self.listening.clear()
            await asyncio.sleep(wait)

    def close(self) -> None:
        """End every subscription, so that the gateway can stop."""
        for subscription in self._everybody():
            subscription.close()

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.listening.set()
            for subscription in self._everybody():
                subscription.tell(EVERYTHING)
            while True:
                async for notice in connection.notifies(timeout=_PROBE):
                    self._tell(notice.payload)
                await connection.execute("SELECT 1")

    def _tell(self, payload: str) -> None:
        try:
            told: dict[str, Any] = json.loads(payload)
            merchant = str(told["merchant"])
        except (ValueError, KeyError, TypeError):
            logger.warning("an announcement that cannot be read: %.200s", payload)
            return
        what = str(told.get("conversation") or EVERYTHING)
        if told.get("topic") == "presence":
            # Of interest only to who has the same conversation open.
            what = f"{PRESENCE}{what}"
        for subscription in self._subscriptions.get(merchant, ()):
            subscription.tell(what)

    def _everybody(self) -> list[Subscription]:
        return [one for group in self._subscriptions.values() for one in group]


LIVE: web.AppKey[Live] = web.AppKey("live", Live)


def setup(app: web.Application) -> None:
    """Listen while the application runs."""
    app[LIVE] = Live(app[APPLICATION].settings.database_url)
    app.cleanup_ctx.append(_listening)
    app.on_shutdown.append(_close)


async def _listening(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[LIVE].run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _close(app: web.Application) -> None:
    app[LIVE].close()
