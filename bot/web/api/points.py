"""The API's handlers for pick-up points."""

from typing import Any, cast

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.domain.errors import Invalid
from bot.domain.hours import WEEKDAYS
from bot.domain.pickup import PickupPoint
from bot.web.api.reading import authenticate, read_json
from bot.web.api.shapes import PointList, PointOut, PointsTaken
from bot.web.api.shipments import answer
from bot.web.keys import APPLICATION


class PointIn(BaseModel):
    """A shop or locker, as its merchant describes it. Read by `bot.domain.pickup.read_point`."""

    model_config = ConfigDict(extra="forbid")

    id: str
    name: str
    address: str
    latitude: float | None = None
    longitude: float | None = None
    hours: dict[str, str] | None = Field(None, description="left out: always open")
    capacity: int | None = Field(
        None, ge=0, description="parcels at a time, those on their way counted; left out: any"
    )


class PointsIn(BaseModel):
    """All pick-up points of a merchant."""

    model_config = ConfigDict(extra="forbid")

    points: list[PointIn] = Field(min_length=1)


async def put_points(request: web.Request) -> web.Response:
    """Make a list the merchant's pick-up points."""
    merchant = await authenticate(request)
    body = await read_json(request)
    given = cast("dict[str, Any]", body).get("points") if isinstance(body, dict) else None
    if not isinstance(given, list):
        raise Invalid(("points", "must be a list of points"))
    replace = request.app[APPLICATION].services.import_points
    done = await replace(merchant.id, cast("list[object]", given), "api")
    return answer(PointsTaken(points=done.points, closed=done.closed))


async def list_points(request: web.Request) -> web.Response:
    """List those that are open, and how many parcels each holds."""
    merchant = await authenticate(request)
    async with request.app[APPLICATION].database.reading() as unit:
        points = await unit.points.open(merchant.id)
        taken = await unit.points.taken(merchant.id)
    return answer(PointList(points=[_shown(one, taken.get(one.id, 0)) for one in points]))


def _shown(point: PickupPoint, taken: int) -> PointOut:
    latitude, longitude = point.place or (None, None)
    return PointOut(
        id=point.id,
        name=point.name,
        address=point.address,
        latitude=latitude,
        longitude=longitude,
        hours={WEEKDAYS[d]: f"{a:%H:%M}-{b:%H:%M}" for d, (a, b) in point.hours.items()},
        capacity=point.capacity,
        taken=taken,
    )
