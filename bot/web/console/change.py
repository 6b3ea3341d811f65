"""The form by which an agent changes a delivery for the customer."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.domain.errors import Invalid
from bot.domain.ids import new_id
from bot.domain.request import RequestKind
from bot.services.change_as_agent import Wanted
from bot.web import csrf
from bot.web.console.access import USER
from bot.web.console.acts import done
from bot.web.console.desk import basics, conversation_id, named
from bot.web.console.wording import spoken
from bot.web.keys import APPLICATION
from bot.web.pages import page
from bot.web.times import Times

_LONGEST = 500


async def show(request: web.Request) -> web.Response:
    """What may be changed about a parcel now, and why not the rest."""
    application, user = request.config_dict[APPLICATION], request[USER]
    here, shipment_id = conversation_id(request), named(request, "shipment")
    possible = await application.services.change_as_agent.possible(user, here, shipment_id)
    async with application.database() as unit:
        merchant = await unit.merchants.get(user.merchant_id)
        found = await unit.conversations.get(user.merchant_id, here)
    now, zone = application.clock.now(), ZoneInfo(possible.shipment.timezone)
    context = basics(request, merchant.timezone) | {
        "possible": possible,
        "door": Times(zone, spoken(), now),
        "here": f"/console/c/{here}",
        "held": found.agent_id == user.id,
        "draft": new_id(),
        "csrf": await csrf.token(request),
    }
    return page(request, "console/change.html", context)


async def make(request: web.Request) -> web.Response:
    """Ask the carrier for it."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    form = {name: str(value)[:_LONGEST] for name, value in (await request.post()).items()}
    kind = form.get("kind", "")
    if kind not in list(RequestKind):
        raise Invalid(("kind", "choose what is to be changed"))
    wanted = Wanted(
        RequestKind(kind),
        _start(form.get("window", "")),
        form.get("words", ""),
        form.get("override", ""),
    )
    shipment = named(request, "shipment")
    await application.services.change_as_agent(request[USER], here, shipment, wanted)
    return done(request, here)


def _start(text: str) -> datetime | None:
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        return None
    return start if start.tzinfo else None
