"""The page on which admins and owners manage who works here, and the page that an invitation opens."""

from aiohttp import web

from bot.domain.errors import Invalid, NotFound
from bot.domain.merchant import Role
from bot.domain.rights import Right
from bot.services.manage_people import LONGEST_NAME
from bot.services.sign_in import LONGEST_PASSWORD, SHORTEST_PASSWORD
from bot.web import csrf, sessions
from bot.web.addresses import client_address
from bot.web.console import sheet
from bot.web.console.access import HOME, THROTTLE, USER
from bot.web.console.desk import named
from bot.web.console.rights import needs, open_to_all
from bot.web.console.wording import WORDS
from bot.web.keys import APPLICATION
from bot.web.pages import page

PEOPLE = "/console/people"


def routes() -> list[web.RouteDef]:
    """What is done to colleagues, and joining them."""
    somebody = "/people/{user}"
    return [
        web.get("/people", show),
        web.post("/people/invite", invite),
        web.post("/people/invitations/{invitation}/withdraw", withdraw),
        web.post(f"{somebody}/role", appoint),
        web.post(f"{somebody}/shut-out", shut_out),
        web.post(f"{somebody}/let-in", let_in),
        web.post(f"{somebody}/two-factor/off", forget_second_factor),
        web.get("/invited/{secret}", show_invitation),
        web.post("/invited/{secret}", accept),
    ]


@needs(Right.manage_people)
async def show(request: web.Request) -> web.Response:
    """Everybody, and what may be done."""
    return await _show(request)


@needs(Right.manage_people)
async def invite(request: web.Request) -> web.Response:
    """Make an invitation, and show its link this once."""
    application, form = request.config_dict[APPLICATION], await sheet.fields(request)
    people, role = application.services.manage_people, _role(form)
    try:
        secret = await people.invite(request[USER], form.get("email", ""), role)
    except Invalid as error:
        return await _show(request, said=error.problems[0][1].capitalize() + ".", status=422)
    link = f"{application.settings.public_url}/console/invited/{secret}"
    return await _show(request, link=link)


@needs(Right.manage_people)
async def withdraw(request: web.Request) -> web.Response:
    """Make an invitation worthless."""
    people = request.config_dict[APPLICATION].services.manage_people
    await people.withdraw(request[USER], named(request, "invitation"))
    raise web.HTTPSeeOther(PEOPLE)


@needs(Right.manage_people)
async def appoint(request: web.Request) -> web.Response:
    """Give somebody another role."""
    people = request.config_dict[APPLICATION].services.manage_people
    role = _role(await sheet.fields(request))
    await people.appoint(request[USER], named(request, "user"), role)
    raise web.HTTPSeeOther(HOME if named(request, "user") == request[USER].id else PEOPLE)


@needs(Right.manage_people)
async def shut_out(request: web.Request) -> web.Response:
    """Let somebody in no more."""
    people = request.config_dict[APPLICATION].services.manage_people
    await people.shut_out(request[USER], named(request, "user"))
    raise web.HTTPSeeOther(PEOPLE)


@needs(Right.manage_people)
async def let_in(request: web.Request) -> web.Response:
    """Let somebody in again."""
    people = request.config_dict[APPLICATION].services.manage_people
    await people.let_in(request[USER], named(request, "user"))
    raise web.HTTPSeeOther(PEOPLE)


@needs(Right.manage_people)
async def forget_second_factor(request: web.Request) -> web.Response:
    """Help somebody who has lost their phone and their recovery codes."""
    people = request.config_dict[APPLICATION].services.manage_people
    await people.forget_second_factor(request[USER], named(request, "user"))
    raise web.HTTPSeeOther(PEOPLE)


@open_to_all
async def show_invitation(request: web.Request) -> web.Response:
    """Where somebody who was invited says their name and chooses a password."""
    return await _show_invitation(request)


@open_to_all
async def accept(request: web.Request) -> web.Response:
    """Make the user, and let them in."""
    application = request.config_dict[APPLICATION]
    address = client_address(request, application.settings.trusted_proxies)
    if not await request.config_dict[THROTTLE].admit_secret(address):
        raise web.HTTPTooManyRequests(text=WORDS("login.too_many"))
    form = await sheet.fields(request, LONGEST_PASSWORD + 1)
    name = form.get("name", "")
    try:
        user = await application.services.manage_people.accept(
            request.match_info["secret"], name, form.get("password", "")
        )
    except Invalid as error:
        said = WORDS(
            f"account.no_{error.problems[0][0]}", shortest=SHORTEST_PASSWORD, longest=LONGEST_NAME
        )
        return await _show_invitation(request, name=name, said=said, status=422)
    await sessions.begin(request, user)
    raise web.HTTPSeeOther(HOME)


def _role(form: dict[str, str]) -> Role:
    asked = form.get("role", "")
    if asked not in list(Role):
        raise Invalid(("role", f"must be one of {', '.join(Role)}"))
    return Role(asked)


async def _show(
    request: web.Request, *, link: str = "", said: str = "", status: int = 200
) -> web.Response:
    application = request.config_dict[APPLICATION]
    team = await application.services.manage_people.team(request[USER])
    async with application.database.reading() as unit:
        context = await sheet.context(request, unit)
    context |= {"team": team, "link": link, "said": said}
    return page(request, "console/people.html", context, status=status)


async def _show_invitation(
    request: web.Request, *, name: str = "", said: str = "", status: int = 200
) -> web.Response:
    application = request.config_dict[APPLICATION]
    try:
        found = await application.services.manage_people.look_up(request.match_info["secret"])
    except NotFound:
        context: dict[str, object] = {"said": WORDS("people.no_invitation"), "words": WORDS}
        return page(request, "console/error.html", context, status=404)
    async with application.database.reading() as unit:
        merchant = await unit.merchants.get(found.merchant_id)
    context = {
        "words": WORDS,
        "csrf": await csrf.token(request),
        "invitation": found,
        "secret": request.match_info["secret"],
        "merchant": merchant,
        "name": name[:LONGEST_NAME],
        "shortest": SHORTEST_PASSWORD,
        "said": said,
    }
    return page(request, "console/invited.html", context, status=status)
