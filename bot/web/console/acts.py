"""What agents do: take over, reply, hand back, look at a number."""

from uuid import UUID

from aiohttp import web

from bot.domain.errors import Invalid
from bot.domain.ids import new_id
from bot.services.audit import audit
from bot.web.console.access import USER, is_fetch
from bot.web.console.desk import conversation_id
from bot.web.console.view import international
from bot.web.keys import APPLICATION


async def take(request: web.Request) -> web.Response:
    """Make the user the one who answers."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    await application.services.take_over(request[USER], here)
    return _done(request, here)


async def hand_back(request: web.Request) -> web.Response:
    """Let the bot answer again."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    await application.services.hand_back(request[USER], here)
    return _done(request, here)


async def reply(request: web.Request) -> web.Response:
    """Send what was typed; `draft` names it, so that a second click sends nothing twice."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    form = await request.post()
    try:
        draft = UUID(str(form.get("draft", "")))
    except ValueError:
        raise Invalid(("draft", "this page is too old, load it again")) from None
    text = str(form.get("text", ""))
    await application.services.reply_as_agent(request[USER], here, text, draft)
    return _done(request, here)


async def reveal(request: web.Request) -> web.Response:
    """The contact's number in full; that it was looked at is kept."""
    application, user = request.config_dict[APPLICATION], request[USER]
    async with application.database() as unit:
        found = await unit.conversations.get(user.merchant_id, conversation_id(request))
        contact = await unit.people.get(user.merchant_id, found.contact_id)
        audit(unit, user, "revealed_phone", ("contact", contact.id), application.clock.now())
        await unit.commit()
    return web.Response(text=international(contact.phone))


def _done(request: web.Request, here: UUID) -> web.Response:
    if is_fetch(request):
        # The name of the next draft: our script keeps the page, and with it the form.
        return web.Response(text=str(new_id()))
    raise web.HTTPSeeOther(f"/console/c/{here}")
