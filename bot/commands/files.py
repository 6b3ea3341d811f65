"""What the commands share that load a merchant's file."""

import argparse
from pathlib import Path

from bot.commands.application import merchant_option
from bot.commands.common import CommandError


def file_and_merchant(parser: argparse.ArgumentParser) -> None:
    """Add the file, and whose it is."""
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV with a header, or JSON")
    merchant_option(parser, "whose they are")


def content_of(file: Path) -> bytes:
    """The whole file. Raises CommandError, in words, when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
