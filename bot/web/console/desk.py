"""The console's pages and the fragments that keep them live."""

from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.domain.conversation import Conversation
from bot.domain.errors import NotFound
from bot.domain.ids import new_id
from bot.domain.survey import category
from bot.services.inbox import Queue
from bot.services.ports import UnitOfWork
from bot.services.tell_carrier import carrier_title
from bot.web import csrf, media
from bot.web.console import view
from bot.web.console.access import USER
from bot.web.console.wording import WORDS
from bot.web.keys import APPLICATION
from bot.web.pages import page
from bot.web.times import Times

THREAD_LENGTH = 200


async def home(request: web.Request) -> web.Response:
    """The queue, with no conversation open."""
    async with request.config_dict[APPLICATION].database() as unit:
        context = await _frame(request, unit) | {"open": None}
    return page(request, "console/home.html", context)


async def queue(request: web.Request) -> web.Response:
    """The queue alone, for our script; `open` names the conversation on screen."""
    async with request.config_dict[APPLICATION].database() as unit:
        context = await _frame(request, unit) | {"open": request.query.get("open")}
    return page(request, "console/queue.html", context)


async def conversation(request: web.Request) -> web.Response:
    """The queue, a conversation, and the facts beside it."""
    async with request.config_dict[APPLICATION].database() as unit:
        context = await _frame(request, unit) | await _conversation(request, unit)
    return page(request, "console/conversation.html", context)


async def parts(request: web.Request) -> web.Response:
    """The parts of a conversation that change, for our script."""
    async with request.config_dict[APPLICATION].database() as unit:
        merchant = await unit.merchants.get(request[USER].merchant_id)
        context = _basics(request, merchant.timezone) | await _conversation(request, unit)
        context["csrf"] = await csrf.token(request)
    return page(request, "console/parts.html", context)


def conversation_id(request: web.Request) -> UUID:
    """The conversation that the address names. Raises NotFound for what is no id."""
    try:
        return UUID(request.match_info["conversation"])
    except ValueError:
        raise NotFound("there is no such conversation") from None


def _basics(request: web.Request, timezone: str) -> dict[str, object]:
    now = request.config_dict[APPLICATION].clock.now()
    return {
        "words": WORDS,
        "view": view,
        "user": request[USER],
        "now": now,
        "times": Times(ZoneInfo(timezone), "en", now),
        "category": category,
    }


async def _frame(request: web.Request, unit: UnitOfWork) -> dict[str, object]:
    user = request[USER]
    merchant = await unit.merchants.get(user.merchant_id)
    rows: Queue = await unit.inbox.queue(merchant.id, user.id)
    return _basics(request, merchant.timezone) | {
        "merchant": merchant,
        "rows": rows,
        "csrf": await csrf.token(request),
    }


async def _conversation(request: web.Request, unit: UnitOfWork) -> dict[str, object]:
    user, application = request[USER], request.config_dict[APPLICATION]
    found: Conversation = await unit.conversations.get(user.merchant_id, conversation_id(request))
    merchant = await unit.merchants.get(user.merchant_id)
    agents = await unit.inbox.agents(user.merchant_id)
    messages = await unit.messages.thread(user.merchant_id, found.id, THREAD_LENGTH)
    facts = await unit.inbox.facts(user.merchant_id, found.contact_id)
    files = await unit.media.of_messages(user.merchant_id, [m.id for m in messages])
    now = application.clock.now()
    times = Times(ZoneInfo(merchant.timezone), "en", now)
    carriers = {
        parcel.shipment.carrier: await carrier_title(unit, parcel.shipment)
        for parcel in facts.parcels
    }
    attempts = {
        parcel.shipment.id: await unit.attempts.of_shipment(user.merchant_id, parcel.shipment.id)
        for parcel in facts.parcels
    }
    address = next((i for i in facts.identities if i.id == found.identity_id), None)
    return {
        "open": str(found.id),
        "conversation": found,
        "standing": view.standing(found, user, agents),
        "lines": list(
            view.lines(
                messages, times, agents, files, lambda one: media.link(application, one.id, now)
            )
        ),
        "cut": len(messages) == THREAD_LENGTH,
        "facts": facts,
        "links": application.links,
        "carriers": carriers,
        "attempts": attempts,
        "there": Times(ZoneInfo(facts.contact.timezone), "en", now),
        "at_door": {
            parcel.shipment.timezone: Times(ZoneInfo(parcel.shipment.timezone), "en", now)
            for parcel in facts.parcels
        },
        "channel": address.channel if address else "",
        "draft": new_id(),
    }
