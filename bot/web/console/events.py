"""The stream that tells an open console what has changed."""

import asyncio
import json

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from bot.web.console.access import USER
from bot.web.live import LIVE, Subscription
from bot.web.pages import guard

STREAM_FOR = 600.0
"""Seconds; then the browser comes again, and whoever was signed out is noticed."""


async def events(request: web.Request) -> web.StreamResponse:
    """Name the conversations that change; what they are is fetched, with its own checks."""
    with request.config_dict[LIVE].subscribe(request[USER].merchant_id) as subscription:
        async with sse_response(request) as stream:
            guard(request, stream)
            try:
                async with asyncio.timeout(STREAM_FOR):
                    await _tell(stream, subscription)
            except TimeoutError:
                pass
        return stream


async def _tell(stream: EventSourceResponse, subscription: Subscription) -> None:
    while stream.is_connected():
        changed = await subscription.next()
        if changed is None:
            return
        if changed:
            await stream.send(json.dumps(sorted(changed)), event="changed")
