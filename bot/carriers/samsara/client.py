"""Asking Samsara.

https://developers.samsara.com/reference/getvehiclestats
"""

from urllib.parse import urlencode

from bot.carriers.base import VehiclePosition
from bot.carriers.samsara.parse import place_in
from bot.carriers.shared import answered, base_of
from bot.channels.base import Account
from bot.channels.http import Http
from bot.channels.reading import credential
from bot.domain.errors import MalformedUpdate, Temporary

API_BASE = "https://api.samsara.com"
_MOST_PAGES = 100


async def positions(http: Http, account: Account) -> list[VehiclePosition]:
    """Every vehicle's last known place, page by page."""
    headers = {"Authorization": f"Bearer {credential(account, 'api_token')}"}
    query = {"types": "gps"}
    found: list[VehiclePosition] = []
    for _ in range(_MOST_PAGES):
        url = f"{base_of(account, API_BASE)}/fleet/vehicles/stats?{urlencode(query)}"
        document = answered(await http.get(url, headers=headers), "samsara")
        try:
            for vehicle in document.each("data"):
                gps = vehicle.get("gps")
                place = place_in(gps) if gps else None
                if gps is not None and place is not None:
                    at = gps["time"].instant
                    found.append(VehiclePosition(vehicle["id"].filled, at, place))
            pages = document.get("pagination")
            if pages is None or pages.object.get("hasNextPage") is not True:
                return found
            query["after"] = pages["endCursor"].filled
        except MalformedUpdate as error:
            raise Temporary(f"samsara: {error}") from error
    return found
