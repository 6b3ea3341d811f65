"""Webhooks of the channels: checked, kept, acknowledged; the answering is a job's."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import structlog
from aiohttp import web

from bot.channels.base import (
    Acknowledges,
    Channel,
    Inbound,
    Update,
    WebhookAnswer,
    WebhookRequest,
)
from bot.domain.errors import BadSignature, DoorstepError, MalformedUpdate, NotFound
from bot.domain.merchant import AccountKind, ProviderAccount
from bot.services.ports import adapter_account
from bot.web.keys import APPLICATION
from bot.web.problems import problem

logger = structlog.get_logger(__name__)

_COURTESY = 2.0
"""Seconds that a provider may take to hear that a tap has arrived."""
_ENCODED = 1.4
"""How much larger a file is within a mail (base64, in lines)."""
_AROUND = 2**20
"""Bytes of a mail besides its file: words, twice, and the heads."""


def setup(app: web.Application) -> None:
    """Add the webhooks' routes."""
    for path in ("/webhooks/{channel}/{account}", "/webhooks/{channel}/{account}/status"):
        app.router.add_post(path, receive)
    app.router.add_get("/webhooks/{channel}/{account}", challenge)


async def receive(request: web.Request) -> web.Response:
    """Take a provider's updates: 200 once they are stored, 403 unsigned, 400 unreadable."""
    application = request.app[APPLICATION]
    account = await find_account(request, AccountKind.channel, request.match_info["channel"])
    channel = application.channels[account.name]
    if channel.capabilities.carries_files:
        limit = int(application.settings.media_max_bytes * _ENCODED) + _AROUND
        request = request.clone(client_max_size=limit)
    raw = await read_request(request, application.settings.public_url)
    try:
        channel.verify(adapter_account(account), raw)
        updates = channel.parse(adapter_account(account), raw)
    except BadSignature as error:
        logger.warning("webhook refused", account=str(account.id), why=str(error))
        return problem(403, "The signature is wrong or missing", str(error))
    except MalformedUpdate as error:
        logger.warning("webhook unreadable", account=str(account.id), why=str(error))
        return problem(400, "The body cannot be read", str(error))
    await application.services.receive(account, updates)
    await _acknowledge_taps(channel, account, updates)
    return answered(channel.answer(adapter_account(account), raw))


async def _acknowledge_taps(
    channel: Channel, account: ProviderAccount, updates: Sequence[Update]
) -> None:
    """Stop the spinner on a tapped button; a courtesy, so nothing waits long for it or fails."""
    if not isinstance(channel, Acknowledges):
        return
    for update in updates:
        if isinstance(update, Inbound) and update.choice is not None:
            with suppress(DoorstepError, TimeoutError):
                async with asyncio.timeout(_COURTESY):
                    await channel.acknowledge(adapter_account(account), update)


async def challenge(request: web.Request) -> web.Response:
    """Answer a provider that checks whether this address is ours."""
    application = request.app[APPLICATION]
    account = await find_account(request, AccountKind.channel, request.match_info["channel"])
    raw = await read_request(request, application.settings.public_url)
    try:
        answer = application.channels[account.name].answer(adapter_account(account), raw)
    except BadSignature as error:
        return problem(403, "The verification token is wrong", str(error))
    return answered(answer)


async def find_account(
    request: web.Request, kind: AccountKind, name: str | None = None
) -> ProviderAccount:
    """The account that a webhook's address names; 404 for anything else."""
    application = request.app[APPLICATION]
    try:
        account_id = UUID(request.match_info["account"])
        async with application.database.reading() as unit:
            account = await unit.accounts.get(account_id)
    except (ValueError, NotFound):
        raise web.HTTPNotFound from None
    if account.kind is not kind or name not in {None, account.name}:
        raise web.HTTPNotFound
    return account


async def read_request(request: web.Request, public_url: str) -> WebhookRequest:
    """The request as its sender sent it: providers sign the public URL, not the proxy's."""
    return WebhookRequest(
        method=request.method,
        url=public_url + request.path_qs,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query),
        body=await request.read(),
    )


def answered(answer: WebhookAnswer) -> web.Response:
    """What an adapter wants its provider to hear."""
    return web.Response(status=answer.status, text=answer.body, content_type=answer.content_type)
