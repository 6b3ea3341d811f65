"""The application: stand-ins, phones and the demo day joined."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
from aiohttp import web

from sandbox.carrier import Carrier
from sandbox.carrier import routes as carrier_routes
from sandbox.config import Demo, Options
from sandbox.demo import DEMO, DemoDay, until_morning
from sandbox.email import Mail
from sandbox.state import Keeper
from sandbox.telegram import Telegram
from sandbox.telegram import routes as telegram_routes
from sandbox.twilio import Twilio, TwilioWhatsApp
from sandbox.twilio import routes as twilio_routes
from sandbox.web import control, page, phones
from sandbox.whatsapp import WhatsApp
from sandbox.whatsapp import routes as whatsapp_routes
from sandbox.world import WORLD, World

_LOG = logging.getLogger("sandbox")
MAIL: web.AppKey[Mail] = web.AppKey("mail", Mail)
_PROVIDERS = ("twilio", "whatsapp", "telegram", "carrier")
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(demo: Demo, options: Options | None = None) -> web.Application:
    """The sandbox for one demo merchant. Nothing runs before the app is started.

    Tests: ``make_app(Demo.example(gateway_url))`` has no latency, keeps no state, and its demo
    day stands still; ``app[WORLD]`` is everything inside.
    """
    options = options or Options()
    app = web.Application(middlewares=[_same_origin, _log])
    world = app[WORLD] = World(demo, options)
    twilio = app[twilio_routes.TWILIO] = Twilio(world)
    whatsapp = app[whatsapp_routes.WHATSAPP] = WhatsApp(world)
    telegram = app[telegram_routes.TELEGRAM] = Telegram(world)
    carrier = app[carrier_routes.CARRIER] = Carrier(world)
    mail = app[MAIL] = Mail(world)
    carried = app[twilio_routes.TWILIO_WHATSAPP] = TwilioWhatsApp(world)
    by_twilio = demo.whatsapp.provider == "twilio"
    world.stand_ins.update(
        sms=twilio, whatsapp=carried if by_twilio else whatsapp, telegram=telegram, email=mail
    )
    app[DEMO] = DemoDay(world, carrier, {}, options.pace)
    for module in (twilio_routes, whatsapp_routes, telegram_routes, carrier_routes):
        module.add_routes(app)
    for module in (phones, control, page):
        module.add_routes(app)
    app.cleanup_ctx.append(_life)
    return app


async def _life(app: web.Application) -> AsyncIterator[None]:
    world = app[WORLD]
    await world.outbox.start()
    await app[MAIL].start()
    tasks: list[asyncio.Task[None]] = []
    keeper: Keeper | None = None
    if world.options.state_path is not None:
        keeper = Keeper(world, world.options.state_path)
        keeper.restore()
        keeper.extra.setdefault("demo", {})
        app[DEMO].resume(keeper.extra["demo"])
        tasks.append(asyncio.create_task(keeper.run(), name="keeper"))
    tasks.append(asyncio.create_task(_begin(app), name="demo day"))
    for task in tasks:
        task.add_done_callback(_tell_why)
    yield
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task
    await app[MAIL].close()
    await world.outbox.close()
    if keeper is not None:
        keeper.save()


def _tell_why(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        _LOG.error("the %s stopped", task.get_name(), exc_info=error)


async def _begin(app: web.Application) -> None:
    """Once the gateway is up: subscribe, agree on the time, and let the demo day run."""
    world = app[WORLD]
    await _gateway_is_up(world)
    if world.demo.whatsapp.provider == "meta":
        await app[whatsapp_routes.WHATSAPP].verify_subscription()
    unmoved = (aiohttp.ClientError, TimeoutError, ValueError, KeyError, web.HTTPBadGateway)
    with contextlib.suppress(*unmoved):
        await control.agree_on_time(world)
        if world.options.pace > 0 and world.options.morning and app[DEMO].is_over():
            await control.move_clock(world, until_morning(world.clock.now()))
    await app[DEMO].run()


async def _gateway_is_up(world: World) -> None:
    url = f"{world.demo.gateway}/healthz"
    while True:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with world.outbox.session.get(url) as answer:
                if answer.status == 200:
                    return
        await asyncio.sleep(1.0)


@web.middleware
async def _same_origin(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Another site open in the same browser may not type on these phones."""
    origin = request.headers.get("Origin")
    if origin and origin != str(request.url.origin()):
        raise web.HTTPForbidden(text="only this page may do that")
    return await handler(request)


@web.middleware
async def _log(request: web.Request, handler: _Handler) -> web.StreamResponse:
    provider = request.path.split("/", 2)[1]
    if provider not in _PROVIDERS:
        return await handler(request)
    world = request.app[WORLD]
    # A bot's token is part of its path: it stays out of the log.
    shown = request.path_qs.replace(world.demo.telegram.bot_token, "<token>")
    entry = world.journal.note("in", provider, "request", request.method, shown)
    started = time.perf_counter()
    try:
        entry.body = await request.read()
        answer = await handler(request)
        entry.status = answer.status
        return answer
    except web.HTTPException as exc:
        entry.status = exc.status
        raise
    finally:
        entry.ms = (time.perf_counter() - started) * 1000
