"""`migrate`: brings the database up to date."""

import argparse

from bot.commands.common import CommandError, serve
from bot.settings import Settings
from bot.storage.migrate import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Apply what is missing; safe to repeat, and from several machines."""
    del options
    return serve("migrate", _migrate)


async def _migrate(settings: Settings) -> int:
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415

    try:
        migrate(settings.database_url)
    except OperationalError as error:
        raise CommandError(f"the database cannot be reached: {error.orig}") from None
    return 0
