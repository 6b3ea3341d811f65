"""`gateway`: everything that is spoken to over HTTP."""

import argparse
import asyncio
import errno

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.commands.common import CommandError, collect_seldom, serve, stop_event
from bot.domain.ids import new_id
from bot.logs import about
from bot.settings import Settings
from bot.web.app import make_app
from bot.wiring import wire

_LAST_REQUESTS = 5.0
_ID_HEADER = "X-Request-ID"
_ID_LONGEST = 64


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Serve until stopped; 2 when the port is taken."""
    del options
    return serve("gateway", _serve)


async def _serve(settings: Settings) -> int:
    stop = stop_event()
    async with wire(settings) as application:
        app = make_app(application)
        app.middlewares.insert(0, name_requests)
        # The work of a request whose client has gone is done all the same: providers hang up.
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_LAST_REQUESTS)
        await runner.setup()
        collect_seldom()
        try:
            await _listen(runner, settings)
            await stop.wait()
        finally:
            await runner.cleanup()
    return 0


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    site = web.TCPSite(runner, settings.gateway_host, settings.gateway_port)
    try:
        await site.start()
    except OSError as error:
        where = f"{settings.gateway_host}:{settings.gateway_port}"
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"{where} is taken: stop what has it, or choose another port with "
                f"GATEWAY_PORT={settings.gateway_port + 1000}"
            ) from None
        raise CommandError(f"cannot listen on {where}: {error.strerror}") from None


@web.middleware
async def name_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every request a name, a proxy's if it sent one, for the log and the answer."""
    given = request.headers.get(_ID_HEADER, "")
    usable = 0 < len(given) <= _ID_LONGEST and given.isascii() and given.isprintable()
    name = given if usable else str(new_id())
    with about(request=name):
        try:
            response = await handler(request)
        except web.HTTPException as error:
            error.headers[_ID_HEADER] = name
            raise
        except asyncio.CancelledError:
            raise
        if not response.prepared:
            response.headers[_ID_HEADER] = name
        return response
