"""The work list: changes that the merchant's people have to arrange with a carrier."""

from aiohttp import web

from bot.web.console import sheet
from bot.web.console.access import USER
from bot.web.console.desk import named
from bot.web.keys import APPLICATION
from bot.web.pages import page

_SHOWN = 200


async def show(request: web.Request) -> web.Response:
    """What is to be arranged, the most pressing first."""
    application, user = request.config_dict[APPLICATION], request[USER]
    async with application.database.reading() as unit:
        context = await sheet.context(request, unit) | {
            "work": await unit.requests.work(user.merchant_id, _SHOWN)
        }
    return page(request, "console/work.html", context)


async def decide(request: web.Request) -> web.Response:
    """It was arranged, or cannot be."""
    application, form = request.config_dict[APPLICATION], await request.post()
    await application.services.decide_request(
        request[USER],
        named(request, "request"),
        accepted=form.get("decided") == "accepted",
        reason=str(form.get("reason", "")),
    )
    raise web.HTTPSeeOther("/console/work")
