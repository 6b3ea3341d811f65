"""`import`: loads shipments from a file."""

import argparse

from bot.commands.application import merchant_named, with_application
from bot.commands.files import content_of, file_and_merchant
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    file_and_merchant(parser)


def run(options: argparse.Namespace) -> int:
    """Load the good rows and name the bad ones; 1 when there were any."""

    async def load(application: Application) -> int:
        content = content_of(options.file)
        merchant = await merchant_named(application, options.merchant)
        report = await application.services.import_shipments(merchant.name, content)
        for line in report.lines():
            print(line)
        return report.exit_code

    return with_application(load)
