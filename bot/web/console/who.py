"""Who is who: two contacts that are one person, and an address that is somebody else's."""

from aiohttp import web

from bot.domain.rights import Right
from bot.web.console import sheet
from bot.web.console.access import USER
from bot.web.console.acts import read_id
from bot.web.console.desk import conversation_id, named
from bot.web.console.rights import needs
from bot.web.console.wording import WORDS
from bot.web.keys import APPLICATION
from bot.web.pages import page

_LONGEST = 200
_DONE = ("merged", "undone")


def routes() -> list[web.RouteDef]:
    """For every agent; only who leads makes two of one again."""
    here = "/c/{conversation}"
    return [
        web.get(f"{here}/who", show),
        web.post(f"{here}/merge", merge),
        web.post(f"{here}/take-out", take_out),
        web.post("/merges/{merge}/undo", undo),
    ]


async def show(request: web.Request) -> web.Response:
    """Whose addresses a conversation has, and who may be the same person."""
    application, user, here = (
        request.config_dict[APPLICATION],
        request[USER],
        conversation_id(request),
    )
    typed = request.query.get("q", "").replace("\0", "").strip()[:_LONGEST]
    whose = await application.services.merge_contacts.whose(user, here, typed)
    async with application.database.reading() as unit:
        context = await sheet.context(request, unit)
        agents = await unit.inbox.agents(user.merchant_id)
    context |= {
        "whose": whose,
        "typed": typed,
        "here": f"/console/c/{here}",
        "agents": agents,
        "done": WORDS(f"who.{done}") if (done := request.query.get("done", "")) in _DONE else "",
    }
    return page(request, "console/who.html", context)


async def merge(request: web.Request) -> web.Response:
    """Make two contacts one."""
    application, form = request.config_dict[APPLICATION], await sheet.fields(request, _LONGEST)
    other = read_id(form.get("other", ""), "other")
    kept = await application.services.merge_contacts(
        request[USER], conversation_id(request), other, form.get("reason", "")
    )
    raise web.HTTPSeeOther(f"/console/c/{kept}/who?done=merged")


async def take_out(request: web.Request) -> web.Response:
    """Make an address a contact of its own."""
    application, form = request.config_dict[APPLICATION], await sheet.fields(request, _LONGEST)
    identity = read_id(form.get("identity", ""), "identity")
    made = await application.services.merge_contacts.take_out(
        request[USER], conversation_id(request), identity, form.get("reason", "")
    )
    raise web.HTTPSeeOther(f"/console/c/{made}")


@needs(Right.lead)
async def undo(request: web.Request) -> web.Response:
    """Make two of one again."""
    services = request.config_dict[APPLICATION].services
    kept = await services.merge_contacts.undo(request[USER], named(request, "merge"))
    raise web.HTTPSeeOther(f"/console/c/{kept}/who?done=undone")
