"""The queue: procrastinate, in the same PostgreSQL as everything else."""

from collections.abc import Mapping
from datetime import datetime

from procrastinate import App, PsycopgConnector
from psycopg import AsyncConnection


class Queue:
    """Defers jobs on the connection of an open transaction, and holds the worker's app."""

    def __init__(self, url: str) -> None:
        self.app = App(connector=PsycopgConnector(conninfo=url, configure=_configure))

    async def defer(
        self,
        connection: AsyncConnection,
        task: str,
        *,
        lock: str | None = None,
        at: datetime | None = None,
        arguments: Mapping[str, str | int],
    ) -> None:
        """Defer a job that exists if and only if the connection's transaction commits.

        `at` is the machine's time; see `bot.services.clock` for the sandbox's moved clock.
        """
        job = self.app.configure_task(task, lock=lock, schedule_at=at, connection=connection)
        await job.defer_async(**arguments)


async def _configure(connection: AsyncConnection) -> None:
    """Each of the queue's own statements is whole by itself: BEGIN and COMMIT only cost time."""
    await connection.set_autocommit(True)
