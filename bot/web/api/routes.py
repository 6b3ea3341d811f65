"""The API's operations: served, described and shown from this one list."""

from typing import Any

from aiohttp import web

from bot.services.intake import EventIn, EventsIn, ShipmentIn
from bot.web import pages
from bot.web.api import flows, points, shipments, undelivered
from bot.web.api.document import Operation, build_document
from bot.web.api.shapes import (
    EventList,
    EventsTaken,
    FlowChecked,
    FlowList,
    FlowOut,
    FlowRunPage,
    PointList,
    PointsTaken,
    RunsMoved,
    ShipmentDetails,
    ShipmentOut,
    ShipmentPage,
    UndeliveredPage,
)
from bot.web.keys import APPLICATION

BASE = "/api/v1"
VERSION = "1.0.0"
DOCUMENT: web.AppKey[dict[str, Any]] = web.AppKey("api_document", dict[str, Any])

_UNKNOWN_KEY = {401: "no key, or one that is not known"}
_NO_SHIPMENT = {404: "the merchant has no such shipment"}
_BAD_BODY = {
    400: "the body is not JSON",
    413: "the body is too large",
    415: "the body is not sent as application/json",
    422: "fields that cannot be used; `errors` names each",
}
_BAD_REFERENCE = {422: "the reference cannot be one"}

_SHIPMENT: dict[str, Any] = {
    "tracking_number": "SP100200300FR",
    "carrier": "generic",
    "recipient": {
        "name": "Camille Martin",
        "phone": "06 39 98 12 34",
        "email": "camille@example.com",
        "language": "fr",
        "country": "FR",
    },
    "address": {
        "line1": "12 rue des Lilas",
        "postal_code": "75011",
        "city": "Paris",
        "country": "FR",
    },
    "item": "linen curtains",
    "value": {"amount": 8900, "currency": "EUR"},
    "timezone": "Europe/Paris",
    "handover": "courier",
    "service": "express",
    "window": {"from": "2026-11-24T13:00:00Z", "to": "2026-11-24T15:00:00Z"},
}
_POINTS: dict[str, Any] = {
    "points": [
        {
            "id": "voltaire",
            "name": "Tabac Voltaire",
            "address": "96 boulevard Voltaire, 75011 Paris",
            "latitude": 48.8586,
            "longitude": 2.3801,
            "hours": {"mon": "07:00-20:00", "sat": "09:00-18:00"},
            "capacity": 40,
        }
    ]
}
_NO_FLOW = {404: "the merchant has no such flow, or no such version of it"}
_FLOW: dict[str, Any] = {
    "yaml": "trigger: {status: delivered}\nsteps:\n  - send: {say: flow_delivered}\n"
}
_SHOWN_FLOW = {200: (FlowOut, "The version.")}
_BAD_FLOW_NAME = {422: "the name cannot be one"}

_EVENT: dict[str, Any] = {
    "id": "evt-7f3a",
    "status": "out_for_delivery",
    "at": "2026-11-24T07:12:00Z",
    "window": {"from": "2026-11-24T13:00:00Z", "to": "2026-11-24T15:00:00Z"},
    "courier": {"name": "Karim", "phone": "06 39 98 43 21"},
}

