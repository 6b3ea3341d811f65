"""`import`: loads shipments from a file."""

import argparse
from pathlib import Path

from bot.commands.application import merchant_named, with_application
from bot.commands.common import CommandError
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV with a header, or JSON")
    parser.add_argument("--merchant", help="whose they are; needed when there are several")


def run(options: argparse.Namespace) -> int:
    """Load the good rows and name the bad ones; 1 when there were any."""
    file: Path = options.file

    async def load(application: Application) -> int:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        merchant = await merchant_named(application, options.merchant)
        report = await application.services.import_shipments(merchant.name, content)
        for line in report.lines():
            print(line)
        return report.exit_code

    return with_application(load)
