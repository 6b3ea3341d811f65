"""`worker`: does the jobs."""

import argparse
import asyncio
import gc

from bot.commands.common import serve, touch_while_alive
from bot.jobs import tasks
from bot.settings import Settings
from bot.wiring import wire

_LAST_JOBS = 8.0
"""Seconds for jobs to end in when the worker is stopped; the rest is tried again elsewhere."""
_COLLECT_AFTER = 20_000
"""Objects made and not yet let go; a batch makes some thousands."""
_POLL = 2.0
"""Seconds between looks at the queue, should a notification have been missed."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Work until stopped."""
    del options
    return serve("worker", work)


def _collect_seldom() -> None:
    """What a batch reads lives as long as the batch: looking for garbage amid it finds none."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 100)


async def work(settings: Settings) -> int:
    """Work until a signal; the jobs in hand are finished first."""
    async with wire(settings, pool_size=settings.worker_concurrency) as application:
        tasks.register(application)
        _collect_seldom()
        queue = application.queue.app
        alive = asyncio.create_task(touch_while_alive())
        async with queue.open_async():
            await queue.run_worker_async(
                concurrency=settings.worker_concurrency,
                delete_jobs="successful",
                listen_notify=True,
                fetch_job_polling_interval=_POLL,
                shutdown_graceful_timeout=_LAST_JOBS,
                worker_middleware=tasks.middleware(application),
            )
        alive.cancel()
    return 0
