"""`run`: everything on this machine."""

import argparse
import os

from bot.run.start import main


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "--verbose", action="store_true", help="print all that the processes log (or VERBOSE=1)"
    )


def run(options: argparse.Namespace) -> int:
    """Run until stopped; 2 when it cannot be started."""
    return main(verbose=options.verbose or bool(os.environ.get("VERBOSE")))
