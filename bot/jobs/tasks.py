"""The jobs: each hands its arguments to a service and says when to try again."""

import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from bot.domain.errors import DoorstepError, Limited, NotYet, OutcomeUnknown, Temporary
from bot.jobs.batches import Batch, Batches, Outcomes, meet
from bot.jobs.failures import Failures
from bot.services.catalogue import Services
from bot.services.flows import Advance
from bot.wiring import Application

logger = structlog.get_logger(__name__)

KEEP_DEAD_HOURS = 90 * 24
"""How long a dead letter is kept for somebody to look at."""
LONGEST_WAIT = timedelta(days=1)
"""What a provider asks for beyond this is asked for again."""
ANSWER_TRIES = 8
"""Some two minutes, after which a person is a better answer than another try."""
PATIENT_TRIES = 25
"""Some twenty minutes, which outlasts what is down for a restart or an upgrade."""
_LIMITED = 8
"""How many times as often as that something is tried that a provider puts off."""
STALLED_AFTER = 60
"""Seconds without a heartbeat after which a worker counts as dead."""


class Retry(BaseRetryStrategy):
    """Waits 1 to 2, 2 to 4, 4 to 8 … 30 to 60 seconds, or as long as a provider asks for.

    What the rules or a provider refuse for good is not tried again; anything unexpected is, and
    then waits in the dead letters for a person.
    """

    def __init__(self, tries: int = PATIENT_TRIES) -> None:
        self.tries = tries

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        passing = isinstance(exception, Temporary | OutcomeUnknown)
        permanent = isinstance(exception, DoorstepError) and not passing
        if isinstance(exception, NotYet):
            return RetryDecision(
                retry_in={"milliseconds": exception.wait // timedelta(milliseconds=1) + 1}
            )
        # Being told to slow down is no sign that it will never work.
        most = self.tries * (_LIMITED if isinstance(exception, Limited) else 1)
        if permanent or job.attempts + 1 >= most:
            return None
        if isinstance(exception, Limited):
            wait = max(1, int(min(exception.wait, LONGEST_WAIT) / timedelta(seconds=1)))
        else:
            # Not all at once again: what failed together would fail together.
            longest = min(2 ** (job.attempts + 1), 60)
            wait = random.randint(max(1, longest // 2), longest)  # noqa: S311  no secret
        return RetryDecision(retry_in={"seconds": wait})


class UseCase(Protocol):
    """A use case that has a last word when its job will not be tried again."""

    async def give_up(self, merchant_id: UUID, thing_id: UUID, why: str, /) -> None: ...


@asynccontextmanager
async def or_give_up(
    use_case: UseCase, context: JobContext, retry: Retry, merchant_id: str, thing_id: str
) -> AsyncIterator[None]:
    """Let a use case end in words what a last failure would leave hanging."""
    try:
        yield
    except Exception as error:
        if retry.get_retry_decision(exception=error, job=context.job) is None:
            why = str(error) if isinstance(error, DoorstepError) else type(error).__name__
            await use_case.give_up(UUID(merchant_id), UUID(thing_id), why)
        raise


def middleware(application: Application) -> list[Any]:
    """What a worker does around its jobs: many of a kind together, and the reasons of failures kept."""
    failures = Failures(application.database.engine)
    return [Batches(application.queue.app, _batches(application.services)).watch, failures.watch]


def _batches(services: Services) -> Mapping[str, Batch]:
    def advance_flows(jobs: Sequence[Job]) -> AsyncGenerator[Outcomes]:
        return services.advance_flow.together(
            [
                Advance(UUID(known["merchant_id"]), UUID(known["run_id"]), known["step"])
                for known in (_arguments(job) for job in jobs)
            ]
        )

    def deliver(jobs: Sequence[Job]) -> AsyncGenerator[Outcomes]:
        return services.deliver.together(
            [
                (UUID(known["merchant_id"]), UUID(known["message_id"]))
                for known in (_arguments(job) for job in jobs)
            ]
        )

    return {"advance_flow": advance_flows, "deliver": deliver}


def _arguments(job: Job) -> Mapping[str, Any]:
    return job.task_kwargs


def register(application: Application) -> None:
    """Register every task with the application's queue."""
    queue, services = application.queue.app, application.services

    impatient, patient = Retry(ANSWER_TRIES), Retry()

    def task(
        name: str, retry: Retry = patient
    ) -> Callable[[Callable[..., Awaitable[None]]], object]:
        return queue.task(name=name, pass_context=True, retry=retry)

    @task("answer", impatient)
    async def answer(context: JobContext, merchant_id: str, message_id: str) -> None:
        async with or_give_up(services.answer, context, impatient, merchant_id, message_id):
            await services.answer(UUID(merchant_id), UUID(message_id), context.job.attempts)

    @task("deliver")
    async def deliver(context: JobContext, merchant_id: str, message_id: str) -> None:
        async with or_give_up(services.deliver, context, patient, merchant_id, message_id):
            meet(context)
            await services.deliver(UUID(merchant_id), UUID(message_id))

    @task("fall_back")
    async def fall_back(context: JobContext, merchant_id: str, message_id: str) -> None:
        del context
        await services.fall_back(UUID(merchant_id), UUID(message_id))

    @task("advance_flow")
    async def advance_flow(context: JobContext, merchant_id: str, run_id: str, step: int) -> None:
        del context
        await services.advance_flow(UUID(merchant_id), UUID(run_id), step)

    @task("call_webhook")
    async def call_webhook(context: JobContext, merchant_id: str, run_id: str, step: int) -> None:
        async with or_give_up(services.call_webhook, context, patient, merchant_id, run_id):
            await services.call_webhook(UUID(merchant_id), UUID(run_id), step)

    @task("tell_carrier")
    async def tell_carrier(context: JobContext, merchant_id: str, request_id: str) -> None:
        async with or_give_up(services.tell_carrier, context, patient, merchant_id, request_id):
            await services.tell_carrier(UUID(merchant_id), UUID(request_id))

    @task("announce_outcome")
    async def announce_outcome(context: JobContext, merchant_id: str, request_id: str) -> None:
        del context
        await services.announce_outcome(UUID(merchant_id), UUID(request_id))

    @task("fetch_media")
    async def fetch_media(context: JobContext, merchant_id: str, message_id: str) -> None:
        async with or_give_up(services.fetch_media, context, patient, merchant_id, message_id):
            await services.fetch_media(UUID(merchant_id), UUID(message_id))

    del (
        answer,
        deliver,
        fall_back,
        advance_flow,
        call_webhook,
        tell_carrier,
        announce_outcome,
        fetch_media,
    )
    _register_asking(application)
    _register_upkeep(application)


def _register_asking(application: Application) -> None:
    """What others know and do not tell by themselves; the next round asks again."""
    queue, services = application.queue.app, application.services

    @queue.task(name="sync_templates", pass_context=True, retry=Retry())
    async def sync_templates(context: JobContext) -> None:
        del context
        await services.sync_templates()

    @queue.task(name="poll_carriers", pass_context=True)
    async def poll_carriers(context: JobContext) -> None:
        del context
        for account in await services.poll_carriers.ordered():
            round_of = f"poll:{account}"
            job = queue.configure_task("poll_account", lock=round_of, queueing_lock=round_of)
            # Its last round has not come to its turn yet.
            with suppress(AlreadyEnqueued):
                await job.defer_async(account_id=str(account))

    @queue.task(name="poll_account", pass_context=True)
    async def poll_account(context: JobContext, account_id: str) -> None:
        del context
        await services.poll_carriers(UUID(account_id))

    @queue.task(name="mind_desk", pass_context=True)
    async def mind_desk(context: JobContext) -> None:
        del context
        await services.mind_desk()

    @queue.task(name="run_schedules", pass_context=True)
    async def run_schedules(context: JobContext) -> None:
        del context
        await services.run_schedules()

    @queue.task(name="refresh_estimates", pass_context=True)
    async def refresh_estimates(context: JobContext) -> None:
        del context
        await services.refresh_estimates()

    del sync_templates, poll_carriers, poll_account, mind_desk, run_schedules, refresh_estimates


async def retry_stalled(manager: JobManager, seconds: float) -> None:
    """Have the jobs of workers done again that have not been heard of for so many seconds."""
    await manager.prune_stalled_workers(seconds)
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        logger.warning("retrying a job of a dead worker", job=job.id, task=job.task_name)
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            # The next one of those of which only one may wait waits already.
            await manager.finish_job(job, Status.ABORTED, delete_job=True)


def _register_upkeep(application: Application) -> None:
    """What keeps the queue itself in order."""
    queue = application.queue.app

    @queue.task(name="sweep_stalled_jobs", pass_context=True, retry=Retry())
    async def sweep_stalled_jobs(context: JobContext) -> None:
        del context
        await retry_stalled(queue.job_manager, STALLED_AFTER)

    @queue.task(name="prune", pass_context=True, retry=Retry())
    async def prune(context: JobContext) -> None:
        del context
        await queue.job_manager.delete_old_jobs(nb_hours=KEEP_DEAD_HOURS, include_failed=True)
        await Failures(application.database.engine).forget_orphans()
        await application.services.forget_media()
        await application.services.erase_person.again()
        await application.services.follow_vehicles.forget(application.clock.now())
        await application.services.refresh_estimates.forget(application.clock.now())

    del sweep_stalled_jobs, prune
