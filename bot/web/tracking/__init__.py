"""The tracking page: `/t/<token>`, for whoever has the link.

The link is signed and names one parcel. It is passed on and forwarded, so the page shows no
phone, no address and no name of the recipient, and lets nobody change anything: its buttons
lead into the chat, where the channel says who is writing.
"""

from zoneinfo import ZoneInfo

from aiohttp import web

from bot.domain.errors import BadSignature
from bot.services.inbox import Tracked
from bot.services.tell_carrier import carrier_title
from bot.web import pages
from bot.web.keys import APPLICATION
from bot.web.tracking import view
from bot.web.tracking.ways import Way, ways


def setup(app: web.Application) -> None:
    """Add the tracking page. The application must be wired already."""
    pages.setup(app)
    app.router.add_get("/t/{token}", show)


async def show(request: web.Request) -> web.Response:
    """The parcel that the link names, or a friendly word when it names none."""
    application = request.app[APPLICATION]
    try:
        shipment_id = application.links.read("track", request.match_info["token"])
    except BadSignature:
        return pages.missing(request, view.WORDS)
    async with application.database.reading() as unit:
        tracked = await unit.inbox.tracked(shipment_id)
        if tracked is None:
            return pages.missing(request, view.WORDS)
        requests = await unit.requests.of_shipment(tracked.merchant.id, shipment_id)
        reachable = await ways(unit, application.settings, tracked)
        carrier = await carrier_title(unit, tracked.shipment)
    language = view.language(tracked)
    words = view.WORDS[language]
    zone = ZoneInfo(tracked.shipment.timezone)
    times = view.Times(zone, language, application.clock.now())
    context: dict[str, object] = {
        "language": language,
        "words": words,
        "times": times,
        "merchant": tracked.merchant,
        "shipment": tracked.shipment,
        "carrier": carrier or tracked.shipment.carrier,
        "courier": _first_name(tracked),
        "stands": view.stands(tracked.shipment),
        "waits": view.waits(tracked.shipment),
        "steps": view.steps(tracked.shipment),
        "events": view.happened(tracked.events),
        "wishes": view.wishes(requests),
        "buttons": view.possible(tracked, requests, times, words),
        "way": _chosen(request, reachable),
        "ways": reachable,
    }
    return pages.page(request, "tracking/page.html", context)


def _chosen(request: web.Request, reachable: list[Way]) -> Way | None:
    asked = request.query.get("via")
    return next((way for way in reachable if way.channel == asked), None) or next(
        iter(reachable), None
    )


def _first_name(tracked: Tracked) -> str:
    names = (tracked.shipment.courier_name or "").split()
    return names[0] if names and tracked.shipment.open else ""
