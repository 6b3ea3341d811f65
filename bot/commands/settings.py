"""`settings`: what is in use."""

import argparse
import sys

from pydantic import SecretStr

from bot.commands.common import local_settings
from bot.logs import mask
from bot.settings import SettingsError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Print them as in `doorstep.toml`; 2 when they cannot be used."""
    del options
    try:
        settings = local_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        shown = "***" if isinstance(value, SecretStr) else mask(str(value))
        print(f"{name} = {'(not set)' if value is None else shown}")
    return 0
