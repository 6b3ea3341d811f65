"""The agents' console: `/console`."""

from aiohttp import web

from bot.web import live, pages, sessions
from bot.web.console import (
    access,
    account,
    acts,
    arrange,
    attempts,
    board,
    change,
    compose,
    desk,
    events,
    macros,
    people,
    person,
    presence,
    scores,
    views,
    who,
    work,
)
from bot.web.console.throttle import LoginThrottle
from bot.web.keys import APPLICATION


def setup(app: web.Application) -> None:
    """Add the console, and a way to it from `/`. The application must be wired already."""
    pages.setup(app)
    live.setup(app)
    settings = app[APPLICATION].settings
    app[access.THROTTLE] = LoginThrottle()
    inner = web.Application()
    sessions.setup(inner, settings.secret_key.get_secret_value(), secure=settings.secure_cookies)
    # In this order: guards outermost, then errors as pages, then who may come in.
    inner.middlewares.extend((access.guarded, access.explained, access.signed_in))
    inner.add_routes(_routes())
    app.add_subapp("/console", inner)
    app.router.add_get("/", _home)
    app.router.add_get("/favicon.ico", _icon)


def _routes() -> list[web.RouteDef]:
    here = "/c/{conversation}"
    return [
        web.get("", desk.home),
        web.get("/login", access.show_login),
        web.post("/login", access.login),
        web.post("/logout", access.logout),
        web.get("/login/code", access.show_code),
        web.post("/login/code", access.enter_code),
        *account.routes(),
        *people.routes(),
        *person.routes(),
        *who.routes(),
        *arrange.routes(),
        *macros.routes(),
        *views.routes(),
        web.get("/queue", desk.queue),
        web.get("/events", events.events),
        web.post("/me", acts.available),
        web.post("/presence", presence.present),
        web.get("/work", work.show),
        web.post("/work/{request}", work.decide),
        web.get("/board", board.board),
        web.get("/history.csv", board.history),
        web.get("/trail", board.trail),
        web.get("/scores", scores.scores),
        web.get("/scores.csv", scores.export),
        web.get("/attempts", attempts.show_all),
        web.get("/attempts/{attempt}.json", attempts.as_json),
        web.get("/attempts/{attempt}", attempts.show),
        web.get(here, desk.conversation),
        web.get(f"{here}/parts", desk.parts),
        web.post(f"{here}/take", acts.take),
        web.post(f"{here}/reply", acts.reply),
        web.post(f"{here}/attach", acts.attach),
        web.post(f"{here}/undo", acts.undo),
        web.post(f"{here}/template", acts.template),
        web.post(f"{here}/macro", acts.macro),
        web.post(f"{here}/transfer", acts.transfer),
        web.post(f"{here}/snooze", acts.snooze),
        web.post(f"{here}/wake", acts.wake),
        web.post(f"{here}/tag", acts.tag),
        web.post(f"{here}/priority", acts.prioritise),
        web.post(f"{here}/hand-back", acts.hand_back),
        web.post(f"{here}/reveal", acts.reveal),
        web.get(f"{here}/store/{{shortcut}}", compose.stored),
        web.post(f"{here}/preview", compose.preview),
        web.get(f"{here}/parcels/{{shipment}}/change", change.show),
        web.post(f"{here}/parcels/{{shipment}}/change", change.make),
        web.post(f"{here}/parcels/{{shipment}}/proof", acts.proof),
    ]


async def _home(_: web.Request) -> web.Response:
    raise web.HTTPSeeOther(access.HOME)


async def _icon(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(pages.STATIC / "icon.svg", headers={"Content-Type": "image/svg+xml"})
