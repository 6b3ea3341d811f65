"""The queue: procrastinate, in the same PostgreSQL as everything else."""

import select
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from procrastinate import App, PsycopgConnector
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool


class Queue:
    """Defers jobs on the connection of an open transaction, and holds the worker's app."""

    def __init__(self, url: str) -> None:
        connector = PsycopgConnector(conninfo=url, pool_factory=_pool, configure=_configure)
        self.app = App(connector=connector)

    async def defer(
        self,
        connection: AsyncConnection,
        task: str,
        *,
        lock: str | None = None,
        at: datetime | None = None,
        priority: int = 0,
        arguments: Mapping[str, str | int],
    ) -> None:
        """Defer a job that exists if and only if the connection's transaction commits.

        `at` is the machine's time; see `bot.services.clock` for the sandbox's moved clock.
        """
        job = self.app.configure_task(
            task, lock=lock, schedule_at=at, priority=priority, connection=connection
        )
        await job.defer_async(**arguments)


def _pool(*, check: object, **wanted: Any) -> AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]]:
    """The pool that procrastinate asks for, with a check that costs no round trip."""
    del check
    return AsyncConnectionPool(check=_check, **wanted)


async def _check(connection: AsyncConnection) -> None:
    """Nothing comes in on a living idle connection; on one that was closed, its end does."""
    incoming = select.poll()
    incoming.register(connection.fileno(), select.POLLIN)
    if incoming.poll(0):
        await AsyncConnectionPool.check_connection(connection)


async def _configure(connection: AsyncConnection) -> None:
    """Each of the queue's own statements is whole by itself: BEGIN and COMMIT only cost time."""
    await connection.set_autocommit(True)
