"""Who looks at what, and who types: kept for colleagues while a page is open."""

from uuid import UUID

from aiohttp import web

from bot.domain.errors import NotFound
from bot.services.ports import UnitOfWork
from bot.web.console.access import USER
from bot.web.keys import APPLICATION


async def present(request: web.Request) -> web.Response:
    """The page says where its agent is: `open` names the conversation, `typing` is yes or no."""
    application, user = request.config_dict[APPLICATION], request[USER]
    form = await request.post()
    async with application.database() as unit:
        here = await _known(unit, user.merchant_id, str(form.get("open", "")))
        now = application.clock.now()
        typing = form.get("typing") == "yes"
        before = await unit.presences.place(user)
        if await unit.presences.keep(user, here, now, typing=typing):
            for place in {before, here} - {None}:
                await unit.notify(
                    "presence", {"merchant": str(user.merchant_id), "conversation": str(place)}
                )
        await unit.commit()
    return web.Response(status=204)


async def _known(unit: UnitOfWork, merchant_id: UUID, text: str) -> UUID | None:
    try:
        found = await unit.conversations.get(merchant_id, UUID(text))
    except (ValueError, NotFound):
        return None
    return found.id
