"""A wired application for the commands that do something short with one."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import text

from bot.commands.common import CommandError, database, explained, local_settings
from bot.domain.errors import NotFound
from bot.domain.merchant import Merchant
from bot.logs import set_up_logs
from bot.settings import Settings
from bot.wiring import Application, wire


def with_application(work: Callable[[Application], Awaitable[int]]) -> int:
    """Do something short with a wired application, on a database that is started if need be."""

    async def wired(settings: Settings) -> int:
        async with wire(settings, pool_size=2) as application:
            return await work(application)

    with explained() as code, database():
        settings = local_settings()
        set_up_logs("command", level="WARNING")
        code.append(asyncio.run(wired(settings)))
    return code[-1]


def merchant_option(parser: argparse.ArgumentParser, whose: str = "whose") -> None:
    """Add `--merchant`, for `merchant_named`."""
    parser.add_argument("--merchant", help=f"{whose}; needed when there are several")


def days_option(parser: argparse.ArgumentParser, days: int) -> None:
    """Add `--days`, for a report."""
    parser.add_argument("--days", type=int, default=days, help=f"how far back ({days})")


async def merchant_named(application: Application, name: str | None) -> Merchant:
    """A merchant by name; without one, the only one there is.

    Raises:
        NotFound: no such merchant.
        CommandError: no name, and not exactly one merchant.
    """
    if name is None:
        async with application.database.engine.connect() as connection:
            names = (
                await connection.scalars(text("SELECT name FROM merchants ORDER BY name"))
            ).all()
        if len(names) != 1:
            known = ", ".join(names) or "none yet"
            raise CommandError(f"say which merchant with --merchant; there are: {known}")
        name = str(names[0])
    async with application.database() as unit:
        merchant = await unit.merchants.by_name(name)
    if merchant is None:
        raise NotFound(f"there is no merchant {name!r}")
    return merchant
