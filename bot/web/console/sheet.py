"""What the console's paper pages are given."""

from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.domain.errors import NotFound
from bot.domain.rights import Right, may
from bot.services.ports import UnitOfWork
from bot.web import csrf
from bot.web.console.access import USER
from bot.web.console.wording import WORDS, spoken
from bot.web.keys import APPLICATION
from bot.web.times import Times


async def context(request: web.Request, unit: UnitOfWork) -> dict[str, object]:
    """Words, times in the shop's zone, the user, and which ways there are for them."""
    user, now = request[USER], request.config_dict[APPLICATION].clock.now()
    merchant = await unit.merchants.get(user.merchant_id)
    return {
        "words": WORDS,
        "language": spoken(),
        "user": user,
        "leads": may(user.role, Right.lead),
        "manages": may(user.role, Right.manage_people),
        "merchant": merchant,
        "now": now,
        "times": Times(ZoneInfo(merchant.timezone), spoken(), now),
        "csrf": await csrf.token(request),
    }


async def fields(request: web.Request, longest: int = 400) -> dict[str, str]:
    """What a form says, each field cut where nothing sensible is that long."""
    form = await request.post()
    return {name: value[:longest] for name, value in form.items() if isinstance(value, str)}


def named(request: web.Request, what: str) -> UUID:
    """An id that the address names. Raises NotFound for what is none."""
    try:
        return UUID(request.match_info[what])
    except ValueError:
        raise NotFound(f"there is no such {what}") from None
