"""`import-points`: loads a merchant's pick-up points from a file."""

import argparse

from bot.commands.application import merchant_named, with_application
from bot.commands.files import content_of, file_and_merchant
from bot.domain.errors import Invalid
from bot.wiring import Application


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    file_and_merchant(parser)


def run(options: argparse.Namespace) -> int:
    """Load all of them, or name every row that is wrong, load none, and return 1."""

    async def load(application: Application) -> int:
        content = content_of(options.file)
        merchant = await merchant_named(application, options.merchant)
        try:
            done = await application.services.import_points.of_file(
                merchant.id, content, "command line"
            )
        except Invalid as error:
            for where, said in error.problems:
                print(f"{where}: {said}")
            print("nothing is changed")
            return 1
        print(f"loaded {done.points}, closed {done.closed}")
        return 0

    return with_application(load)
