"""What helps to write: answers in store, and how a text would go out."""

from uuid import UUID

from aiohttp import web

from bot.channels.base import Priced, Worded
from bot.domain.errors import NotFound
from bot.services.agents import reply_identity
from bot.services.ports import adapter_account
from bot.web.console.access import USER
from bot.web.console.desk import conversation_id
from bot.web.console.wording import WORDS
from bot.web.keys import APPLICATION

_LONGEST = 4000


async def stored(request: web.Request) -> web.Response:
    """An answer in store, in the customer's words."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    shortcut = request.match_info["shortcut"]
    words = await application.services.prepare_reply(request[USER], here, shortcut)
    return web.Response(text=words)


async def preview(request: web.Request) -> web.Response:
    """How a text would go out on the channel of the reply: in how many parts, at which price."""
    form = await request.post()
    text = str(form.get("text", "")).replace("\0", "").strip()[:_LONGEST]
    said = await _said(request, conversation_id(request), text) if text else ""
    return web.Response(text=said)


async def _said(request: web.Request, here: UUID, text: str) -> str:
    application, user = request.config_dict[APPLICATION], request[USER]
    async with application.database.reading() as unit:
        conversation = await unit.conversations.get(user.merchant_id, here)
        identity = await reply_identity(unit, conversation)
        if identity is None:
            raise NotFound("there is no address to write to")
        account = adapter_account(await unit.accounts.get(identity.account_id))
    channel = application.channels[identity.channel]
    if not isinstance(channel, Priced):
        return ""
    cost = channel.cost(account, identity.address, channel.render(account, Worded(text)))
    said = WORDS("composer.pieces", count=cost.pieces)
    return said if cost.amount is None else f"{said}, {cost.amount} {cost.currency}"
