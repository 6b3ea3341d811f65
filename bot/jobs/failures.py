"""Why jobs failed: procrastinate keeps that they did, not the reason."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procrastinate import JobContext
from procrastinate.worker import Worker
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.logs import about, mask

_LONGEST_REASON = 500

_REMEMBER = text("""
    INSERT INTO job_failures (job_id, at, reason) VALUES (:job, now(), :reason)
    ON CONFLICT (job_id) DO UPDATE SET at = excluded.at, reason = excluded.reason
""")
_FORGET = text("DELETE FROM job_failures WHERE job_id = :job")
_FORGET_ORPHANS = text("""
    DELETE FROM job_failures failure
    WHERE NOT EXISTS (SELECT FROM procrastinate_jobs job WHERE job.id = failure.job_id)
""")
_DEAD = text("""
    SELECT job.id, job.task_name, job.args, job.attempts, failure.at, failure.reason
    FROM procrastinate_jobs job LEFT JOIN job_failures failure ON failure.job_id = job.id
    WHERE job.status = 'failed' ORDER BY job.id
""")
_REPLAY = text("SELECT procrastinate_retry_job_v2(:job, now(), NULL, NULL, NULL)")
_DROP = text("DELETE FROM procrastinate_jobs WHERE id = :job AND status = 'failed'")


@dataclass(frozen=True)
class DeadLetter:
    """A job that was given up."""

    job: int
    task: str
    arguments: dict[str, Any]
    attempts: int
    at: datetime | None
    reason: str


@dataclass(frozen=True)
class Failures:
    """The reasons of failures, and the jobs that were given up."""

    engine: AsyncEngine

    async def watch(
        self, call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker
    ) -> Any:
        """Worker middleware: names the job in the log, and keeps the reason when it fails."""
        del worker
        job = context.job.id
        assert job is not None
        with about(job=job, task=context.job.task_name):
            try:
                result = await call_next()
            except Exception as error:
                await self._remember(job, f"{type(error).__name__}: {error}")
                raise
            if context.job.attempts:
                await self._execute(_FORGET, job=job)
            return result

    async def dead_letters(self) -> list[DeadLetter]:
        """All jobs that were given up, the oldest first."""
        async with self.engine.connect() as connection:
            rows = (await connection.execute(_DEAD)).all()
        return [
            DeadLetter(
                job=row.id,
                task=row.task_name,
                arguments=row.args,
                attempts=row.attempts,
                at=row.at,
                reason=row.reason or "unknown",
            )
            for row in rows
        ]

    async def replay(self, job: int) -> None:
        """Have a given-up job done again; its attempts go on being counted."""
        await self._execute(_REPLAY, job=job)

    async def drop(self, job: int) -> None:
        """Forget a given-up job."""
        await self._execute(_DROP, job=job)
        await self._execute(_FORGET, job=job)

    async def forget_orphans(self) -> None:
        """Forget the reasons of jobs that are no longer there."""
        await self._execute(_FORGET_ORPHANS)

    async def _remember(self, job: int, reason: str) -> None:
        await self._execute(_REMEMBER, job=job, reason=mask(reason)[:_LONGEST_REASON])

    async def _execute(self, statement: Any, **values: object) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(statement, values)
