"""Webhooks of the carriers: checked, recorded, acknowledged."""

from dataclasses import asdict

import structlog
from aiohttp import web

from bot.domain.merchant import AccountKind
from bot.services.ports import adapter_account
from bot.web.keys import APPLICATION
from bot.web.webhooks import find_account, read_request

logger = structlog.get_logger(__name__)


def setup(app: web.Application) -> None:
    """Add the webhooks' route."""
    app.router.add_post("/webhooks/carriers/{account}", receive)


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
    events = adapter.parse(adapter_account(account), raw)
    outcome = await application.services.record_carrier_events(account, events)
    if outcome.unknown:
        logger.warning("events of unknown parcels", account=str(account.id), count=outcome.unknown)
    return web.json_response(asdict(outcome))
