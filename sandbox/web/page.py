"""The page with the phones, and the stream that keeps it live."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from aiohttp import web
from aiohttp_sse import sse_response

from sandbox.clock import iso
from sandbox.demo import DEMO
from sandbox.world import WORLD

STATIC = Path(__file__).parent.parent / "static"
SHOWN_PHONES = 30
SHOWN_MESSAGES = 100
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def add_routes(app: web.Application) -> None:
    app.router.add_get("/", _index)
    app.router.add_get("/state", _state)
    app.router.add_get("/events", _events)
    app.router.add_static("/static", STATIC)


async def _index(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "index.html", headers=_HEADERS)


async def _state(request: web.Request) -> web.StreamResponse:
    """Everything that the page shows at first."""
    world = request.app[WORLD]
    phones = world.phones.listed()[:SHOWN_PHONES]
    threads = {
        f"{phone.number}/{channel}": [
            message.as_json() for message in list(thread.messages)[-SHOWN_MESSAGES:]
        ]
        for phone in phones
        for channel, thread in phone.threads.items()
    }
    found = {
        "merchant": world.demo.merchant,
        "gateway": world.demo.gateway,
        "bot": world.demo.telegram.bot_username,
        "now": iso(world.clock.now()),
        "phones": [phone.as_json() for phone in phones],
        "threads": threads,
        "demo": request.app[DEMO].as_json(),
    }
    return web.json_response(found, headers=_HEADERS)


async def _events(request: web.Request) -> web.StreamResponse:
    phones = request.app[WORLD].phones
    queue = phones.watch()
    try:
        async with sse_response(request) as stream:
            while stream.is_connected():
                try:
                    event = await asyncio.wait_for(queue.get(), 1.0)
                except TimeoutError:
                    continue
                await stream.send(json.dumps(event))
    finally:
        phones.unwatch(queue)
    return stream
