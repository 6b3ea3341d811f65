"""A short storm: workers and gateway die and providers fail while people talk and parcels move.

`make faults` is the long one, in which everything dies.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from bot.jobs.queue import Queue
from bot.jobs.tasks import retry_stalled
from faults.run import Plan, storm_over
from tests.stack import Stack

DEAD_AFTER = 15
"""Seconds without a heartbeat; a living worker's come every ten."""
PLAN = Plan(
    seed=4,
    talkers=4,
    messages=5,
    parcels=2,
    calm=4,
    rest=12,
    spared=("-m bot clock", "-m bot actions", "rasa", "postgres"),
)


@pytest.fixture
async def swept(stack: Stack) -> AsyncIterator[None]:
    """A dead worker's jobs are taken up again sooner than after the minute that the clock waits."""
    queue = Queue(stack.database).app

    async def sweep() -> None:
        while True:
            await asyncio.sleep(1)
            await retry_stalled(queue.job_manager, DEAD_AFTER)

    async with queue.open_async():
        sweeping = asyncio.create_task(sweep())
        yield
        sweeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeping


@pytest.mark.timeout(400)
async def test_what_is_said_in_a_storm_is_answered_once(stack: Stack, swept: None) -> None:
    verdict, struck = await storm_over(stack, PLAN)
    assert verdict.problems == []
    # Each of those on Telegram is greeted besides.
    assert verdict.answered + len(verdict.doubtful) >= PLAN.talkers * (PLAN.messages + 0.5)
    assert any(what.startswith("killed") for what in struck), struck
