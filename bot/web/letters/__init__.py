"""The pages that mails lead to: taking a choice, and saying what one wants to be written about.

Their links are signed and name one message or one address. A page that is merely opened changes
nothing: mail scanners and previews open every link. What changes something is the form on it.
"""

from pathlib import Path
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from bot.channels.base import Inbound, InboundKind
from bot.domain.conversation import Contact, Identity, Message, option_id
from bot.domain.errors import BadSignature, NotFound
from bot.services.keep_wishes import EVERYWHERE, keep_wishes, wishes
from bot.services.ports import UnitOfWork
from bot.web import pages
from bot.web.keys import APPLICATION
from bot.web.words import words_by_language

WORDS = words_by_language(Path(__file__).with_name("words.yml"))


def setup(app: web.Application) -> None:
    """Add the pages. The application must be wired already."""
    pages.setup(app)
    app.router.add_get(r"/m/{token}/{place:\d{1,3}}", show_choice)
    app.router.add_post(r"/m/{token}/{place:\d{1,3}}", take_choice)
    app.router.add_get("/u/{token}", show_wishes)
    app.router.add_post("/u/{token}", take_wishes)


async def show_choice(request: web.Request) -> web.Response:
    """What was asked and what would be answered, with the button that answers it."""
    return await _choice(request, taken=False)


async def take_choice(request: web.Request) -> web.Response:
    """Answer, as a tap would; once, however often the button is pressed."""
    return await _choice(request, taken=True)


async def _choice(request: web.Request, *, taken: bool) -> web.Response:
    application = request.app[APPLICATION]
    place = int(request.match_info["place"])
    try:
        message_id = application.links.read("choice", request.match_info["token"])
        async with application.database() as unit:
            message = await unit.messages.find(message_id)
            title = str(message.options[place]["shown"])
            identity, contact = await _whose(unit, message)
            merchant = await unit.merchants.get(message.merchant_id)
            account = await unit.accounts.get(identity.account_id)
            await unit.commit()
    except (BadSignature, NotFound, IndexError, KeyError):
        return pages.missing(request, WORDS)
    if taken:
        tapped = _tap(application.links.token("reply", identity.id), message, place, identity)
        await application.services.receive(account, [tapped])
    return _page(
        request,
        "letters/choice.html",
        contact.language,
        {"merchant": merchant, "asked": message.text, "title": title, "taken": taken},
    )


async def _whose(unit: UnitOfWork, message: Message) -> tuple[Identity, Contact]:
    if message.identity_id is None or message.question_id is None:
        raise NotFound("this message offers no choice")
    identity = await unit.people.identity_by_id(message.merchant_id, message.identity_id)
    return identity, await unit.people.get(message.merchant_id, identity.contact_id)


def _tap(reply_token: str, message: Message, place: int, identity: Identity) -> Inbound:
    """What a channel with buttons would tell us; the link proves whose mailbox it came from."""
    assert message.question_id is not None
    return Inbound(
        key=f"choice:{message.id}:{place}",
        sender=identity.address,
        kind=InboundKind.choice,
        text=str(message.options[place]["shown"]),
        choice=option_id(message.question_id, place),
        reply_token=reply_token,
    )


async def show_wishes(request: web.Request) -> web.Response:
    """What somebody is written about now."""
    return await _wishes(request, kept=False)


async def take_wishes(request: web.Request) -> web.Response:
    """Keep what was ticked, or the refusal of a mail program's own button (RFC 8058)."""
    return await _wishes(request, kept=True)


async def _wishes(request: web.Request, *, kept: bool) -> web.Response:
    application = request.app[APPLICATION]
    try:
        identity_id = application.links.read("messages", request.match_info["token"])
        form = await request.post() if kept else None
        async with application.database() as unit:
            identity = await unit.people.find_identity(identity_id)
            contact = await unit.people.get(identity.merchant_id, identity.contact_id)
            merchant = await unit.merchants.get(identity.merchant_id)
            channels = await _channels(unit, identity)
            if form is not None:
                wanted = _wanted(form, channels)
                await keep_wishes(unit, contact, wanted, application.clock.now())
            now = await wishes(unit, merchant.id, contact.id, channels)
            await unit.commit()
    except (BadSignature, NotFound):
        return pages.missing(request, WORDS)
    context: dict[str, object] = {"merchant": merchant, "wishes": now, "kept": kept}
    return _page(request, "letters/wishes.html", contact.language, context)


async def _channels(unit: UnitOfWork, identity: Identity) -> list[str]:
    """The channels that the person is known on; the one of the link comes first."""
    known = await unit.people.identities(identity.merchant_id, identity.contact_id)
    others = sorted({one.channel for one in known if one.verified} - {identity.channel})
    return [identity.channel, *others]


def _wanted(form: MultiDictProxy[Any], channels: list[str]) -> dict[str, bool]:
    """Which wishes are granted; a mail program's own button refuses its channel alone."""
    if "List-Unsubscribe" in form:
        return {channels[0]: False}
    ticked = form.getall("want", [])
    return {wish: wish in ticked for wish in [*channels, *EVERYWHERE]}


def _page(
    request: web.Request, template: str, language: str, context: dict[str, object]
) -> web.Response:
    spoken = language if language in WORDS else "en"
    shared: dict[str, object] = {"language": spoken, "words": WORDS[spoken], "path": request.path}
    return pages.page(request, template, shared | context)
