"""The sandbox's hand on our clock; there is no such route outside the sandbox."""

import hmac
from datetime import timedelta

from aiohttp import web
from pydantic import BaseModel

from bot.clocks import MovableClock
from bot.web.keys import APPLICATION
from bot.web.problems import problem


class Move(BaseModel):
    """How far to move the clock, as an ISO 8601 duration ("PT2H")."""

    advance: timedelta


def setup(app: web.Application) -> None:
    """Add /sandbox/clock."""
    app.router.add_post("/sandbox/clock", move)


async def move(request: web.Request) -> web.Response:
    """Move the whole system's clock on; what falls due runs."""
    application = request.app[APPLICATION]
    token = application.settings.control_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is None or not hmac.compare_digest(given.encode(), token.get_secret_value().encode()):
        return problem(403, "The control token is wrong or missing")
    clock = application.clock
    assert isinstance(clock, MovableClock), "the sandbox runs on a clock that can be moved"
    try:
        by = Move.model_validate_json(await request.read()).advance
        clock.advance(by)
    except ValueError as error:
        return problem(400, "The clock was not moved", str(error))
    async with application.database() as unit:
        await unit.jobs.bring_nearer(by)
        await unit.commit()
    return web.json_response({"now": clock.now().isoformat()})