OPERATIONS = (
    Operation(
        "PUT",
        "/shipments/{reference}",
        shipments.put_shipment,
        "putShipment",
        "Create or update a shipment",
        "Doing it again with the same body changes nothing. What the body leaves out is emptied, "
        "but for the window, which then stays as it is. All shipments to one phone share one "
        "contact; its language is the customer's own from the first message on.",
        {
            200: (ShipmentOut, "The shipment was known and is updated."),
            201: (ShipmentOut, "The shipment is new."),
        },
        _UNKNOWN_KEY | _BAD_BODY,
        takes=(ShipmentIn,),
        example=_SHIPMENT,
    ),
    Operation(
        "GET",
        "/shipments/{reference}",
        shipments.get_shipment,
        "getShipment",
        "Show a shipment",
        "With its events, what was asked for it, and the conversation with its recipient.",
        {200: (ShipmentDetails, "The shipment.")},
        _UNKNOWN_KEY | _NO_SHIPMENT | _BAD_REFERENCE,
    ),
    Operation(
        "GET",
        "/shipments",
        shipments.list_shipments,
        "listShipments",
        "List shipments",
        "The oldest first. `next` of one page is `after` of the one that follows.",
        {200: (ShipmentPage, "A page of shipments.")},
        _UNKNOWN_KEY | {422: "a parameter that does not exist or cannot be used"},
        query=shipments.PageQuery,
    ),
    Operation(
        "POST",
        "/shipments/{reference}/events",
        shipments.post_events,
        "postEvents",
        "Tell what happened to a shipment",
        "One event, or several as `events`. In any order and as often as need be: each is kept "
        "once by its `id`, and the status follows from all of them by when they happened. "
        "A status that is not known is kept as `unknown`, and a warning says so.",
        {
            200: (EventsTaken, "All of it was known."),
            201: (EventsTaken, "Something of it was new."),
        },
        _UNKNOWN_KEY | _NO_SHIPMENT | _BAD_BODY,
        takes=(EventIn, EventsIn),
        example=_EVENT,
    ),
    Operation(
        "GET",
        "/shipments/{reference}/events",
        shipments.get_events,
        "getEvents",
        "List the events of a shipment",
        "In the order in which they happened.",
        {200: (EventList, "The events.")},
        _UNKNOWN_KEY | _NO_SHIPMENT | _BAD_REFERENCE,
    ),
    Operation(
        "GET",
        "/undelivered",
        undelivered.list_undelivered,
        "listUndelivered",
        "List what was not delivered",
        "Messages that have failed for good and that no other channel has taken over, each with the "
        "reason. The newest first.",
        {200: (UndeliveredPage, "A page of messages.")},
        _UNKNOWN_KEY | {422: "a parameter that does not exist or cannot be used"},
        query=undelivered.UndeliveredQuery,
    ),
    Operation(
        "PUT",
        "/pickup-points",
        points.put_points,
        "putPickupPoints",
        "Replace the pick-up points",
        "The list is all of them: one that is known is updated by its `id`, one that is missing is "
        "closed. Taken whole or not at all. Points of the delivery policy stand beside these.",
        {200: (PointsTaken, "The list is in force.")},
        _UNKNOWN_KEY | _BAD_BODY,
        takes=(points.PointsIn,),
        example=_POINTS,
    ),
    Operation(
        "GET",
        "/pickup-points",
        points.list_points,
        "listPickupPoints",
        "List the pick-up points",
        "Those that are open, with how many parcels each holds.",
        {200: (PointList, "The points.")},
        _UNKNOWN_KEY,
    ),
    Operation(
        "GET",
        "/flows",
        flows.list_flows,
        "listFlows",
        "List messaging flows",
        "Every version of each, and where its runs stand and why.",
        {200: (FlowList, "The flows.")},
        _UNKNOWN_KEY,
    ),
    Operation(
        "POST",
        "/flows/check",
        flows.check,
        "checkFlow",
        "Check a flow",
        "What is wrong is named by line; nothing is kept.",
        {200: (FlowChecked, "Nothing is wrong.")},
        _UNKNOWN_KEY | _BAD_BODY,
        takes=(flows.FlowIn,),
        example=_FLOW,
    ),
    Operation(
        "GET",
        "/flows/{name}",
        flows.get_flow,
        "getFlow",
        "Show a flow",
        "The active version, unless another one is asked for.",
        _SHOWN_FLOW,
        _UNKNOWN_KEY | _NO_FLOW | _BAD_FLOW_NAME,
        query=flows.VersionQuery,
    ),
    Operation(
        "PUT",
        "/flows/{name}",
        flows.put_flow,
        "putFlow",
        "Draft a flow",
        "Kept as the next version, and not active until it is published. A draft that has not "
        "been published is written over. What is wrong is named by line.",
        _SHOWN_FLOW,
        _UNKNOWN_KEY | _BAD_BODY,
        takes=(flows.FlowIn,),
        example=_FLOW,
    ),
    Operation(
        "GET",
        "/flows/{name}/runs",
        flows.list_runs,
        "listFlowRuns",
        "List a flow's runs",
        "Where each stands and why, of every version; those that are not finished, unless `all`.",
        {200: (FlowRunPage, "The runs, the last begun first.")},
        _UNKNOWN_KEY | _NO_FLOW | _BAD_FLOW_NAME,
        query=flows.RunsQuery,
    ),
    Operation(
        "POST",
        "/flows/{name}/publish",
        flows.publish_flow,
        "publishFlow",
        "Publish a flow",
        "New runs are of this version; those that have begun finish on their own.",
        _SHOWN_FLOW,
        _UNKNOWN_KEY | _NO_FLOW | _BAD_BODY,
        takes=(flows.VersionIn,),
        example={},
    ),
    Operation(
        "POST",
        "/flows/{name}/roll-back",
        flows.roll_back,
        "rollBackFlow",
        "Roll a flow back",
        "To the version before the active one, unless another one is named.",
        _SHOWN_FLOW,
        _UNKNOWN_KEY | _NO_FLOW | _BAD_BODY,
        takes=(flows.VersionIn,),
        example={},
    ),
    Operation(
        "POST",
        "/flows/{name}/move-runs",
        flows.move_runs,
        "moveFlowRuns",
        "Move a flow's runs",
        "Runs that have begun on other versions go on by this one, the active version unless another "
        "one is named. A run that has done what is not in it finishes as it began; `left` says why.",
        {200: (RunsMoved, "What became of the runs.")},
        _UNKNOWN_KEY | _NO_FLOW | _BAD_BODY,
        takes=(flows.VersionIn,),
        example={},
    ),
    Operation(
        "POST",
        "/flows/{name}/stop",
        flows.stop,
        "stopFlow",
        "Stop a flow",
        "No more runs begin; those that have begun go on to their end.",
        _SHOWN_FLOW,
        _UNKNOWN_KEY | _NO_FLOW | _BAD_FLOW_NAME,
    ),
)


def setup(app: web.Application) -> None:
    """Add the API, its document and the page that shows it."""
    pages.setup(app)
    public_url = app[APPLICATION].settings.public_url
    app[DOCUMENT] = build_document(OPERATIONS, f"{public_url}{BASE}", VERSION)
    for operation in OPERATIONS:
        app.router.add_route(operation.method, BASE + operation.path, operation.handler)
    app.router.add_get(f"{BASE}/openapi.json", show_document)
    app.router.add_get(f"{BASE}/docs", show_page)


async def show_document(request: web.Request) -> web.Response:
    """The document, for programs."""
    return web.json_response(request.app[DOCUMENT])


async def show_page(request: web.Request) -> web.Response:
    """The document, for people."""
    context: dict[str, object] = {"document": request.app[DOCUMENT]}
    return pages.page(request, "api/docs.html", context)
