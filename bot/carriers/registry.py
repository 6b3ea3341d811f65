"""Every carrier there is: one line each."""

import aiohttp

from bot.carriers.base import Carrier
from bot.carriers.generic import GenericCarrier


def carriers(session: aiohttp.ClientSession) -> dict[str, Carrier]:
    """Make one adapter per carrier, by name. The session stays the caller's to close."""
    made: list[Carrier] = [
        GenericCarrier(session),
    ]
    return {carrier.name: carrier for carrier in made}
