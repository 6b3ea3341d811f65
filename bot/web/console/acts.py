"""What agents do with a conversation. Our script asks for each without leaving the page."""

from datetime import datetime
from uuid import UUID

from aiohttp import web

from bot.domain.case import Priority, SnoozedFor
from bot.domain.errors import Invalid
from bot.domain.ids import new_id
from bot.domain.merchant import Availability
from bot.domain.request import RequestKind
from bot.services.audit import audit
from bot.web.console.access import USER, is_fetch
from bot.web.console.desk import conversation_id, named
from bot.web.console.sheet import fields
from bot.web.console.view import international
from bot.web.keys import APPLICATION

_LONGEST = 2000
_LONGEST_BODY = 100_000
"""Of a reply: what is too long is told, and not cut."""


async def take(request: web.Request) -> web.Response:
    """Make the user the one who answers."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    await application.services.take_over(request[USER], here)
    return done(request, here)


async def hand_back(request: web.Request) -> web.Response:
    """Let the bot answer again; `settled` says what came of it."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    form = await fields(request, _LONGEST)
    asked = form.get("go_on", "")
    go_on = RequestKind(asked) if asked in list(RequestKind) else None
    await application.services.hand_back(request[USER], here, form.get("settled", ""), go_on)
    return done(request, here)


async def reply(request: web.Request) -> web.Response:
    """Send what was typed, or keep it as a note between colleagues."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    form = await fields(request, _LONGEST_BODY)
    text = form.get("text", "")
    if form.get("as") == "note":
        await application.services.work_case.comment(request[USER], here, text)
    else:
        await application.services.reply_as_agent(request[USER], here, text, _draft(form))
    return done(request, here)


async def attach(request: web.Request) -> web.Response:
    """Send a file, with words or without."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    form = await request.post()
    file = form.get("file")
    if not isinstance(file, web.FileField):
        raise Invalid(("file", "choose a file"))
    with file.file as opened:
        content = opened.read(application.settings.media_max_bytes + 1)
    draft = read_id(str(form.get("draft", "")), "draft")
    words = str(form.get("text", ""))
    await application.services.attach_file(
        request[USER], here, words, content, draft, name=file.filename
    )
    return done(request, here)


async def undo(request: web.Request) -> web.Response:
    """Take a reply back; answers our script with its words."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    message = read_id((await fields(request, _LONGEST)).get("message", ""), "message")
    words = await application.services.take_back_reply(request[USER], message)
    return web.Response(text=words) if is_fetch(request) else done(request, here)


async def template(request: web.Request) -> web.Response:
    """Send a notice by its template."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    form = await fields(request, _LONGEST)
    say = form.get("say", "")
    await application.services.send_notice(request[USER], here, say, _draft(form))
    return done(request, here)


async def proof(request: web.Request) -> web.Response:
    """Tell the customer again what shows that a parcel was handed over."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    form = await fields(request, _LONGEST)
    shipment = named(request, "shipment")
    await application.services.send_proof(request[USER], here, shipment, _draft(form))
    return done(request, here)


async def macro(request: web.Request) -> web.Response:
    """Run a macro."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    form = await fields(request, _LONGEST)
    name = form.get("name", "")
    await application.services.run_macro(request[USER], here, name, _draft(form))
    return done(request, here)


async def transfer(request: web.Request) -> web.Response:
    """Pass it to a colleague, or back to everybody."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    form = await fields(request, _LONGEST)
    to = read_id(form["to"], "to") if form.get("to") else None
    words = form.get("words", "")
    await application.services.work_case.transfer(request[USER], here, to, words)
    return done(request, here)


async def snooze(request: web.Request) -> web.Response:
    """Put it aside until a moment, or until the parcel moves."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    asked = (await fields(request, _LONGEST)).get("until", "")
    why, until = SnoozedFor.time, None
    if asked == SnoozedFor.parcel_moves:
        why = SnoozedFor.parcel_moves
    else:
        try:
            until = datetime.fromisoformat(asked)
        except ValueError:
            raise Invalid(("until", "choose a time")) from None
        if until.tzinfo is None:
            raise Invalid(("until", "needs a time zone"))
    await application.services.work_case.snooze(request[USER], here, why, until)
    return done(request, here)


async def wake(request: web.Request) -> web.Response:
    """Take it up again."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    await application.services.work_case.wake(request[USER], here)
    return done(request, here)


async def tag(request: web.Request) -> web.Response:
    """Add a tag, or with `off` take it off."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    form = await fields(request, _LONGEST)
    word, on = form.get("tag", ""), form.get("off") != "yes"
    await application.services.work_case.tag(request[USER], here, word, on=on)
    return done(request, here)


async def prioritise(request: web.Request) -> web.Response:
    """Say how urgent it is."""
    application, here = request.config_dict[APPLICATION], conversation_id(request)
    asked = (await fields(request, _LONGEST)).get("priority", "")
    if asked not in list(Priority):
        raise Invalid(("priority", f"must be one of {', '.join(Priority)}"))
    await application.services.work_case.prioritise(request[USER], here, Priority(asked))
    return done(request, here)


async def reveal(request: web.Request) -> web.Response:
    """The contact's number in full; that it was looked at is kept."""
    application, user = request.config_dict[APPLICATION], request[USER]
    async with application.database() as unit:
        found = await unit.conversations.get(user.merchant_id, conversation_id(request))
        contact = await unit.people.get(user.merchant_id, found.contact_id)
        audit(unit, user, "revealed_phone", ("contact", contact.id), application.clock.now())
        await unit.commit()
    return web.Response(text=international(contact.phone))


async def available(request: web.Request) -> web.Response:
    """Say whether new cases may be offered."""
    application, user = request.config_dict[APPLICATION], request[USER]
    asked = (await fields(request, _LONGEST)).get("availability", "")
    if asked not in list(Availability):
        raise Invalid(("availability", f"must be one of {', '.join(Availability)}"))
    async with application.database() as unit:
        found = await unit.merchants.user(user.id)
        if found is not None:
            found.availability = Availability(asked)
            await unit.notify("desk", {"merchant": str(user.merchant_id)})
        await unit.commit()
    if is_fetch(request):
        return web.Response(status=204)
    raise web.HTTPSeeOther("/console")


def done(request: web.Request, here: UUID) -> web.Response:
    """Back to the conversation."""
    if is_fetch(request):
        # The name of the next draft: our script keeps the page, and with it the form.
        return web.Response(text=str(new_id()))
    raise web.HTTPSeeOther(f"/console/c/{here}")


def _draft(form: dict[str, str]) -> UUID:
    """Names what is sent, so that a second click sends nothing twice."""
    return read_id(form.get("draft", ""), "draft")


def read_id(text: str, field: str) -> UUID:
    """An id that a form holds. Raises Invalid for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise Invalid((field, "this page is too old, load it again")) from None
