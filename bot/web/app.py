"""The gateway: everything that is spoken to over HTTP, put together."""

from aiohttp import web

from bot.web import (
    api,
    carrier_webhooks,
    console,
    health,
    letters,
    media,
    sandbox_clock,
    tracking,
    webhooks,
)
from bot.web.keys import APPLICATION
from bot.web.problems import problem_middleware
from bot.wiring import Application


def make_app(application: Application) -> web.Application:
    """The gateway's application; `application` stays its caller's to close."""
    app = web.Application(
        client_max_size=application.settings.max_body_bytes, middlewares=[problem_middleware]
    )
    app[APPLICATION] = application
    health.setup(app)
    webhooks.setup(app)
    carrier_webhooks.setup(app)
    api.setup(app)
    console.setup(app)
    tracking.setup(app)
    letters.setup(app)
    media.setup(app)
    if application.settings.sandbox:
        sandbox_clock.setup(app)
    return app
