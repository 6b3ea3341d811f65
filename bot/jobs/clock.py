"""The clock: one process, elected by the database, defers what recurs; it never does any work."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued
from psycopg import AsyncConnection, OperationalError

from bot.jobs.queue import Queue

logger = structlog.get_logger(__name__)

# "clock", as a number: who holds this lock in the database is the elected one.
ELECTION = 0x636C6F636B
_LOOK_AGAIN = 3.0
"""Seconds between looks at the connection, and between attempts at being elected."""


@dataclass(frozen=True)
class Recurring:
    """A job and how often it is due. `first` is how long after the election it first is."""

    task: str
    every: timedelta
    first: timedelta = timedelta()


SCHEDULE = (
    Recurring("sweep_stalled_jobs", timedelta(seconds=30)),
    # Not at once: a machine that starts has better things to do.
    # Their webhooks tell at once; this is for what was missed, and for a new account.
    Recurring("sync_templates", timedelta(hours=6), timedelta(minutes=1)),
    Recurring("mind_desk", timedelta(seconds=20), timedelta(seconds=20)),
    Recurring("poll_carriers", timedelta(minutes=1), timedelta(minutes=1)),
    Recurring("run_schedules", timedelta(minutes=1), timedelta(minutes=1)),
    Recurring("refresh_estimates", timedelta(minutes=1), timedelta(minutes=1)),
    Recurring("prune", timedelta(days=1), timedelta(minutes=5)),
)


async def keep_time(
    database_url: str,
    stop: asyncio.Event,
    *,
    schedule: Sequence[Recurring] = SCHEDULE,
    look_again: float = _LOOK_AGAIN,
) -> None:
    """Stand for election and, once elected, defer what is due, until `stop` is set.

    The lock belongs to a connection: when that breaks, another process is elected, and this one
    stops deferring and stands again.
    """
    queue = Queue(database_url).app
    while not stop.is_set():
        try:
            async with _connected(database_url) as connection:
                if await _elected(connection, stop, look_again):
                    await _defer_while_elected(queue, connection, stop, schedule, look_again)
        except OperationalError as error:
            logger.warning("the clock has lost the database, and stands again", why=str(error))
            await _wait(stop, look_again)


@contextlib.asynccontextmanager
async def _connected(database_url: str) -> AsyncIterator[AsyncConnection]:
    connection = await AsyncConnection.connect(
        database_url,
        autocommit=True,
        connect_timeout=10,
        # A server that is gone without a word is noticed within half a minute.
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
    )
    try:
        yield connection
    finally:
        await connection.close()


async def _elected(connection: AsyncConnection, stop: asyncio.Event, look_again: float) -> bool:
    """Try until elected (True) or stopped (False)."""
    stood_by = False
    while not stop.is_set():
        row = await (
            await connection.execute("SELECT pg_try_advisory_lock(%s)", [ELECTION])
        ).fetchone()
        if row is not None and row[0]:
            logger.info("this clock is the elected one")
            return True
        if not stood_by:
            logger.info("another clock is the elected one; standing by")
            stood_by = True
        await _wait(stop, look_again)
    return False


async def _defer_while_elected(
    queue: App,
    connection: AsyncConnection,
    stop: asyncio.Event,
    schedule: Sequence[Recurring],
    look_again: float,
) -> None:
    scheduler: Any = AsyncIOScheduler(timezone=UTC)  # a library without types
    began = datetime.now(UTC)
    for recurring in schedule:
        scheduler.add_job(
            _defer,
            "interval",
            args=[queue, connection, recurring.task],
            seconds=recurring.every.total_seconds(),
            next_run_time=began + recurring.first,
            # After a machine's sleep: once, however often it was missed.
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        while not stop.is_set():
            await connection.execute("SELECT 1")
            await _wait(stop, look_again)
    finally:
        scheduler.shutdown(wait=False)


async def _defer(queue: App, connection: AsyncConnection, task: str) -> None:
    """On the connection that holds the lock: who has lost it cannot defer any more."""
    with contextlib.suppress(AlreadyEnqueued):
        job = queue.configure_task(task, queueing_lock=task, connection=connection)
        await job.defer_async()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), timeout=seconds)
