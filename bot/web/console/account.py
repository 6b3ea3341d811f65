"""A user's own page: password, language, second factor, and where they are signed in."""

import segno
from aiohttp import web

from bot.domain.errors import Invalid
from bot.services.sign_in import LONGEST_PASSWORD, SHORTEST_PASSWORD
from bot.services.two_factor import Enrolment
from bot.web import sessions
from bot.web.addresses import client_address
from bot.web.console import sheet
from bot.web.console.access import LOGIN, THROTTLE, USER
from bot.web.console.wording import LANGUAGES, WORDS
from bot.web.keys import APPLICATION
from bot.web.pages import page

ACCOUNT = "/console/account"


def routes() -> list[web.RouteDef]:
    """Everybody has these for themselves."""
    return [
        web.get("/account", show),
        web.post("/account/password", change_password),
        web.post("/account/language", change_language),
        web.post("/account/sign-out", sign_out_everywhere),
        web.post("/account/two-factor/begin", begin_two_factor),
        web.post("/account/two-factor/confirm", confirm_two_factor),
        web.post("/account/two-factor/off", switch_off_two_factor),
    ]


async def show(request: web.Request) -> web.Response:
    """The page."""
    return await _show(request)


async def change_password(request: web.Request) -> web.Response:
    """Set a new password; every other session of the user ends."""
    form = await sheet.fields(request, LONGEST_PASSWORD + 1)
    if not await _admit(request):
        return await _show(request, said="login.too_many", status=429)
    account = request.config_dict[APPLICATION].services.account
    try:
        user = await account.change_password(
            request[USER], form.get("old", ""), form.get("new", "")
        )
    except Invalid as error:
        wrong = "wrong_password" if error.problems[0][0] == "old" else "no_password"
        return await _show(request, said=f"account.{wrong}", status=422)
    await sessions.begin(request, user)
    raise web.HTTPSeeOther(f"{ACCOUNT}?done=password")


async def change_language(request: web.Request) -> web.Response:
    """Speak another language from the next page on."""
    language = (await sheet.fields(request)).get("language", "")
    if language not in LANGUAGES:
        raise Invalid(("language", f"must be one of {', '.join(LANGUAGES)}"))
    await request.config_dict[APPLICATION].services.account.speak(request[USER], language)
    raise web.HTTPSeeOther(ACCOUNT)


async def sign_out_everywhere(request: web.Request) -> web.Response:
    """End every session of the user, this one too."""
    await request.config_dict[APPLICATION].services.account.sign_out_everywhere(request[USER])
    await sessions.end(request)
    raise web.HTTPSeeOther(LOGIN)


async def begin_two_factor(request: web.Request) -> web.Response:
    """Show what the authenticator is to read."""
    enrolment = await request.config_dict[APPLICATION].services.two_factor.begin(request[USER])
    return await _show(request, enrolment=enrolment)


async def confirm_two_factor(request: web.Request) -> web.Response:
    """Switch it on by a first code, and show the recovery codes this once."""
    two_factor = request.config_dict[APPLICATION].services.two_factor
    code = (await sheet.fields(request)).get("code", "")
    if not await _admit(request):
        return await _show(request, said="login.too_many", status=429)
    recovery = await two_factor.confirm(request[USER], code)
    if recovery is None:
        enrolment = await two_factor.begin(request[USER])
        return await _show(request, enrolment=enrolment, said="login.wrong_code", status=422)
    return await _show(request, recovery=recovery)


async def switch_off_two_factor(request: web.Request) -> web.Response:
    """Take it off, for whoever knows the password."""
    two_factor = request.config_dict[APPLICATION].services.two_factor
    password = (await sheet.fields(request)).get("password", "")
    if not await _admit(request):
        return await _show(request, said="login.too_many", status=429)
    if not await two_factor.switch_off(request[USER], password):
        return await _show(request, said="account.wrong_password", status=422)
    raise web.HTTPSeeOther(ACCOUNT)


async def _admit(request: web.Request) -> bool:
    """Whether somebody at an open console may try another password, or code."""
    settings = request.config_dict[APPLICATION].settings
    address = client_address(request, settings.trusted_proxies)
    return await request.config_dict[THROTTLE].admit(request[USER].email, address)


async def _show(
    request: web.Request,
    *,
    enrolment: Enrolment | None = None,
    recovery: list[str] | None = None,
    said: str = "",
    status: int = 200,
) -> web.Response:
    application, user = request.config_dict[APPLICATION], request[USER]
    async with application.database.reading() as unit:
        context = await sheet.context(request, unit)
    context |= {
        "factor": await application.services.two_factor.state(user),
        "enrolment": enrolment,
        "qr": _qr(enrolment.uri) if enrolment else "",
        "recovery": recovery,
        "languages": LANGUAGES,
        "shortest": SHORTEST_PASSWORD,
        "said": WORDS(said) if said else "",
        "done": WORDS("account.password_changed") if request.query.get("done") else "",
    }
    return page(request, "console/account.html", context, status=status)


def _qr(uri: str) -> str:
    """A QR code as SVG: shapes alone, so that it may stand in a page as it is."""
    return segno.make(uri, error="m", micro=False).svg_inline(scale=4, border=3, light="#fff")
