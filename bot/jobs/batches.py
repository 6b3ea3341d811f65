"""Jobs of one kind that are ready at the same time: claimed, done and finished together.

A job that stands alone is done as ever. With those that wait behind it, it is done in one
transaction over all; whichever of them could not be is then done alone, so that none of them
harms another, and each keeps its own retries and its own dead letter.
"""

import asyncio
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import aclosing
from typing import Any, override

import structlog
from procrastinate import App, JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.worker import Worker

from bot.domain.pace import Urgency

logger = structlog.get_logger(__name__)

MOST = 32
"""Jobs done together: so many are in doubt after a crash."""
_ALONE_AT_ONCE = 4
_OUTCOME = "outcome"
_CLAIM_TRIES = 3

type Outcomes = Mapping[int, Exception | None]
"""What came of jobs, by their places: None where all went well, else the error as when alone."""
type Batch = Callable[[Sequence[Job]], AsyncGenerator[Outcomes]]
"""Does jobs together and tells, as it goes, what came of which; not of those to be done alone."""

# The first job as procrastinate finds it, and by the same rules those of its kind behind it. Each is
# the first of its lock, so no two of them have the same one. Who waits for an answer has nobody
# else's notices done along with it.
_CLAIM = """
    WITH head AS MATERIALIZED (
        SELECT * FROM procrastinate_fetch_job_v2(%(queues)s::varchar[], %(worker)s)
    ), more AS MATERIALIZED (
        SELECT job.id FROM procrastinate_jobs AS job, head
        WHERE head.task_name = ANY(%(kinds)s) AND head.priority < %(urgent)s
        AND job.task_name = head.task_name AND job.id <> head.id
        AND job.status = 'todo' AND job.priority < %(urgent)s
        AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
        AND (%(queues)s::varchar[] IS NULL OR job.queue_name = ANY(%(queues)s::varchar[]))
        AND NOT EXISTS (
            SELECT FROM procrastinate_jobs AS other
            WHERE job.lock IS NOT NULL AND other.lock = job.lock AND (
                other.status = 'doing' OR other.status = 'todo' AND (
                    other.priority > job.priority
                    OR other.priority = job.priority AND other.id < job.id
                )
            )
        )
        ORDER BY job.priority DESC, job.id LIMIT %(most)s FOR UPDATE OF job SKIP LOCKED
    ), claimed AS (
        UPDATE procrastinate_jobs AS job SET status = 'doing', worker_id = %(worker)s
        FROM more WHERE job.id = more.id RETURNING job.*
    )
    SELECT true AS first, * FROM head WHERE id IS NOT NULL UNION ALL SELECT false, * FROM claimed
"""
# As procrastinate_finish_job_v1 and `Failures` do.
_FINISH = """
    WITH forgotten AS (DELETE FROM job_failures WHERE job_id = ANY(%(done)s))
    DELETE FROM procrastinate_jobs WHERE id = ANY(%(jobs)s) AND status IN ('todo', 'doing')
"""
_GIVE_BACK = """
    UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL
    WHERE id = ANY(%(jobs)s) AND status = 'doing'
"""


class Batches:
    """Has a worker do jobs of some kinds in batches."""

    def __init__(self, app: App, batches: Mapping[str, Batch]) -> None:
        self._app = app
        self._batches = batches
        self._behind: dict[int, list[Job]] = {}
        app.job_manager = _Manager(app, [*batches], self._behind)

    async def watch(
        self, call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker
    ) -> Any:
        """Worker middleware: does those jobs along with this one that were claimed with it."""
        head = context.job
        behind = self._behind.pop(_id(head), [])
        if not behind:
            return await call_next()
        left = {_id(job): job for job in behind}
        try:
            told = await self._do([head, *behind], left)
            await self._do_alone(left, told, context, worker)
        finally:
            if left:
                # Asked to end: another worker does what was not begun.
                giving = self._app.connector.execute_query_async(_GIVE_BACK, jobs=[*left])
                await asyncio.shield(giving)
        if told.get(_id(head), head) is None:
            return None
        _tell(context, told)
        return await call_next()

    async def _do(self, jobs: Sequence[Job], left: dict[int, Job]) -> dict[int, Exception | None]:
        """What came of jobs, by their ids. Those that went well are finished, but for the first."""
        told: dict[int, Exception | None] = {}
        try:
            async with aclosing(self._batches[jobs[0].task_name](jobs)) as batch:
                async for outcomes in batch:
                    new = {_id(jobs[place]): outcome for place, outcome in outcomes.items()}
                    told |= new
                    await self._finish([job for job, error in new.items() if error is None], left)
        except Exception as error:  # noqa: BLE001  whatever it is, they are done alone
            logger.warning(
                "jobs could not be done together, so each is done alone",
                task=jobs[0].task_name,
                jobs=len(jobs) - len(told),
                why=f"{type(error).__name__}: {error}",
            )
        return told

    async def _finish(self, done: Collection[int], left: dict[int, Job]) -> None:
        finished = [job for job in done if job in left]
        if done:
            await self._app.connector.execute_query_async(_FINISH, jobs=finished, done=[*done])
        for job in finished:
            del left[job]

    async def _do_alone(
        self,
        left: dict[int, Job],
        told: Mapping[int, Exception | None],
        context: JobContext,
        worker: Worker,
    ) -> None:
        """As the worker does any other job, with its retries; an outcome that is known is met again."""

        async def one(job: Job) -> None:
            async with turns:
                del left[_id(job)]
                alone = context.evolve(job=job, additional_context={})
                _tell(alone, told)
                await worker._process_job(alone)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

        turns = asyncio.Semaphore(_ALONE_AT_ONCE)
        await asyncio.gather(*(one(job) for job in list(left.values())))


def meet(context: JobContext) -> None:
    """Raise the error that a job has met already, when it was tried together with others."""
    error = _additional(context).get(_OUTCOME)
    if error is not None:
        raise error


def _tell(context: JobContext, told: Mapping[int, Exception | None]) -> None:
    _additional(context)[_OUTCOME] = told.get(_id(context.job))


def _additional(context: JobContext) -> dict[str, Any]:
    return context.additional_context  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def _id(job: Job) -> int:
    assert job.id is not None
    return job.id


class _Manager(JobManager):
    """Claims along with a job those of its kind that are ready, in the same statement."""

    def __init__(self, app: App, kinds: list[str], behind: dict[int, list[Job]]) -> None:
        super().__init__(app.job_manager.connector)
        self._kinds = kinds
        self._behind = behind

    @override
    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        for _ in range(_CLAIM_TRIES):
            try:
                return await self._claim(queues, worker_id)
            except UniqueViolation:
                # Another worker has taken one of the same lock in this very moment.
                continue
        return None

    async def _claim(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        rows = await self.connector.execute_query_all_async(
            _CLAIM,
            queues=None if queues is None else list(queues),
            worker=worker_id,
            kinds=self._kinds,
            urgent=int(Urgency.answer),
            most=MOST - 1,
        )
        if not rows:
            return None
        rows.sort(key=lambda row: (not row["first"], -row["priority"], row["id"]))
        head, *behind = [Job.from_row(row) for row in rows]
        if behind:
            self._behind[_id(head)] = behind
        return head
