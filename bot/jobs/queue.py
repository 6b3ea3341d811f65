"""The queue: procrastinate, in the same PostgreSQL as everything else."""

import select
from collections.abc import Sequence
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Job
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from bot.services.ports import NewJob


class Queue:
    """Defers jobs on the connection of an open transaction, and holds the worker's app."""

    def __init__(self, url: str) -> None:
        connector = PsycopgConnector(conninfo=url, pool_factory=_pool, configure=_configure)
        self.app = App(connector=connector)

    async def defer(self, connection: AsyncConnection, jobs: Sequence[NewJob]) -> None:
        """Defer jobs, in one statement, that exist if and only if the connection's transaction commits.

        Their `at` is the database's time, which the sandbox's moved clock is ahead of.
        """
        await self.app.job_manager.batch_defer_jobs_async(
            [self._job(job) for job in jobs], connection
        )

    def _job(self, job: NewJob) -> Job:
        configured = self.app.configure_task(
            job.task, lock=job.lock, schedule_at=job.at, priority=job.priority
        )
        return configured.make_new_job(**job.arguments)


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
