"""Views of the queue that are kept: from beside the queue, and on the page that arranges them."""

from urllib.parse import urlencode

from aiohttp import web

from bot.domain.saved_view import SavedView
from bot.services.inbox import View
from bot.services.save_views import LONGEST_NAME
from bot.web.console import sheet
from bot.web.console.access import USER
from bot.web.console.desk import named
from bot.web.console.wording import WORDS
from bot.web.keys import APPLICATION
from bot.web.pages import page

VIEWS = "/console/views"


def routes() -> list[web.RouteDef]:
    """For everybody; the team's are changed by who leads, as `SaveViews` has it."""
    return [
        web.get("/views", show),
        web.post("/views", save),
        web.post("/views/{view}/rename", rename),
        web.post("/views/{view}/remove", remove),
    ]


async def show(request: web.Request) -> web.Response:
    """One's own views and the team's."""
    user = request[USER]
    async with request.config_dict[APPLICATION].database.reading() as unit:
        context = await sheet.context(request, unit)
        seen = await unit.views.seen_by(user.merchant_id, user.id)
    context |= {
        "kept": {
            "mine": [one for one in seen if one.owner_id],
            "team": [one for one in seen if not one.owner_id],
        },
        "address": _address,
        "longest_name": LONGEST_NAME,
        "done": WORDS("views.done") if "done" in request.query else "",
    }
    return page(request, "console/views.html", context)


async def save(request: web.Request) -> web.Response:
    """Keep what the queue shows under a name, and show it."""
    form = await sheet.fields(request)
    made = await request.config_dict[APPLICATION].services.save_views(
        request[USER], form.get("name", ""), View.read(form), team=form.get("team") == "yes"
    )
    raise web.HTTPSeeOther(_address(made))


async def rename(request: web.Request) -> web.Response:
    """Call one something else."""
    name = (await sheet.fields(request)).get("name", "")
    services = request.config_dict[APPLICATION].services
    await services.save_views.rename(request[USER], named(request, "view"), name)
    raise web.HTTPSeeOther(f"{VIEWS}?done")


async def remove(request: web.Request) -> web.Response:
    """Delete one."""
    services = request.config_dict[APPLICATION].services
    await services.save_views.remove(request[USER], named(request, "view"))
    raise web.HTTPSeeOther(f"{VIEWS}?done")


def _address(view: SavedView) -> str:
    return f"/console?{urlencode(view.wanted)}"
