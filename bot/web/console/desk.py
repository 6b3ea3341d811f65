"""The console's pages and the fragments that keep them live."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.domain.assignment import Colleague
from bot.domain.case import Priority
from bot.domain.conversation import Conversation, Identity
from bot.domain.desk import Desk
from bot.domain.errors import NotFound
from bot.domain.ids import new_id
from bot.domain.languages import SERVED
from bot.domain.merchant import Availability, Role, User
from bot.domain.request import RequestKind
from bot.domain.saved_view import SavedView
from bot.domain.survey import category
from bot.services.desk import desk_of, working_time
from bot.services.inbox import Queue, View, ViewName
from bot.services.ports import UnitOfWork
from bot.services.tell_carrier import carrier_title
from bot.services.templating import is_closed
from bot.web import csrf, media
from bot.web.console import view
from bot.web.console.access import USER
from bot.web.console.wording import WORDS, spoken
from bot.web.keys import APPLICATION
from bot.web.pages import page
from bot.web.times import Times
from bot.wiring import Application

THREAD_LENGTH = 200


async def home(request: web.Request) -> web.Response:
    """The queue, with no conversation open."""
    async with request.config_dict[APPLICATION].database.reading() as unit:
        context = await _frame(request, unit) | {"open": None}
    return page(request, "console/home.html", context)


async def queue(request: web.Request) -> web.Response:
    """The queue alone, for our script; `open` names the conversation on screen."""
    async with request.config_dict[APPLICATION].database.reading() as unit:
        context = await _frame(request, unit) | {"open": request.query.get("open")}
    return page(request, "console/queue.html", context)


async def conversation(request: web.Request) -> web.Response:
    """The queue, a conversation, and the facts beside it."""
    async with request.config_dict[APPLICATION].database() as unit:
        await _lead_on(request, unit)
        await _mark_read(request, unit)
        context = await _frame(request, unit) | await _conversation(request, unit)
        await unit.commit()
    return page(request, "console/conversation.html", context)


async def parts(request: web.Request) -> web.Response:
    """The parts of a conversation that change, for our script."""
    async with request.config_dict[APPLICATION].database() as unit:
        if "seen" in request.query:
            await _mark_read(request, unit)
        merchant = await unit.merchants.get(request[USER].merchant_id)
        context = basics(request, merchant.timezone) | await _conversation(request, unit)
        context["csrf"] = await csrf.token(request)
        await unit.commit()
    return page(request, "console/parts.html", context)


def conversation_id(request: web.Request) -> UUID:
    """The conversation that the address names. Raises NotFound for what is no id."""
    return named(request, "conversation")


def named(request: web.Request, what: str) -> UUID:
    """An id that the address names. Raises NotFound for what is none."""
    try:
        return UUID(request.match_info[what])
    except ValueError:
        raise NotFound(f"there is no such {what}") from None


def wanted_view(request: web.Request) -> View:
    """What the address asks to see; what it does not know is left out."""
    return View.read(request.query)


def basics(request: web.Request, timezone: str) -> dict[str, object]:
    """What every page of the console is given."""
    now, user = request.config_dict[APPLICATION].clock.now(), request[USER]
    return {
        "words": WORDS,
        "view": view,
        "user": user,
        "language": spoken(),
        "leads": user.role is not Role.agent,
        "now": now,
        "times": Times(ZoneInfo(timezone), spoken(), now),
        "category": category,
        "availabilities": list(Availability),
    }


async def _lead_on(request: web.Request, unit: UnitOfWork) -> None:
    """Go on to where a conversation has gone that was merged into another."""
    kept = await unit.merges.thread_of(request[USER].merchant_id, conversation_id(request))
    if kept is not None:
        raise web.HTTPSeeOther(f"/console/c/{kept}")


async def _mark_read(request: web.Request, unit: UnitOfWork) -> None:
    found = await unit.conversations.get(request[USER].merchant_id, conversation_id(request))
    now = request.config_dict[APPLICATION].clock.now()
    await unit.presences.read(request[USER], found.id, now)


async def _frame(request: web.Request, unit: UnitOfWork) -> dict[str, object]:
    user, now = request[USER], request.config_dict[APPLICATION].clock.now()
    merchant = await unit.merchants.get(user.merchant_id)
    wanted = wanted_view(request)
    rows: Queue = await unit.inbox.queue(merchant.id, user.id, wanted, now=now)
    return basics(request, merchant.timezone) | {
        "merchant": merchant,
        "rows": rows,
        "wanted": wanted,
        "asked": _asked(wanted),
        "views": list(ViewName),
        "kept": await _kept(unit, user, now),
        "narrowing": _choices(rows),
        "csrf": await csrf.token(request),
    }


def _asked(wanted: View) -> str:
    """The view as an address carries it on: empty for the desk itself, else `?view=late`."""
    given = wanted.written() | ({"q": wanted.search} if wanted.search else {})
    return f"?{urlencode(given)}" if given else ""


async def _kept(
    unit: UnitOfWork, user: User, now: datetime
) -> list[tuple[SavedView, View, str, int]]:
    """The views that were kept: each with what it wants, its address, and how many in it are late."""
    seen = await unit.views.seen_by(user.merchant_id, user.id)
    views = [View.read(one.wanted) for one in seen]
    late = await unit.views.late_in(user.merchant_id, user.id, views, now)
    return [
        (one, view, f"/console{_asked(view)}", count)
        for one, view, count in zip(seen, views, late, strict=True)
    ]


def _choices(rows: Queue) -> dict[str, list[tuple[str, str]]]:
    """By what a view can be narrowed down, and each value in words."""
    channels = ("whatsapp", "sms", "telegram", "email")
    return {
        "topic": [(topic, WORDS(f"topic.{topic}")) for topic in rows.topics],
        "channel": [(channel, WORDS(f"channel.{channel}")) for channel in channels],
        "language": [(one, WORDS(f"language.{one}")) for one in SERVED],
        "tag": [(tag, tag) for tag in rows.tags],
        "priority": [(str(one), WORDS(f"priority.{one}")) for one in reversed(Priority)],
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
    times = Times(ZoneInfo(merchant.timezone), spoken(), now)
    carriers = {
        parcel.shipment.carrier: await carrier_title(unit, parcel.shipment)
        for parcel in facts.parcels
    }
    attempts = {
        parcel.shipment.id: await unit.attempts.of_shipment(user.merchant_id, parcel.shipment.id)
        for parcel in facts.parcels
    }
    address = next((i for i in facts.identities if i.id == found.identity_id), None)
    desk = desk_of(merchant)
    teller = view.Teller(times, agents, user, desk.undo, now)
    return {
        "open": str(found.id),
        "conversation": found,
        "standing": view.standing(found, user, agents),
        "lines": list(
            view.lines(messages, teller, files, lambda one: media.link(application, one.id, now))
        ),
        "cut": len(messages) == THREAD_LENGTH,
        "facts": facts,
        "links": application.links,
        "carriers": carriers,
        "attempts": attempts,
        "there": Times(ZoneInfo(facts.contact.timezone), spoken(), now),
        "at_door": {
            parcel.shipment.timezone: Times(ZoneInfo(parcel.shipment.timezone), spoken(), now)
            for parcel in facts.parcels
        },
        "channel": address.channel if address else "",
        "consents": await unit.feedback.consents(user.merchant_id, found.contact_id),
        "draft": new_id(),
        "asked": _asked(wanted_view(request)),
    } | await _work(unit, request, found, address, desk)


async def _work(
    unit: UnitOfWork,
    request: web.Request,
    found: Conversation,
    address: Identity | None,
    desk: Desk,
) -> dict[str, object]:
    """The case, who else is here, and what the agent can do with it."""
    user, application = request[USER], request.config_dict[APPLICATION]
    now = application.clock.now()
    merchant = await unit.merchants.get(user.merchant_id)
    cases = await unit.cases.of_conversation(user.merchant_id, found.id)
    case = cases[0] if cases and cases[0].open else None
    work = await working_time(unit, merchant)
    colleagues = await unit.cases.colleagues(user.merchant_id, now)
    others = await unit.presences.at(user.merchant_id, found.id, now)
    return {
        "case": case,
        "clock": case.standing(now, desk.warn, work) if case else None,
        "past": [one for one in cases if not one.open],
        "others": [one for one in others if one.user_id != user.id],
        "colleagues": _by_presence([one for one in colleagues if one.user.id != user.id]),
        "priorities": list(reversed(Priority)),
        "kinds": list(RequestKind),
        "desk": desk,
        "snoozes": view.snoozes(now, ZoneInfo(merchant.timezone)),
        "closes_at": _closes_at(application, address),
        "closed": _closed(application, address, now),
        "templates": await application.services.send_notice.possible(user, found.id)
        if _closed(application, address, now)
        else [],
    }


def _by_presence(colleagues: list[Colleague]) -> list[Colleague]:
    return sorted(colleagues, key=lambda one: list(Availability).index(one.here))


def _closes_at(application: Application, address: Identity | None) -> datetime | None:
    """When free words may no longer be sent to an address; None where they always may."""
    if address is None:
        return None
    window = application.channels[address.channel].capabilities.free_text_for
    if window is None:
        return None
    return address.last_inbound_at + window if address.last_inbound_at else None


def _closed(application: Application, address: Identity | None, now: datetime) -> bool:
    return address is not None and is_closed(
        application.channels[address.channel].capabilities, address, now
    )
