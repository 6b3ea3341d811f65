"""Files in conversations, by signed links; those of customers run out within the hour."""

from datetime import datetime
from mimetypes import guess_extension
from uuid import UUID

from aiohttp import web

from bot.domain.errors import BadSignature, NotFound
from bot.web import pages
from bot.web.keys import APPLICATION
from bot.wiring import Application


def setup(app: web.Application) -> None:
    """Add the route. The application must be wired already."""
    app.router.add_get("/media/{token}", show)
    app.router.add_get("/f/{token}", show_sent)


def link(application: Application, media_id: UUID, now: datetime) -> str:
    """Where a file is seen for the next hour; whoever has the link can see it."""
    return f"/media/{application.links.passing_token('media', media_id, now)}"


async def show(request: web.Request) -> web.StreamResponse:
    """A file of either side, for an hour."""
    application = request.app[APPLICATION]
    try:
        media_id = application.links.read_passing(
            "media", request.match_info["token"], application.clock.now()
        )
    except BadSignature:
        raise web.HTTPNotFound from None
    return await _send(request, media_id, "from-customer")


async def show_sent(request: web.Request) -> web.StreamResponse:
    """A file that an agent sent, for whoever was sent the link, as long as it is kept."""
    application = request.app[APPLICATION]
    try:
        media_id = application.links.read("file", request.match_info["token"])
    except BadSignature:
        raise web.HTTPNotFound from None
    # Whoever fetches it to send it on names it as we do, ending and all.
    return await _send(request, media_id, "file", ending=True)


async def _send(
    request: web.Request, media_id: UUID, name: str, *, ending: bool = False
) -> web.StreamResponse:
    """The bytes, as what they are; never as a page or a program of ours."""
    application = request.app[APPLICATION]
    try:
        async with application.database.reading() as unit:
            found = await unit.media.find(media_id)
        path = application.files.path(found.digest)
    except (NotFound, ValueError):
        raise web.HTTPNotFound from None
    if not path.exists():
        raise web.HTTPNotFound
    if ending:
        name += guess_extension(found.content_type) or ""
    inline = found.is_shown or found.is_played
    response = web.FileResponse(
        path,
        headers={
            "Content-Type": found.content_type,
            "Content-Disposition": "inline" if inline else f'attachment; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
        },
    )
    pages.guard(request, response)
    return response
