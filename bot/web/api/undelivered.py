"""The API's list of what has reached nobody."""

from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.web.api.reading import authenticate, read_query
from bot.web.api.shapes import UndeliveredOut, UndeliveredPage
from bot.web.api.shipments import answer
from bot.web.keys import APPLICATION


class UndeliveredQuery(BaseModel):
    """Which of them to list."""

    model_config = ConfigDict(extra="forbid")

    before: UUID | None = Field(None, description="`next` of the page before")
    limit: Annotated[int, Field(ge=1, le=200)] = 50


async def list_undelivered(request: web.Request) -> web.Response:
    """Say what was not delivered, to whom and why."""
    merchant = await authenticate(request)
    asked = read_query(request, UndeliveredQuery)
    async with request.app[APPLICATION].database.reading() as unit:
        found = await unit.messages.undelivered(merchant.id, asked.before, asked.limit + 1)
    shown = [UndeliveredOut.of(*one) for one in found[: asked.limit]]
    more = len(found) > asked.limit
    return answer(UndeliveredPage(messages=shown, next=shown[-1].id if more else None))
