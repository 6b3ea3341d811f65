"""`evaluate`: measures how well the model reads messages."""

import argparse

from bot.dialogue import evaluate


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("file", metavar="FILE", help='lines of {"text", "lang", "accept": [...]}')
    parser.add_argument("--json", metavar="OUT", help="also write the report there")


def run(options: argparse.Namespace) -> int:
    """Print the tables; the last line is the accuracy."""
    out = ["--json", options.json] if options.json else []
    return evaluate.main([options.file, *out])
