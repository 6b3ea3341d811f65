"""Webhooks of the carriers: checked, recorded, acknowledged."""

from dataclasses import asdict
from uuid import UUID

import structlog
from aiohttp import web

from bot.channels.base import WebhookRequest
from bot.domain.errors import NotFound
from bot.domain.merchant import AccountKind, ProviderAccount
from bot.services.ports import adapter_account
from bot.web.keys import APPLICATION

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
    account = await _account(request)
    adapter = application.carriers[account.name]
    raw = WebhookRequest(
        method=request.method,
        url=application.settings.public_url + request.path_qs,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query),
        body=await request.read(),
    )
    adapter.verify(adapter_account(account), raw)
    events = adapter.parse(adapter_account(account), raw)
    outcome = await application.services.record_carrier_events(account, events)
    if outcome.unknown:
        logger.warning("events of unknown parcels", account=str(account.id), count=outcome.unknown)
    return web.json_response(asdict(outcome))


async def _account(request: web.Request) -> ProviderAccount:
    """The carrier's account that the address names; 404 for anything else."""
    application = request.app[APPLICATION]
    try:
        account_id = UUID(request.match_info["account"])
        async with application.database() as unit:
            account = await unit.accounts.get(account_id)
    except (ValueError, NotFound):
        raise web.HTTPNotFound from None
    if account.kind is not AccountKind.carrier or account.name not in application.carriers:
        raise web.HTTPNotFound
    return account
