"""What the console's pages beside the desk are given, and what their forms say."""

from aiohttp import web

from bot.domain.rights import Right, may
from bot.services.ports import UnitOfWork
from bot.web import csrf
from bot.web.console.access import USER
from bot.web.console.desk import basics


async def context(request: web.Request, unit: UnitOfWork) -> dict[str, object]:
    """What every page is given, the shop, and whether the user manages people."""
    user = request[USER]
    merchant = await unit.merchants.get(user.merchant_id)
    return basics(request, merchant.timezone) | {
        "merchant": merchant,
        "manages": may(user.role, Right.manage_people),
        "csrf": await csrf.token(request),
    }


async def fields(request: web.Request, longest: int = 400) -> dict[str, str]:
    """What a form says, each field cut where nothing sensible is that long."""
    form = await request.post()
    return {name: value[:longest] for name, value in form.items() if isinstance(value, str)}
