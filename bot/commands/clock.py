"""`clock`: defers what recurs."""

import argparse
import asyncio

from bot.commands.common import serve, stop_event, touch_while_alive
from bot.jobs.clock import keep_time
from bot.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Stand for election, or keep time, until stopped."""
    del options
    return serve("clock", _keep)


async def _keep(settings: Settings) -> int:
    stop = stop_event()
    alive = asyncio.create_task(touch_while_alive())
    await keep_time(settings.database_url, stop)
    alive.cancel()
    return 0
