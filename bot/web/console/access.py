"""Who may see the console: signing in and out, and the check before every other page."""

import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.domain.errors import Invalid, NotFound, Refused
from bot.domain.merchant import User
from bot.domain.rights import demand
from bot.web import csrf, sessions
from bot.web.addresses import client_address
from bot.web.console.rights import is_open, open_to_all, right_for
from bot.web.console.throttle import LoginThrottle
from bot.web.console.wording import WORDS, speak
from bot.web.keys import APPLICATION
from bot.web.pages import guard, page

logger = logging.getLogger(__name__)

USER: web.RequestKey[User] = web.RequestKey("user", User)
THROTTLE: web.AppKey[LoginThrottle] = web.AppKey("throttle", LoginThrottle)
HOME = "/console"
_FORM = 64 * 1024
"""Bytes of a form around its file."""
LOGIN = "/console/login"
CODE = "/console/login/code"


def is_fetch(request: web.Request) -> bool:
    """Whether our own script asks, which wants a status and no redirect."""
    return request.headers.get("X-Requested-With") == "fetch"


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the guarding headers on every answer, also on errors and redirects."""
    if request.path.endswith("/attach"):
        # The one place where a body may be as large as a customer's picture.
        limit = request.config_dict[APPLICATION].settings.media_max_bytes + _FORM
        request = request.clone(client_max_size=limit)
    try:
        response = await handler(request)
    except web.HTTPException as error:
        guard(request, error)
        raise
    if not response.prepared:
        guard(request, response)
    return response


@web.middleware
async def explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what the services raise into pages, or for our script into a line of text."""
    try:
        return await handler(request)
    except (NotFound, web.HTTPNotFound):
        status, said = 404, WORDS("error.not_found")
    except Refused as error:
        status = 403 if error.reason == "not_your_right" else 409
        said = WORDS(f"refused.{error.reason}")
    except Invalid as error:
        status, said = 422, " ".join(text.capitalize() for _, text in error.problems)
    if is_fetch(request):
        return web.Response(status=status, text=said)
    return page(request, "console/error.html", {"said": said, "words": WORDS}, status=status)


@web.middleware
async def signed_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let only users in, and only POSTs that come from our own pages."""
    wanted = request.match_info.handler
    if not is_open(wanted):
        user = await sessions.current_user(request)
        if user is None:
            if is_fetch(request) or request.path.endswith("/events"):
                raise web.HTTPUnauthorized(text=WORDS("error.signed_out"))
            raise web.HTTPSeeOther(LOGIN)
        request[USER] = user
        speak(user.language)
    else:
        speak(request.headers.get("Accept-Language", "en")[:2])
    if request.method not in {"GET", "HEAD"} and not await csrf.check(request):
        raise Refused("stale_page")
    if not is_open(wanted):
        demand(request[USER], right_for(wanted))
    return await handler(request)


@open_to_all
async def show_login(request: web.Request) -> web.Response:
    """The login page; who is signed in already needs none."""
    if await sessions.current_user(request) is not None:
        raise web.HTTPSeeOther(HOME)
    return await _login_page(request)


@open_to_all
async def login(request: web.Request) -> web.Response:
    """Sign in. What was wrong, address or password, is not told."""
    application = request.config_dict[APPLICATION]
    form = await request.post()
    email, password = str(form.get("email", "")), str(form.get("password", ""))
    throttle = request.config_dict[THROTTLE]
    address = client_address(request, application.settings.trusted_proxies)
    if not await throttle.admit(email, address):
        logger.warning("too many logins from %s", address)
        return await _login_page(request, email=email, said="login.too_many", status=429)
    found = await application.services.sign_in(email, password)
    if found is None:
        return await _login_page(request, email=email, said="login.wrong", status=401)
    await throttle.forgive(email, address)
    if found.code_wanted:
        await sessions.begin_halfway(request, found.user)
        raise web.HTTPSeeOther(CODE)
    await sessions.begin(request, found.user)
    raise web.HTTPSeeOther(HOME)


@open_to_all
async def show_code(request: web.Request) -> web.Response:
    """The login's second step, for whoever has taken the first."""
    if await sessions.halfway_user(request) is None:
        raise web.HTTPSeeOther(LOGIN)
    return await _code_page(request)


@open_to_all
async def enter_code(request: web.Request) -> web.Response:
    """Sign in by a code; only now is there a session."""
    application, throttle = request.config_dict[APPLICATION], request.config_dict[THROTTLE]
    user = await sessions.halfway_user(request)
    if user is None:
        raise web.HTTPSeeOther(LOGIN)
    address = client_address(request, application.settings.trusted_proxies)
    if not await throttle.admit_code(str(user.id), address):
        logger.warning("too many codes from %s", address)
        return await _code_page(request, said="login.too_many", status=429)
    code = str((await request.post()).get("code", ""))[:64]
    if not await application.services.two_factor.enter(user, code):
        return await _code_page(request, said="login.wrong_code", status=401)
    await throttle.forgive_codes(str(user.id))
    await sessions.begin(request, user)
    raise web.HTTPSeeOther(HOME)


async def logout(request: web.Request) -> web.Response:
    """End this browser's session, and be seen nowhere any more."""
    async with request.config_dict[APPLICATION].database() as unit:
        await unit.presences.leave(request[USER])
        await unit.commit()
    await sessions.end(request)
    raise web.HTTPSeeOther(LOGIN)


async def _login_page(
    request: web.Request, *, email: str = "", said: str = "", status: int = 200
) -> web.Response:
    context: dict[str, object] = {
        "words": WORDS,
        "csrf": await csrf.token(request),
        "email": email[:320],
        "said": WORDS(said) if said else "",
    }
    return page(request, "console/login.html", context, status=status)


async def _code_page(request: web.Request, *, said: str = "", status: int = 200) -> web.Response:
    context: dict[str, object] = {
        "words": WORDS,
        "csrf": await csrf.token(request),
        "said": WORDS(said) if said else "",
    }
    return page(request, "console/code.html", context, status=status)
