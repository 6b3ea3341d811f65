"""The jobs: each hands its arguments to a service and says when to try again."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import structlog
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.jobs import Job

from bot.domain.errors import DoorstepError, Limited, Temporary
from bot.wiring import Application

logger = structlog.get_logger(__name__)

KEEP_DEAD_HOURS = 90 * 24
"""How long a dead letter is kept for somebody to look at."""
STALLED_AFTER = 60
"""Seconds without a heartbeat after which a worker counts as dead."""


class Retry(BaseRetryStrategy):
    """Waits 1, 2, 4 … 60 seconds, or as long as a provider asks for.

    What the rules or a provider refuse for good is not tried again; anything unexpected is,
    a few times, and then waits in the dead letters for a person.
    """

    def __init__(self, tries: int = 12) -> None:
        self.tries = tries

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        permanent = isinstance(exception, DoorstepError) and not isinstance(exception, Temporary)
        if permanent or job.attempts + 1 >= self.tries:
            return None
        wait = min(2**job.attempts, 60)
        if isinstance(exception, Limited):
            wait = max(1, int(exception.wait / timedelta(seconds=1)))
        return RetryDecision(retry_in={"seconds": wait})


def register(application: Application) -> None:
    """Register every task with the application's queue."""
    queue, services = application.queue.app, application.services

    def task(name: str) -> Callable[[Callable[..., Awaitable[None]]], object]:
        return queue.task(name=name, pass_context=True, retry=Retry())

    @task("answer")
    async def answer(context: JobContext, merchant_id: str, message_id: str) -> None:
        await services.answer(UUID(merchant_id), UUID(message_id), context.job.attempts)

    @task("deliver")
    async def deliver(context: JobContext, merchant_id: str, message_id: str) -> None:
        await services.deliver(UUID(merchant_id), UUID(message_id), context.job.attempts)

    @task("advance_flow")
    async def advance_flow(context: JobContext, merchant_id: str, run_id: str, step: int) -> None:
        del context
        await services.advance_flow(UUID(merchant_id), UUID(run_id), step)

    @task("tell_carrier")
    async def tell_carrier(context: JobContext, merchant_id: str, request_id: str) -> None:
        del context
        await services.tell_carrier(UUID(merchant_id), UUID(request_id))

    @task("announce_outcome")
    async def announce_outcome(context: JobContext, merchant_id: str, request_id: str) -> None:
        del context
        await services.announce_outcome(UUID(merchant_id), UUID(request_id))

    @task("sweep_stalled_jobs")
    async def sweep_stalled_jobs(context: JobContext) -> None:
        del context
        manager = queue.job_manager
        await manager.prune_stalled_workers(STALLED_AFTER)
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
            logger.warning("retrying a job of a dead worker", job=job.id, task=job.task_name)
            await manager.retry_job(job)

    @task("prune")
    async def prune(context: JobContext) -> None:
        del context
        await queue.job_manager.delete_old_jobs(nb_hours=KEEP_DEAD_HOURS, include_failed=True)

    del answer, deliver, advance_flow, tell_carrier, announce_outcome, sweep_stalled_jobs, prune
