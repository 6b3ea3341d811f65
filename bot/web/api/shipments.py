"""The API's handlers."""

from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.domain.conversation import Author, Conversation, Message
from bot.domain.errors import NotFound
from bot.domain.merchant import Merchant
from bot.domain.shipment import Shipment, Status
from bot.services.find_chat import chat_of
from bot.services.intake import EventIn, is_list_of_events, read_events, read_shipment
from bot.services.ports import UnitOfWork
from bot.services.record_event import TOLD_FOR, NewEvent, RecordedEvents
from bot.web.api.reading import authenticate, read_json, read_query, reference_of
from bot.web.api.shapes import (
    EventList,
    EventsTaken,
    Shaper,
    ShipmentPage,
    WarningOut,
    event_out,
)
from bot.web.keys import APPLICATION

_LAST_MESSAGES = 20


class PageQuery(BaseModel):
    """Which shipments to list."""

    model_config = ConfigDict(extra="forbid")

    after: UUID | None = Field(None, description="`next` of the page before")
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    status: Status | None = Field(None, description="only those in this status")


async def put_shipment(request: web.Request) -> web.Response:
    """Create a shipment or update it."""
    application = request.app[APPLICATION]
    merchant = await authenticate(request)
    reference = reference_of(request)
    given = read_shipment(await read_json(request))
    recorded = await application.services.record_shipment(merchant, reference, given)
    shaper = Shaper(application.links, await application.services.find_chat(merchant.id))
    headers = {"Location": request.path} if recorded.created else None
    return answer(
        shaper.shipment(recorded.shipment, recorded.contact),
        status=201 if recorded.created else 200,
        headers=headers,
    )


async def get_shipment(request: web.Request) -> web.Response:
    """Show a shipment with all that has happened around it."""
    merchant = await authenticate(request)
    async with request.app[APPLICATION].database.reading() as unit:
        shaper = await _shaper(request, unit, merchant)
        shipment = await _find(unit, merchant, reference_of(request))
        contact = conversation = None
        if shipment.contact_id is not None:
            contact = await unit.people.get(merchant.id, shipment.contact_id)
            conversation = await unit.conversations.of_contact(merchant.id, contact.id)
        conversations: list[tuple[Conversation, list[Message]]] = []
        if conversation is not None:
            thread = await unit.messages.thread(merchant.id, conversation.id, _LAST_MESSAGES)
            said = [message for message in thread if message.author is not Author.system]
            conversations.append((conversation, said))
        return answer(
            shaper.details(
                shipment,
                contact,
                await unit.shipments.history(merchant.id, shipment.id),
                await unit.requests.of_shipment(merchant.id, shipment.id),
                conversations,
            )
        )


async def list_shipments(request: web.Request) -> web.Response:
    """List shipments, oldest first, page by page."""
    merchant = await authenticate(request)
    asked = read_query(request, PageQuery)
    async with request.app[APPLICATION].database.reading() as unit:
        shaper = await _shaper(request, unit, merchant)
        found = await unit.shipments.page(
            merchant.id, after=asked.after, limit=asked.limit + 1, status=asked.status
        )
        shown = found[: asked.limit]
        ids = {shipment.contact_id for shipment in shown if shipment.contact_id is not None}
        contacts = await unit.people.many(merchant.id, ids)
    page = ShipmentPage(
        shipments=[
            shaper.shipment(s, contacts[s.contact_id] if s.contact_id else None) for s in shown
        ],
        next=str(shown[-1].id) if len(found) > asked.limit else None,
    )
    return answer(page)


async def post_events(request: web.Request) -> web.Response:
    """Take one event or several."""
    application = request.app[APPLICATION]
    merchant = await authenticate(request)
    reference = reference_of(request)
    body = await read_json(request)
    given = read_events(body, application.clock.now())
    events = [NewEvent.of_merchant(event) for event in given]
    recorded = await application.services.record_events(merchant.id, reference, events)
    shaper = Shaper(application.links, await application.services.find_chat(merchant.id))
    taken = EventsTaken(
        stored=list(recorded.stored),
        repeated=list(recorded.repeated),
        warnings=_warnings(given, recorded, in_list=is_list_of_events(body)),
        shipment=shaper.shipment(recorded.shipment, recorded.contact),
    )
    return answer(taken, status=201 if recorded.stored else 200)


async def get_events(request: web.Request) -> web.Response:
    """List the events of a shipment in the order in which they happened."""
    merchant = await authenticate(request)
    async with request.app[APPLICATION].database.reading() as unit:
        shipment = await _find(unit, merchant, reference_of(request))
        history = await unit.shipments.history(merchant.id, shipment.id)
    return answer(EventList(events=[event_out(event) for event in history]))


async def _find(unit: UnitOfWork, merchant: Merchant, reference: str) -> Shipment:
    shipment = await unit.shipments.by_reference(merchant.id, reference)
    if shipment is None:
        raise NotFound(f"there is no shipment {reference}")
    return shipment


async def _shaper(request: web.Request, unit: UnitOfWork, merchant: Merchant) -> Shaper:
    return Shaper(request.app[APPLICATION].links, await chat_of(unit, merchant.id))


def _warnings(given: list[EventIn], recorded: RecordedEvents, *, in_list: bool) -> list[WarningOut]:
    warnings: list[WarningOut] = []
    for place, event in enumerate(given):
        where = f"events[{place}]." if in_list else ""
        if event.status not in Status.__members__:
            known = ", ".join(Status)
            detail = f"{event.status!r} is stored as unknown; known are: {known}"
            warnings.append(WarningOut(field=f"{where}status", detail=detail))
        if event.id in recorded.contradicting:
            detail = f"{event.id!r} is stored already and says something else; what is stored stays"
            warnings.append(WarningOut(field=f"{where}id", detail=detail))
    if recorded.stale:
        detail = f"happened more than {TOLD_FOR.days} days ago: stored, and not announced"
        warnings.append(WarningOut(field="at", detail=detail))
    return warnings


def answer(
    shape: BaseModel, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """Answer with a shape, as JSON."""
    return web.Response(
        status=status,
        text=shape.model_dump_json(by_alias=True),
        content_type="application/json",
        headers={"Cache-Control": "no-store"} | (headers or {}),
    )
