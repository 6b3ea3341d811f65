"""Every carrier there is: one line each."""

import aiohttp

from bot.carriers.aftership import AfterShip
from bot.carriers.base import Carrier
from bot.carriers.delhivery import Delhivery
from bot.carriers.easypost import EasyPost
from bot.carriers.fedex import FedEx
from bot.carriers.generic import GenericCarrier
from bot.carriers.mapped import Mapped
from bot.carriers.onfleet import Onfleet
from bot.carriers.samsara import Samsara
from bot.carriers.usps import Usps


def carriers(session: aiohttp.ClientSession) -> dict[str, Carrier]:
    """Make one adapter per carrier, by name. The session stays the caller's to close."""
    made: list[Carrier] = [
        AfterShip(session),
        Delhivery(session),
        EasyPost(session),
        FedEx(session),
        GenericCarrier(session),
        Mapped(session),
        Onfleet(session),
        Samsara(session),
        Usps(session),
    ]
    return {carrier.name: carrier for carrier in made}
