"""`train`: trains the language model."""

import argparse

from bot.dialogue import training


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--force", action="store_true", help="train even when nothing has changed")


def run(options: argparse.Namespace) -> int:
    """Train if need be; 1 when the inputs are refused."""
    return training.main(["--force"] if options.force else [])
