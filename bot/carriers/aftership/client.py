"""Asking AfterShip."""

from urllib.parse import urlencode

from bot.carriers.aftership.parse import events
from bot.carriers.base import CarrierEvent
from bot.carriers.estimates import told_at
from bot.carriers.shared import answered, base_of
from bot.channels.base import Account
from bot.channels.http import Http
from bot.channels.reading import credential
from bot.domain.errors import MalformedUpdate, Temporary

API_BASE = "https://api.aftership.com/tracking/2024-10"


async def track(http: Http, account: Account, number: str) -> list[CarrierEvent]:
    """Every checkpoint of a parcel; none for a number that AfterShip was not given."""
    query = urlencode({"tracking_numbers": number})
    url = f"{base_of(account, API_BASE)}/trackings?{query}"
    headers = {"as-api-key": credential(account, "api_key")}
    reply = await http.get(url, headers=headers)
    document = answered(reply, "aftership")
    try:
        found = document["data"].each("trackings")
        return [event for tracking in found for event in events(account, tracking, told_at(reply))]
    except MalformedUpdate as error:
        raise Temporary(f"aftership: {error}") from error
