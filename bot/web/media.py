"""Files that customers sent, by links that are signed and run out."""

from datetime import datetime
from uuid import UUID

from aiohttp import web

from bot.domain.errors import BadSignature, NotFound
from bot.web import pages
from bot.web.keys import APPLICATION
from bot.wiring import Application


def setup(app: web.Application) -> None:
    """Add the route. The application must be wired already."""
    app.router.add_get("/media/{token}", show)


def link(application: Application, media_id: UUID, now: datetime) -> str:
    """Where a file is seen for the next hour; whoever has the link can see it."""
    return f"/media/{application.links.passing_token('media', media_id, now)}"


async def show(request: web.Request) -> web.StreamResponse:
    """The bytes, as what they are; never as a page or a program of ours."""
    application = request.app[APPLICATION]
    try:
        media_id = application.links.read_passing(
            "media", request.match_info["token"], application.clock.now()
        )
        async with application.database() as unit:
            found = await unit.media.find(media_id)
        path = application.files.path(found.digest)
    except (BadSignature, NotFound, ValueError):
        raise web.HTTPNotFound from None
    if not path.exists():
        raise web.HTTPNotFound
    inline = found.is_shown or found.is_played
    response = web.FileResponse(
        path,
        headers={
            "Content-Type": found.content_type,
            "Content-Disposition": "inline" if inline else 'attachment; filename="from-customer"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
        },
    )
    pages.guard(request, response)
    return response
