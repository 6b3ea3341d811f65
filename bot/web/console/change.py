"""The form by which an agent changes a delivery for the customer."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.domain.errors import Invalid
from bot.domain.request import RequestKind
from bot.services.change_as_agent import Wanted
from bot.web.console import sheet
from bot.web.console.access import USER
from bot.web.console.acts import done
from bot.web.console.desk import conversation_id, named
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
    async with application.database.reading() as unit:
        found = await unit.conversations.get(user.merchant_id, here)
        context = await sheet.context(request, unit)
    now, zone = application.clock.now(), ZoneInfo(possible.shipment.timezone)
    context |= {
        "possible": possible,
        "door": Times(zone, spoken(), now),
        "here": f"/console/c/{here}",
        "held": found.agent_id == user.id,
    }
    return page(request, "console/change.html", context)


async def make(request: web.Request) -> web.Response:
    """Ask the carrier for it."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    form = await sheet.fields(request, _LONGEST)
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
