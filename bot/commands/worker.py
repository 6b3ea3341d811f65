"""`worker`: does the jobs."""

import argparse
import asyncio

from bot.commands.common import collect_seldom, serve, touch_while_alive
from bot.jobs import tasks
from bot.settings import Settings
from bot.wiring import wire

_LAST_JOBS = 8.0
"""Seconds for jobs to end in when the worker is stopped; the rest is tried again elsewhere."""
_POLL = 2.0
"""Seconds between looks at the queue, should a notification have been missed."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Work until stopped."""
    del options
    return serve("worker", work)


async def work(settings: Settings) -> int:
    """Work until a signal; the jobs in hand are finished first."""
    async with wire(settings, pool_size=settings.worker_concurrency) as application:
        tasks.register(application)
        collect_seldom()
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
