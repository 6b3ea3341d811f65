"""The clock process: one is elected, it only defers, and it stands again when it must."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import psycopg
import pytest
from psycopg import AsyncConnection

from bot.jobs import tasks
from bot.jobs.clock import ELECTION, SCHEDULE, Recurring, keep_time
from bot.wiring import Application
from tests.conftest import create_database

OFTEN = (Recurring("sweep_stalled_jobs", timedelta(seconds=0.1)),)


@pytest.fixture
def own_database(postgres: str) -> str:
    """A database of its own, because one clock is elected for each."""
    return create_database(postgres)


@pytest.fixture
async def connection(own_database: str) -> AsyncIterator[AsyncConnection]:
    async with await AsyncConnection.connect(own_database, autocommit=True) as made:
        yield made


@asynccontextmanager
async def clock(url: str, schedule: tuple[Recurring, ...] = OFTEN) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(keep_time(url, stop, schedule=schedule, look_again=0.1))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, timeout=5)


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    deadline = time.monotonic() + 10
    while not await holds():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.05)


async def count(connection: AsyncConnection, what: str) -> int:
    row = await (await connection.execute(f"SELECT count(*) FROM {what}".encode())).fetchone()
    assert row is not None
    return row[0]


JOBS = "procrastinate_jobs WHERE task_name = 'sweep_stalled_jobs'"
HOLDERS = (
    f"pg_locks WHERE locktype = 'advisory' AND granted"
    f" AND (classid::bigint << 32 | objid::bigint) = {ELECTION}"
    f" AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


async def test_what_is_due_is_deferred_once_until_it_is_done(
    own_database: str, connection: AsyncConnection
) -> None:
    async def deferred() -> int:
        return await count(connection, JOBS)

    async with clock(own_database):
        await until(deferred)
        await asyncio.sleep(0.5)
        assert await deferred() == 1
        await connection.execute(
            f"UPDATE procrastinate_jobs SET status = 'succeeded' WHERE {JOBS.split('WHERE')[1]}".encode()
        )

        async def again() -> bool:
            return await deferred() == 2

        await until(again)


async def test_one_clock_is_elected_and_another_takes_over(
    own_database: str, connection: AsyncConnection
) -> None:
    async def elected() -> bool:
        return await count(connection, HOLDERS) == 1

    async def nobody() -> bool:
        return await count(connection, HOLDERS) == 0

    async with clock(own_database), clock(own_database) as stop_second:
        await until(elected)
        await asyncio.sleep(0.3)
        assert await elected()
        stop_second.set()
        await asyncio.sleep(0.3)
        await until(elected)
    # The server notices a closed connection a moment later.
    await until(nobody)


async def test_when_its_connection_breaks_it_stops_deferring_and_stands_again(
    own_database: str, connection: AsyncConnection
) -> None:
    async def holder() -> int | None:
        row = await (await connection.execute(f"SELECT pid FROM {HOLDERS}".encode())).fetchone()
        return None if row is None else row[0]

    async with clock(own_database):
        await until(holder)
        first = await holder()
        await connection.execute("SELECT pg_terminate_backend(%s)", [first])

        async def elected_again() -> bool:
            return await holder() not in {None, first}

        await until(elected_again)
        await connection.execute("DELETE FROM procrastinate_jobs")

        async def deferred() -> int:
            return await count(connection, JOBS)

        await until(deferred)


async def test_a_database_that_is_away_is_waited_for() -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(
        keep_time("postgresql://nobody@127.0.0.1:9/none", stop, look_again=0.05)
    )
    await asyncio.sleep(0.5)
    assert not task.done()
    stop.set()
    await asyncio.wait_for(task, timeout=5)


async def test_it_defers_what_the_worker_knows(application: Application) -> None:
    """The names are the contract between the two processes."""
    tasks.register(application)
    assert {recurring.task for recurring in SCHEDULE} <= set(application.queue.app.tasks)


async def test_standing_by_needs_no_transaction_open(
    own_database: str, connection: AsyncConnection
) -> None:
    """One that waits for years must not hold back the database's housekeeping."""
    with suppress(psycopg.Error):
        async with clock(own_database), clock(own_database):
            await asyncio.sleep(0.5)
            idle = "pg_stat_activity WHERE state = 'idle in transaction'"
            assert await count(connection, idle) == 0
