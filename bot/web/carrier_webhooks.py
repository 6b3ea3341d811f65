"""Webhooks of the carriers: checked, recorded, acknowledged."""

from dataclasses import asdict

import structlog
from aiohttp import web

from bot.carriers.base import CarrierEvent, Challenged, VehiclePosition
from bot.domain.merchant import AccountKind
from bot.services.ports import adapter_account
from bot.web.keys import APPLICATION
from bot.web.webhooks import answered, find_account, read_request

logger = structlog.get_logger(__name__)


def setup(app: web.Application) -> None:
    """Add the webhooks' routes."""
    app.router.add_post("/webhooks/carriers/{account}", receive)
    app.router.add_get("/webhooks/carriers/{account}", challenge)


async def challenge(request: web.Request) -> web.Response:
    """Answer a carrier that checks whether this address is ours; 404 for those that do not."""
    application = request.app[APPLICATION]
    account = await find_account(request, AccountKind.carrier)
    adapter = application.carriers.get(account.name)
    if not isinstance(adapter, Challenged):
        raise web.HTTPNotFound
    raw = await read_request(request, application.settings.public_url)
    return answered(adapter.challenge(adapter_account(account), raw))


async def receive(request: web.Request) -> web.Response:
    """Take a carrier's events: 200 once they are stored, 403 unsigned, 400 unreadable.

    Events of parcels that nobody knows are acknowledged as well: the carrier cannot mend that,
    and one that is refused would be sent again for days.
    """
    application = request.app[APPLICATION]
    account = await find_account(request, AccountKind.carrier)
    adapter = application.carriers.get(account.name)
    if adapter is None:
        raise web.HTTPNotFound
    raw = await read_request(request, application.settings.public_url)
    adapter.verify(adapter_account(account), raw)
    told = adapter.parse(adapter_account(account), raw)
    events = [item for item in told if isinstance(item, CarrierEvent)]
    outcome = await application.services.record_carrier_events(account, events)
    seen = [item for item in told if isinstance(item, VehiclePosition)]
    if seen:
        await application.services.follow_vehicles(account, seen)
    if outcome.unknown:
        logger.warning("events of unknown parcels", account=str(account.id), count=outcome.unknown)
    return web.json_response(asdict(outcome))
